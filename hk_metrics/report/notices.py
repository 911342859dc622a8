"""Alerts: what went wrong, or what a rule found, said once to those who should know."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence

from hk_metrics.report import message
from hk_metrics.report.config import Report, Reports
from hk_metrics.report.delivery import hand_over
from hk_metrics.report.records import Handover, Notices

_log = logging.getLogger(__name__)


def alert(
    config: Reports, report: Report, subject: str, sentences: Sequence[str], about: str = ""
) -> list[str]:
    """Deliver an alert to everyone who has not had it.

    Parameters
    ----------
    config, report
        Who is told: the report's ``alert`` deliveries, else its ``deliver``.
    subject, sentences
        What is said.
    about
        What makes two alerts the same, e.g. a planned time; the sentences themselves without.

    Returns
    -------
    list of str
        Why it did not reach someone.
    """
    content = about or "\n".join(sentences)
    key = hashlib.sha256(f"{report.name}\n{subject}\n{content}".encode()).hexdigest()[:16]
    notices = Notices(config.root)
    before = notices.read(report.name, key)
    parcel = message.of_alert(report.name, key, subject, sentences)
    after: dict[str, Handover] = dict(before)
    _log.warning("%s: %s", subject, " ".join(sentences))
    for name in report.alert or report.deliver:
        if name not in before or before[name].status == "failed":
            after[name] = hand_over(
                config.deliveries[name], parcel, config.patience, before.get(name)
            )
            notices.write(report.name, key, after)
    return [f"alert to {n}: {h.error}" for n, h in after.items() if h.status == "failed"]
