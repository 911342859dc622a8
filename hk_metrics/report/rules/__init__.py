"""Rules in words: read and refused when a configuration is read, checked against the data."""

from hk_metrics.report.rules.checking import check, check_of, refuse_unknown, subject
from hk_metrics.report.rules.reading import parse
from hk_metrics.report.rules.rule import Rule

__all__ = ["Rule", "check", "check_of", "parse", "refuse_unknown", "subject"]
