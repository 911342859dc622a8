"""Draw the pictures of the explanations from the library itself: python docs/draw.py.

Each number in them is computed here, of generated data or of a few rows that the page tells.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

import numpy as np
import polars as pl

import hk_metrics as hk

FOLDER = Path(__file__).resolve().parent / "pictures"
INK, MUTED, ACCENT, SPEND, FAINT = "#17212b", "#56636f", "#0b6b70", "#E69F00", "#d7e6e6"
WIDTH = 760


class Picture:
    """Shapes on a white ground, as SVG."""

    def __init__(self, height: int, title: str) -> None:
        self.height, self.title = height, title
        self.shapes: list[str] = []

    def box(self, x: float, y: float, w: float, h: float, colour: str, *, round_: int = 3) -> None:
        """Draw a filled box."""
        self.shapes.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="{round_}" '
            f'fill="{colour}"/>'
        )

    def line(self, points: Sequence[tuple[float, float]], colour: str, width: float = 2) -> None:
        """Draw a line through points."""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
        )

    def dot(self, x: float, y: float, r: float, colour: str) -> None:
        """Draw a filled circle."""
        self.shapes.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r}" fill="{colour}"/>')

    def text(
        self, x: float, y: float, words: str, *, size: int = 14, colour: str = INK,
        anchor: str = "start", bold: bool = False,
    ) -> None:  # fmt: skip
        """Write words; ``y`` is their baseline."""
        weight = ' font-weight="600"' if bold else ""
        self.shapes.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" '
            f'text-anchor="{anchor}"{weight}>{escape(words)}</text>'
        )

    def save(self, name: str) -> None:
        """Write the picture."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {self.height}" '
            f'font-family="system-ui, sans-serif" role="img">'
            f"<title>{escape(self.title)}</title>"
            f'<rect width="{WIDTH}" height="{self.height}" fill="#ffffff"/>'
        )
        text = "\n".join([head, *self.shapes, "</svg>", ""])
        (FOLDER / f"{name}.svg").write_text(text, encoding="utf-8")


def ledger() -> None:
    """Three grains, joined and stacked: what spend adds up to in each."""
    posts, orders, spend = 3, 5, 3000
    made = Picture(330, "A join multiplies spend; a ledger holds it once")
    made.text(20, 28, "One influencer: 3 posts, 5 orders, one payment of ₹3,000", bold=True)
    made.text(20, 62, "Joined by influencer", colour=MUTED)
    for row in range(posts * orders):
        y = 74 + row * 13
        made.box(20, y, 90, 10, FAINT)
        made.box(114, y, 90, 10, ACCENT)
        made.box(208, y, 90, 10, SPEND)
    made.text(
        20, 290, f"{posts * orders} rows; spend adds up to ₹{posts * orders * spend:,}", bold=True
    )
    made.text(20, 312, "a factor that nobody sees", colour=MUTED)
    made.text(430, 62, "The ledger: one row per thing that happened", colour=MUTED)
    for row in range(posts + orders + 1):
        y = 74 + row * 21
        kind = 0 if row < posts else 1 if row < posts + orders else 2
        made.box(430 + 94 * kind, y, 90, 16, (FAINT, ACCENT, SPEND)[kind])
        made.text(720, y + 13, ("post", "order", "spend")[kind], size=12, colour=MUTED)
    made.text(430, 290, f"{posts + orders + 1} rows; spend adds up to ₹{spend:,}", bold=True)
    made.text(430, 312, "a filter reaches every row alike", colour=MUTED)
    made.save("ledger")


def credit() -> None:
    """One journey under the models: each bar is the whole order."""
    table = pl.DataFrame({"path": ["Asha > Ravi > Mei"], "conversions": [1.0], "value": [100.0]})
    models = ("first_touch", "last_touch", "linear", "time_decay", "position_based")
    made = Picture(300, "Five models split one order of ₹100 over its three touches")
    made.text(20, 28, "Asha → Ravi → Mei → an order of ₹100. Who gets it?", bold=True)
    colours = {"Asha": ACCENT, "Ravi": "#5ba7a7", "Mei": SPEND}
    for n, (name, colour) in enumerate(colours.items()):
        made.box(500 + 84 * n, 16, 12, 12, colour)
        made.text(518 + 84 * n, 27, name, size=13)
    for row, model in enumerate(models):
        y, x = 52 + row * 46, 160.0
        found = hk.attribute_paths(table, model=model)["conversions"]
        made.text(20, y + 22, model.replace("_", " "))
        for name, colour in colours.items():
            share = float(found.get(name, 0.0))
            made.box(x, y, 560 * share, 32, colour, round_=0)
            if share > 0.08:
                made.text(
                    x + 280 * share,
                    y + 21,
                    f"₹{100 * share:.0f}",
                    colour="#ffffff",
                    anchor="middle",
                )
            x += 560 * share
    made.text(
        160, 292, "Each row adds up to the order: credit is bookkeeping, not cause.", colour=MUTED
    )
    made.save("credit")


