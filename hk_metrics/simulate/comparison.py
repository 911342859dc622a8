"""Estimates beside the truth of the world that they were made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_ANSWER = ["estimate", "lower", "upper", "refusal"]


def lift_beside(true: pd.Series[float], *found: pd.DataFrame) -> pd.DataFrame:
    """Return estimates of lift beside the true one; see `Truth.beside_lift`."""
    import pandas as pd

    tables = {str(frame["method"].iloc[0]): frame[_ANSWER] for frame in found}
    result = pd.concat(tables, names=["method"]).swaplevel().sort_index(sort_remaining=False)
    result.index.names = [true.index.name, "method"]
    result.insert(3, "truth", true.reindex(result.index.get_level_values(0)).to_numpy())
    inside = (result["lower"] <= result["truth"]) & (result["truth"] <= result["upper"])
    result.insert(4, "covered", inside.astype("boolean").mask(result["lower"].isna()))
    return result


def credit_beside(true: pd.Series[float], *found: pd.DataFrame) -> pd.DataFrame:
    """Return what models credit beside the true lift; see `Truth.beside_credit`."""
    import pandas as pd

    rows = {}
    due = true / true.sum()
    for frame in found:
        share = (frame["revenue"] / frame["revenue"].sum()).reindex(true.index).fillna(0.0)
        rows[str(frame.attrs["method"])] = {
            "credited": frame["revenue"].sum(),
            "lift": true.sum(),
            "misplaced": (share - due).abs().sum() / 2,
            "rank_agreement": share.rank().corr(true.rank()),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("model")
