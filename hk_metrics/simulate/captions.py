"""What posts say: captions with hashtags and (mostly) an advertising disclosure, and addresses."""

from __future__ import annotations

import numpy as np
import polars as pl

_TEMPLATES = (
    "Three weeks with {product} and this is my honest review.",
    "My morning starts with {product}. What does yours start with?",
    "You asked what I take every day: {product}.",
    "Full routine with {product} is up now, link in bio!",
    "{product} went into my bag for this trip. Zero excuses.",
    "Not a magic potion, just {product}, sleep and consistency.",
    "Trying {product} so that you don't have to guess. Verdict: worth it.",
    "Sach bataun? {product} is the only one I finish every month.",
    "घर का खाना + {product} = काम हो गया",
    "Use my code for 10% off {product}, ends Sunday.",
    "Q&A: is {product} right for beginners? I asked a dietitian.",
    "Day 21 of the challenge. {product} kept me going 💪",
)

_TAGS = {
    "Fitness": ("#FitIndia", "#GymLife", "#StrongNotSkinny"),
    "Nutrition": ("#EatRight", "#ProteinFirst", "#DesiDiet"),
    "Parenting": ("#MomLife", "#HealthyKids", "#TiffinIdeas"),
    "Beauty": ("#SkinCare", "#GlowUp", "#GRWM"),
    "Yoga": ("#YogaEveryday", "#Namaste", "#MindBody"),
    "Sports": ("#GameDay", "#TrainHard", "#Running"),
    "Lifestyle": ("#DailyVlog", "#DesiVibes", "#SelfCare"),
}

_DISCLOSURES = ("#ad", "#sponsored", "#paidpartnership", "")
# Most posts disclose that they are paid for; the rest is what a compliance check should find.
_DISCLOSURE_SHARES = (0.62, 0.12, 0.08, 0.18)

_ADDRESSES = {
    "Instagram": "https://instagram.example/{handle}/p/{code}",
    "YouTube": "https://youtube.example/watch?v={code}&c={handle}",
    "Twitter": "https://twitter.example/{handle}/status/{code}",
}


def captions(
    rng: np.random.Generator, product: pl.Series, category: pl.Series, hashtags: pl.Series
) -> pl.Series:
    """Write one caption per post about its product, with two to four hashtags."""
    count = len(product)
    tags = pl.Series([list(_TAGS[c]) for c in _TAGS], dtype=pl.List(pl.String))
    code = category.replace_strict({c: n for n, c in enumerate(_TAGS)}, return_dtype=pl.Int64)
    picked = pl.DataFrame(
        {
            "text": pl.Series(_TEMPLATES).gather(rng.integers(0, len(_TEMPLATES), count)),
            "product": product,
            "brand_tag": hashtags,
            "tags": tags.gather(code),
            "first": rng.integers(0, 3, count),
            "ad": np.array(_DISCLOSURES)[
                rng.choice(len(_DISCLOSURES), count, p=_DISCLOSURE_SHARES)
            ],
            "two": rng.random(count) < 0.5,
        }
    )
    text = pl.col("text").str.replace("{product}", pl.col("product"), literal=True)
    second = pl.when("two").then(pl.col("tags").list.get((pl.col("first") + 1) % 3))
    parts = [text, "brand_tag", pl.col("tags").list.get("first"), second]
    disclosed = pl.when(pl.col("ad") != "").then(pl.col("ad"))
    whole = pl.concat_str([*parts, disclosed], separator=" ", ignore_nulls=True)
    return picked.select(whole.alias("caption")).to_series()


def addresses(rng: np.random.Generator, platform: pl.Series, handle: pl.Series) -> pl.Series:
    """Return one address per post; the hosts are reserved names, so that none is anybody's."""
    letters = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"))
    codes = letters[rng.integers(0, len(letters), (len(platform), 11))]
    made = pl.DataFrame(
        {
            "form": platform.replace_strict(_ADDRESSES),
            "handle": handle,
            "code": codes.view("<U11").ravel(),
        }
    )
    form = pl.col("form").str.replace("{handle}", pl.col("handle"), literal=True)
    return made.select(form.str.replace("{code}", pl.col("code"), literal=True)).to_series()
