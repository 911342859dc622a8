"""Money by month: three key figures, revenue and spend over time, and a table of campaigns."""

from hk_metrics.ui import blocks as ui

MONEY = ("revenue", "spend", "roas")


def by_month(answers: ui.PanelAnswers) -> ui.Chart:
    """Return revenue and spend, month by month."""
    return ui.trend(answers.trend("M"), MONEY[:2], settings=answers.settings, smooth=1)


def campaigns(answers: ui.PanelAnswers) -> ui.Table:
    """Return what each campaign cost and brought."""
    return ui.breakdown(answers, "campaign", MONEY)


def build(_: ui.State) -> list[ui.Row]:
    """Return the rows of the page; each panel says what it asks of the view."""
    month = ui.chart(by_month, ui.Query(MONEY[:2], freq="M"), span=12)
    table = ui.table(campaigns, ui.Query(MONEY, ("campaign",)))
    return [ui.row(ui.cards(MONEY)), ui.row(month), ui.row(table)]


PAGE = ui.Page("money", "Money by month", build)
