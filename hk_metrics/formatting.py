"""Numbers, periods and changes as text: Indian or international grouping, "—" for the unknown.

Grouping and currency signs come from Babel (CLDR); lakh and crore from the settings' grouping.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, partial
from typing import TYPE_CHECKING, Any, Literal

from hk_metrics.settings import Settings, default_settings

if TYPE_CHECKING:
    from hk_metrics.metrics import Unit

DASH = "—"
MINUS = "-"  # one sign everywhere, which a spreadsheet that text is pasted into reads, too
# An estimate from a few thousand draws cannot be surer than this, and no estimate is certain.
_LEAST_SURE, _MOST_SURE = 0.001, 0.999
_LOCALES = {"indian": "en_IN", "international": "en_US"}
_SCALES = {
    "indian": ((1e7, " Cr"), (1e5, " L")),
    "international": ((1e9, " B"), (1e6, " M"), (1e3, " K")),
}
Style = Literal["full", "compact", "tick"]


def is_known(value: float | None) -> bool:
    """Return whether there is a number to show.

    >>> is_known(0.0), is_known(float("nan")), is_known(None)
    (True, False, False)
    """
    return value is not None and not math.isnan(value) and not math.isinf(value)


def is_missing(value: Any) -> bool:
    """Return whether there is nothing to show: None, NaN, NaT or NA.

    >>> is_missing(None), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
    return value is None or str(value) in ("NaT", "<NA>") or bool(value != value)


def plain(value: Any) -> Any:
    """Return a single value as JSON has it: no NaN, no NumPy, days as ``2025-03-01``.

    >>> from datetime import datetime
    >>> plain(math.inf), plain(datetime(2025, 3, 1)), plain(datetime(2025, 3, 1, 9))
    (None, '2025-03-01', '2025-03-01T09:00:00')
    """
    if is_missing(value):
        return None
    if hasattr(value, "isoformat"):
        return str(value.isoformat()).removesuffix("T00:00:00")
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float) and math.isinf(value):
        return None
    return value if isinstance(value, bool | int | float | str) else str(value)


def money(value: float | None, settings: Settings | None = None) -> str:
    """Return an amount in full, to the hundredth unless it is whole.

    >>> money(1264269.0), money(-49.5), money(float("nan"))
    ('₹12,64,269', '-₹49.50', '—')
    """
    if value is None or not is_known(value):
        return DASH
    settings = settings or default_settings()
    return _signed(value, symbol(settings), _grouped(abs(value), settings, _hundredths(value)))


def compact_money(value: float | None, settings: Settings | None = None) -> str:
    """Return an amount in three figures, in lakh and crore where grouping is Indian.

    >>> compact_money(1264269), compact_money(13_000_000), compact_money(840)
    ('₹12.6 L', '₹1.3 Cr', '₹840')
    """
    if value is None or not is_known(value):
        return DASH
    settings = settings or default_settings()
    return _signed(value, symbol(settings), _scaled(abs(value), settings))


def moved_money(value: float | None, settings: Settings | None = None) -> str:
    """Return a change of an amount in three figures, with its sign.

    >>> moved_money(80_000), moved_money(-410_000.0), moved_money(0.0)
    ('+₹80,000', '-₹4.1 L', '±₹0')
    """
    words = compact_money(value, settings)
    if value is None or not is_known(value) or words.startswith(MINUS):
        return words
    return f"{'+' if any(c in '123456789' for c in words) else '±'}{words}"


def count(value: float | None, settings: Settings | None = None) -> str:
    """Return a count in full; shares of a count keep one decimal.

    >>> count(1964269), count(5500.5), count(0)
    ('19,64,269', '5,500.5', '0')
    """
    if value is None or not is_known(value):
        return DASH
    settings = settings or default_settings()
    digits = 0 if abs(value - round(value)) < 0.05 else 1
    return _signed(value, "", _grouped(abs(value), settings, digits))


def compact_count(value: float | None, settings: Settings | None = None) -> str:
    """Return a count in three figures.

    >>> compact_count(85_966_820), compact_count(15_767)
    ('8.6 Cr', '15,767')
    """
    if value is None or not is_known(value):
        return DASH
    settings = settings or default_settings()
    return _signed(value, "", _scaled(abs(value), settings, floor=1e4))


def percent(fraction: float | None, settings: Settings | None = None, *, trim: bool = False) -> str:
    """Return a fraction as per cent, with the decimals that its size needs.

    >>> percent(0.041), percent(3.972537), percent(0.00018341)
    ('4.1%', '397.3%', '0.0183%')
    """
    if fraction is None or not is_known(fraction):
        return DASH
    value = fraction * 100
    digits = (
        1 if abs(value) >= 0.95 or value == 0 else min(6, 2 - math.floor(math.log10(abs(value))))
    )
    text = _grouped(
        abs(value), settings or default_settings(), digits, trim=trim or 0 < abs(value) < 0.95
    )
    return _signed(value, "", f"{text}%")


def chance(probability: float | None, settings: Settings | None = None) -> str:
    """Return an estimated probability (a fraction) as per cent, never as certain.

    >>> chance(0.4567), chance(1.0), chance(0.0), chance(float("nan"))
    ('45.7%', '>99.9%', '<0.1%', '—')
    """
    if probability is None or not is_known(probability):
        return DASH
    if probability > _MOST_SURE:
        return f">{percent(_MOST_SURE, settings)}"
    if probability < _LEAST_SURE:
        return f"<{percent(_LEAST_SURE, settings)}"
    return f"{_grouped(100 * probability, settings or default_settings(), 1)}%"


