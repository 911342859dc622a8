"""The dashboard as one widget."""

from __future__ import annotations

import ipywidgets

from hk_metrics.ui.components import Header


class Dashboard:
    def __init__(self, data=""):
        self.header = Header(
            pages=[
                {"key": k.lower(), "label": k}
                for k in (
                    "Overview",
                    "Campaigns",
                    "Influencers",
                    "Posts",
                    "Payouts",
                    "ROAS and lift",
                    "Data",
                )
            ],
            dataset={"name": "x", "period": "y", "sample": True, "errors": 0, "warnings": 2},
        )
        self.root = ipywidgets.VBox([self.header])
        self.root.add_class("hk-app")

    def start(self):
        from voila.utils import wait_for_request

        wait_for_request()
