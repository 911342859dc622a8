"""The dashboard's pages, one file each: a function from the state to its panels."""

from hk_metrics.ui.pages import campaigns, data, influencers, overview, payouts, posts, roas
from hk_metrics.ui.panels import Page

PAGES: dict[str, Page] = {
    page.key: page
    for page in (
        overview.PAGE,
        campaigns.PAGE,
        influencers.PAGE,
        posts.PAGE,
        payouts.PAGE,
        roas.PAGE,
        data.PAGE,
    )
}