def times(value: float | None, settings: Settings | None = None, *, trim: bool = False) -> str:
    """Return a multiple.

    >>> times(2.4719), times(0.0)
    ('2.47×', '0.00×')
    """
    if value is None or not is_known(value):
        return DASH
    digits = _grouped(abs(value), settings or default_settings(), 2, trim=trim)
    return _signed(value, "", f"{digits}×")


FULL: Mapping[Unit, Callable[[float | None, Settings | None], str]] = {
    "money": money,
    "count": count,
    "percent": percent,
    "chance": chance,
    "times": times,
}
_COMPACT: Mapping[Unit, Callable[[float | None, Settings | None], str]] = {
    **FULL,
    "money": compact_money,
    "count": compact_count,
}
_TICK: Mapping[Unit, Callable[[float | None, Settings | None], str]] = {
    **_COMPACT,
    "percent": partial(percent, trim=True),
    "times": partial(times, trim=True),
}
STYLES = {"full": FULL, "compact": _COMPACT, "tick": _TICK}


def text(
    unit: Unit, value: float | None, settings: Settings | None = None, style: Style = "full"
) -> str:
    """Return a value of any metric's unit as text.

    >>> text("money", 1264269, style="compact"), text("times", 3.1), text("times", 3, style="tick")
    ('₹12.6 L', '3.10×', '3×')
    """
    return STYLES[style][unit](value, settings)


def change(fraction: float | None) -> str:
    """Return a relative change with its sign; beyond tenfold as a multiple.

    >>> change(0.2754), change(-0.0907), change(0.0), change(float("nan"))
    ('+27.5%', '-9.1%', '±0%', '—')
    """
    if fraction is None or not is_known(fraction):
        return DASH
    if fraction > 10:
        return f"×{fraction + 1:.0f}"
    if abs(fraction) < 0.0005:
        return "±0%"
    return f"{'+' if fraction > 0 else MINUS}{abs(fraction) * 100:.1f}%"


def day(value: date) -> str:
    """Return a day, and the time of day where it has one.

    >>> from datetime import datetime
    >>> day(date(2025, 3, 1)), day(datetime(2025, 3, 1, 9, 30))
    ('1 Mar 2025', '1 Mar 2025, 09:30')
    """
    time = f"{value:%H:%M}"
    return f"{value.day} {value:%b %Y}" + ("" if time == "00:00" else f", {time}")


def period(first: date | None, last: date | None) -> str:
    """Return a period, saying the month and year once where they are the same; None: open there.

    >>> period(date(2025, 3, 1), date(2025, 3, 31)), period(date(2024, 12, 5), date(2025, 1, 4))
    ('1 – 31 Mar 2025', '5 Dec 2024 – 4 Jan 2025')
    >>> period(date(2025, 3, 10), None), period(None, date(2025, 3, 10)), period(None, None)
    ('from 10 Mar 2025', 'until 10 Mar 2025', 'any time')
    """
    if last is None:
        return f"from {day(first)}" if first else "any time"
    end = day(last)
    if first is None:
        return f"until {end}"
    if first == last:
        return end
    if first.year != last.year:
        return f"{day(first)} – {end}"
    return (
        f"{first.day} – {end}" if first.month == last.month else f"{first.day} {first:%b} – {end}"
    )


@cache
def _symbol(currency: str, locale: str) -> str:
    from babel.numbers import get_currency_symbol

    sign = str(get_currency_symbol(currency, locale))
    return sign if len(sign) == 1 or not sign.isalpha() else f"{sign} "


def symbol(settings: Settings) -> str:
    """Return the sign of the settings' currency.

    >>> symbol(Settings(currency="INR"))
    '₹'
    """
    return _symbol(settings.currency, _LOCALES[settings.grouping])


@cache
def _pattern(digits: int, trim: bool, locale: str) -> Callable[[float], str]:
    from babel import Locale
    from babel.numbers import parse_pattern

    grouping = Locale.parse(locale).decimal_formats[None].pattern.split(".")[0]
    decimals = ("#" if trim else "0") * digits
    pattern = parse_pattern(f"{grouping}.{decimals}" if digits else grouping)
    return lambda value: str(pattern.apply(value, locale))


def _grouped(value: float, settings: Settings, digits: int, *, trim: bool = False) -> str:
    return _pattern(digits, trim, _LOCALES[settings.grouping])(value)


def _scaled(value: float, settings: Settings, floor: float = 1e3) -> str:
    for size, name in _SCALES[settings.grouping]:
        # 99,950 would read "1,00,000": from there on it is a lakh.
        if value >= size * 0.9995 and value >= floor:
            figures = value / size
            digits = 2 if figures < 9.995 and size >= 1e5 else 1 if figures < 99.95 else 0
            return _grouped(figures, settings, digits, trim=True) + name
    return _grouped(value, settings, 0 if value >= 100 else 2, trim=value == round(value))


def _hundredths(value: float) -> int:
    return 0 if abs(value - round(value)) < 0.005 else 2


def _signed(value: float, sign: str, digits: str) -> str:
    negative = value < 0 and any(c in "123456789" for c in digits)
    return f"{MINUS if negative else ''}{sign}{digits}"
