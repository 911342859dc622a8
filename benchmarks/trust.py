"""What the full validation found, for the README: from results/*.json, written by `validate`."""

from __future__ import annotations

import json
from typing import Any

from benchmarks.validate import PARTS, RESULTS, misses
from hk_metrics.simulate.regimes import REGIMES

Row = dict[str, Any]
MOSTLY = 0.5
HEADS = ("", "`post_response`", "bias", "refused", "`interrupted`", "bias", "refused")


def trust() -> str:
    """Return the README's figures as Markdown."""
    # A part that no full run has told of yet is not told of here.
    files = {part: RESULTS / f"{part}.json" for part in PARTS}
    kept = {n: json.loads(f.read_text("utf-8")) for n, f in files.items() if f.exists()}
    rows = [row for result in kept.values() for row in result["rows"]]
    tables: dict[str, list[Row]] = {}
    for row in rows:
        tables.setdefault(row["table"], []).append(row)
    days = sorted({result["date"] for result in kept.values()})
    minutes = sum(result["cpu_minutes"] for result in kept.values())
    judged, missed = [r for r in rows if "holds" in r], misses(rows)
    told = (
        f"From the full run of {' and '.join(days)} (`make validate`, {minutes:.0f} minutes of one "
        f"core): {len(judged) - len(missed)} of {len(judged)} rows hold their bound."
    )
    parts = [told, _within(tables), _whole(tables), "\n".join(_lines(tables)), *_missed(missed)]
    return "\n\n".join(parts)


def _within(tables: dict[str, list[Row]]) -> str:
    """Return coverage and bias of both estimators, a regime a row."""
    held = {(r["estimator"], r["regime"]): r for r in tables["lift: within its assumption"]}
    lines = ["| " + " | ".join(HEADS) + " |", "|---" * len(HEADS) + "|"]
    for name in dict.fromkeys(regime for _, regime in held):
        cells = [REGIMES[name].doc]
        for method in ("post_response", "interrupted"):
            row = held.get((method, name))
            cells += _cells(row) if row else ["not made for it", "", ""]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _cells(row: Row) -> list[str]:
    coverage = f"{row['coverage']:.3f} ± {row['±']:.3f}"
    return [coverage, f"{row['bias ÷ lift']:+.1%}", f"{row['refused']:.0%}"]


def _whole(tables: dict[str, list[Row]]) -> str:
    """Return what `hk.lift` finds on whole datasets, by brand and per influencer."""
    held = {
        (r["scenario"], r["by"]): r
        for r in tables["lift: whole datasets (hk.simulate, hk.lift)"]
        if r["bias ÷ lift"] == r["bias ÷ lift"] and r["spread of lift ÷ tracked"] > 0
    }
    heads = ("whole datasets", "influencers differ by", "by brand", "bias", "refused",
             "per influencer", "bias", "refused")  # fmt: skip
    lines = ["| " + " | ".join(heads) + " |", "|---" * len(heads) + "|"]
    for name in dict.fromkeys(scenario for scenario, _ in held):
        brand, each = held[name, "brand"], held[name, "influencer_id"]
        spread = f"{brand['spread of lift ÷ tracked']:.0%}"
        lines.append("| " + " | ".join([name, spread, *_cells(brand), *_cells(each)]) + " |")
    return "\n".join(lines)


def _lines(tables: dict[str, list[Row]]) -> list[str]:
    """Return the other tables' figures, a sentence each."""
    each = tables["lift: per influencer"]
    mostly = [r for r in each[:-1] if r["lift ÷ tracked"] > MOSTLY]
    partly = [r for r in each[:-1] if r["lift ÷ tracked"] <= MOSTLY]
    outside = {(r["estimator"], r["regime"]): r for r in tables["lift: outside its assumption"]}
    timed, unknown = (
        outside["post_response", name] for name in ("timed_to_demand", "promotion_no_dummy")
    )
    chains = tables["attribution: 90 % intervals of Markov shares on chains of known truth"]
    chosen = tables["ranking: the ten chosen, by their true ROAS"]
    return [
        "- With no effect at all, one is claimed by " + "; ".join(
            f"`{r['estimator']}` in {r['claims']:.0%} ({REGIMES[r['regime']].doc})"
            for r in tables["lift: no effect"]
        ) + ".",
        f"- Posts timed to demand are refused in {timed['refused']:.0%}. A promotion that nobody "
        f"told it of is refused in {unknown['refused']:.0%}, and the rest covers "
        f"{unknown['coverage']:.2f}: give promotions as `events`.",
        f"- Per influencer, intervals cover {_span(mostly)} where most of what is tracked is lift, "
        f"and {_span(partly)} where less is and influencers are more alike than supposed; errors "
        f"are {each[-1]['error ÷ that of × .8']:.2f} of those of revenue × .8.",
        f"- Attribution: published examples to the printed digit; Markov intervals cover "
        f"{_span(chains)}. Ranking: intervals cover {_span(chosen)}.",
    ]  # fmt: skip


def _span(rows: list[Row]) -> str:
    found = [r["coverage"] for r in rows if "coverage" in r]
    return f"{min(found):.2f} to {max(found):.2f}"


def _missed(rows: list[Row]) -> list[str]:
    """Return the rows that miss their bound, by name."""
    if not rows:
        return []
    named = [" ".join(str(v) for v in list(row.values())[:4] if isinstance(v, str)) for row in rows]
    return ["Not held: " + "; ".join(named) + "."]