def lift() -> None:
    """A shop's daily sales of generated data, and what of them the posts caused in truth."""
    days, rng = 84, np.random.default_rng(4)
    base = 100 + 8 * np.sin(np.arange(days) * 2 * np.pi / 7) + rng.normal(0, 5, days)
    caused = np.zeros(days)
    for start in (14, 38, 62):
        after = np.arange(days - start)
        caused[start:] += 46 * 0.72**after
    tracked = caused * 0.5 + 14 * (caused > 1)
    total = base + caused
    made = Picture(320, "Sales rise above what they would have been after each post")
    made.text(20, 28, "What a post causes is what rises above the days without", bold=True)
    x = [40 + 8.4 * d for d in range(days)]
    y = [270 - 1.25 * (v - 40) for v in total]
    y0 = [270 - 1.25 * (v - 40) for v in base]
    shade = [*zip(x, y, strict=True), *zip(reversed(x), reversed(y0), strict=True)]
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in shade)
    made.shapes.append(f'<polygon points="{points}" fill="{SPEND}" opacity="0.55"/>')
    made.line(list(zip(x, y, strict=True)), ACCENT)
    made.line(list(zip(x, y0, strict=True)), MUTED, 1.2)
    for start in (14, 38, 62):
        made.line([(x[start], 60), (x[start], 276)], "#b9c2cb", 1)
        made.text(x[start], 54, "post", size=12, colour=MUTED, anchor="middle")
    made.text(
        40,
        296,
        f"Orders caused: {caused.sum():.0f} (shaded). Orders with a code: {tracked.sum():.0f}.",
    )
    made.text(40, 314, "The two are different questions: some with a code would have come anyway, "
              "some caused came without one.", size=12, colour=MUTED)  # fmt: skip
    made.save("lift")


def ranking() -> None:
    """Ranked influencers of the sample: what happened, and what to expect."""
    data, _ = hk.simulate(seed=7, influencers=30, days=60, events=1500)
    frame = hk.rank(data.view(), "roas").dropna(subset=["shrunken"])
    chosen = frame.reindex(frame["raw"].sort_values(ascending=False).index)[:12]
    made = Picture(400, "Shrunken ROAS of twelve influencers against what happened")
    made.text(20, 28, "Few orders are pulled far, many hardly", bold=True)
    made.dot(430, 23, 5, SPEND)
    made.text(442, 28, "what happened", size=13)
    made.dot(560, 23, 5, ACCENT)
    made.text(572, 28, "what to expect, 90 %", size=13)
    most = float(max(chosen["raw"].max(), chosen["upper"].max()))
    scale = 520 / most
    for row, (name, values) in enumerate(chosen.iterrows()):
        y = 58 + row * 27
        left = 210
        made.text(20, y + 5, f"{name}: {values['orders']:.0f} orders", size=13)
        made.line(
            [(left + scale * values["lower"], y), (left + scale * values["upper"], y)], ACCENT
        )
        made.line(
            [(left + scale * values["raw"], y), (left + scale * values["shrunken"], y)], SPEND, 1
        )
        made.dot(left + scale * values["raw"], y, 5, SPEND)
        made.dot(left + scale * values["shrunken"], y, 5, ACCENT)
    made.line([(210 + scale, 46), (210 + scale, 376)], "#b9c2cb", 1)
    made.text(210 + scale, 394, "break-even", size=12, colour=MUTED, anchor="middle")
    made.save("ranking")


def experiments() -> None:
    """Twelve weeks, of which chance keeps half without posts."""
    rng = np.random.default_rng(3)
    quiet = {int(w) for pair in range(6) for w in [2 * pair + rng.integers(0, 2)]}
    made = Picture(240, "Twelve weeks in pairs, one of each without posts")
    made.text(20, 28, "Chance holds posts back in one week of each pair", bold=True)
    for week in range(12):
        x = 20 + 57 * week + 6 * (week // 2)
        colour = FAINT if week in quiet else ACCENT
        made.box(x, 50, 52, 60, colour)
        made.text(x + 26, 85, "quiet" if week in quiet else "posts", size=12, anchor="middle",
                  colour=INK if week in quiet else "#ffffff")  # fmt: skip
        made.text(x + 26, 128, f"week {week + 1}", size=11, anchor="middle", colour=MUTED)
    made.text(
        20, 164, "Season, salary day, a rival's sale: each falls on either side by chance alone,"
    )
    made.text(
        20, 184, "so the difference of the two halves is what the posts did, give or take luck."
    )
    made.text(20, 214, "The plan says beforehand how often such a test finds a lift of a given size.",
              colour=MUTED)  # fmt: skip
    made.save("experiments")


PICTURES: tuple[Callable[[], None], ...] = (ledger, credit, lift, ranking, experiments)

if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for draw in PICTURES:
        draw()
