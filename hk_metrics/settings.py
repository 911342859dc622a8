"""One typed settings object: from a file, from the environment, or in code.

Looked for, first found wins per field: keyword arguments, environment variables (`HK_METRICS_…`),
the TOML file named by `HK_METRICS_SETTINGS` (or `hk_metrics.toml` in the working directory).
"""

from __future__ import annotations

import os
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self, cast

from pydantic import BaseModel, ByteSize, ConfigDict, Field, PrivateAttr

from hk_metrics.places import data_folder

_PREFIX = "HK_METRICS_"


class Bands(BaseModel, frozen=True):
    """Where a metric turns from poor to average to good, in the metric's own unit (fractions)."""

    low: float
    high: float


class Margin(BaseModel, frozen=True, extra="forbid"):
    """What a product, a brand, or a product of a brand leaves of its revenue after its cost."""

    margin: float = Field(ge=0, le=1, description="share of revenue kept before spend")
    product: str | None = None
    brand: str | None = None


class _FromOutside(BaseModel):
    """A model whose fields may stand in the environment and in a file where code gives none."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**_over(_outside(type(self)), given))


def _outside(model: type[BaseModel]) -> dict[str, Any]:
    """Return what the environment and the settings file say; most often there is neither."""
    path = Path(os.environ.get(f"{_PREFIX}SETTINGS", "hk_metrics.toml"))
    found: dict[str, Any] = {}
    if path.is_file():
        found |= tomllib.loads(path.read_text("utf-8"))
    if any(name.upper().startswith(_PREFIX) for name in os.environ):
        # Imported where it is needed: it brings asyncio, ssl and email.
        from pydantic_settings import BaseSettings, EnvSettingsSource

        fields = cast("type[BaseSettings]", model)  # all that is read of it are its fields
        source = EnvSettingsSource(fields, env_prefix=_PREFIX, env_nested_delimiter="__")
        found = _over(found, source())
    return found


def _over(low: dict[str, Any], high: dict[str, Any]) -> dict[str, Any]:
    """Return both, the second before the first, table by table."""
    return low | {
        name: _over(low[name], value)
        if isinstance(value, dict) and isinstance(low.get(name), dict)
        else value
        for name, value in high.items()
    }


class Settings(_FromOutside):
    """Everything a company may want to set; the defaults are HealthKart's case.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> hk.Settings(currency="EUR", grouping="international").lookback_days
    30
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    currency: str = Field(default="INR", description="ISO code of all money")
    grouping: Literal["indian", "international"] = "indian"
    timezone: str = "Asia/Kolkata"
    post_window_days: int = Field(default=30, ge=0, description="days an order may follow a post")
    lookback_days: int = Field(default=30, ge=0, description="days a journey may be old")
    half_life_days: float = Field(default=7.0, gt=0, description="of the time-decay model")
    baseline_share: float = Field(
        default=0.20, ge=0, le=1, description="b of the assumed-share lift"
    )
    margin: float | None = Field(
        default=None, gt=0, le=1, description="share of revenue kept before spend"
    )
    margins: tuple[Margin, ...] = Field(
        default=(), description="margins of their own of products and brands: product before brand "
        "before margin; a table margins of the data comes first",
    )  # fmt: skip
    margin_of: Literal["paid_price", "list_price"] = Field(
        default="paid_price", description="what margins are a share of: what was paid, or the "
        "price before discounts, from which the discount then goes off whole",
    )  # fmt: skip
    revenue_is: Literal["after_discounts", "before_discounts"] = Field(
        default="after_discounts", description="whether revenue has lost its discounts already"
    )
    spend_means: Literal["payouts", "all_costs"] = Field(
        default="payouts", description="what spend is: payouts alone, or with the costs beside them"
    )
    dashboard_url: str = Field(
        default="", pattern=r"^(https?://\S+)?$",
        description="where people open the dashboard; letters and mails then link to its views",
    )  # fmt: skip
    opening: Literal["month", "week", "all"] = Field(
        default="month",
        description="what the Overview opens on: the last complete month or week, or all dates",
    )
    bands: dict[str, Bands] = {
        "roas": Bands(low=2.0, high=3.0),
        "engagement_rate": Bands(low=0.01, high=0.03),
        "roi": Bands(low=0.0, high=1.0),
    }
    brand_prefixes: dict[str, tuple[str, ...]] = Field(
        default={
            "MuscleBlaze": ("MuscleBlaze", "MB"),
            "HKVitals": ("HKVitals", "HKV", "HK"),
            "Gritzo": ("Gritzo",),
        },
        description="the brands, and how names of their campaigns begin: an order's brand where "
        "there is no brand column and neither product nor source names one",
    )
    campaign_brands: dict[str, str] = Field(
        default={}, description="brand of a campaign, by exact name"
    )
    emv_rates: dict[str, float] = Field(default={}, description="money per reach, like, comment …")
    extra_metrics: tuple[dict[str, str | float], ...] = Field(
        default=(), description="ratios of one's own: name, numerator, denominator, label, unit"
    )
    max_upload_mb: int = Field(default=200, gt=0)
    max_rows: int = Field(default=20_000_000, gt=0)
    max_columns: int = Field(default=500, gt=0)
    max_cell_chars: int = Field(default=32_767, gt=0)
    max_expanded_mb: int = Field(
        default=2_000, gt=0, description="of an archive or workbook, unpacked"
    )
    memory: ByteSize = Field(
        default=ByteSize(2_000_000_000), gt=0,
        description="what reading one import may take at a time, in bytes or as 4GB",
    )  # fmt: skip
    session_memory: ByteSize = Field(
        default=ByteSize(4_000_000_000), gt=0,
        description="what one visitor's session may hold; above it the session is ended",
    )  # fmt: skip
    read_seconds: int = Field(
        default=60, gt=0, description="processor time that reading files of a visitor may take"
    )
    store: Path = Field(
        default_factory=lambda: data_folder() / "store", description="where dataset versions live"
    )

    # The share of all revenue that is kept where margins differ by product or brand.
    _kept: float | None = PrivateAttr(None)

    @property
    def kept(self) -> float:
        """The share of revenue that is kept before spend (fraction); 1 where no margin is set."""
        return self.margin or 1.0 if self._kept is None else self._kept

    @property
    def knows_margin(self) -> bool:
        """Whether a margin is set, overall or for some."""
        return self.margin is not None or bool(self.margins)

    @property
    def margin_by_row(self) -> bool:
        """Whether what is kept of revenue depends on the row: on its product, brand or discount."""
        of_list = self.knows_margin and self.margin_of == "list_price"
        return bool(self.margins) or of_list or self.revenue_is == "before_discounts"

    def keeping(self, share: float | None) -> Self:
        """Return these settings with the share of all revenue that is kept; None for `margin`."""
        changed = self.model_copy()
        changed._kept = share
        return changed

    def spending(self, means: Literal["payouts", "all_costs"]) -> Self:
        """Return these settings with another meaning of spend."""
        if means == self.spend_means:
            return self
        return self.model_copy(update={"spend_means": means})


@cache
def default_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
