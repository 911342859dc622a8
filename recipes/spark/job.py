"""hk-metrics as a job of Spark: everything after the script's name is a command of hk-metrics.

spark-submit recipes/spark/job.py import spark:marketing.orders --into /data/store --yes
"""

from hk_metrics.cli import main

main()
