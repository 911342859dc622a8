"""`python -m hk_metrics`: the command line."""

from hk_metrics.cli import main

main(prog_name="hk-metrics")
