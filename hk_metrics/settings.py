"""One typed settings object: from a file, from the environment, or in code.

Looked for, first found wins per field: keyword arguments, environment variables (`HK_METRICS_…`),
the TOML file named by `HK_METRICS_SETTINGS` (or `hk_metrics.toml` in the working directory).
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ByteSize, Field
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from hk_metrics.places import data_folder


class Bands(BaseModel, frozen=True):
    """Where a metric turns from poor to average to good, in the metric's own unit (fractions)."""

    low: float
    high: float


class Settings(BaseSettings):
    """Everything a company may want to set; the defaults are HealthKart's case.

    Examples
    --------
    >>> import hk_metrics as hk
    >>> hk.Settings(currency="EUR", grouping="international").lookback_days
    30
    """

    model_config = SettingsConfigDict(
        env_prefix="HK_METRICS_", env_nested_delimiter="__", frozen=True, extra="forbid"
    )

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
    spend_means: Literal["payouts", "all_costs"] = Field(
        default="payouts", description="what spend is: payouts alone, or with the costs beside them"
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
    read_seconds: int = Field(
        default=60, gt=0, description="processor time that reading files of a visitor may take"
    )
    store: Path = Field(
        default_factory=lambda: data_folder() / "store", description="where dataset versions live"
    )

    def spending(self, means: Literal["payouts", "all_costs"]) -> Self:
        """Return these settings with another meaning of spend."""
        if means == self.spend_means:
            return self
        return self.model_copy(update={"spend_means": means})

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order of precedence: code, environment, file."""
        path = Path(os.environ.get("HK_METRICS_SETTINGS", "hk_metrics.toml"))
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, path)


@cache
def default_settings() -> Settings:
    """Return the settings of this process, read once."""
    return Settings()
