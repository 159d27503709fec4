"""Addresses made from headlines. Pure."""

from django.utils.text import slugify

_BARRED = str.maketrans({"đ": "d", "Đ": "D"})  # Unicode gives đ no decomposition: slugify would drop it


def slug(text: str, most: int = 80) -> str:
    """`text` as lower-case ASCII words joined by hyphens, cut at a word: "Đà Nẵng" → "da-nang"."""
    whole = slugify(text.translate(_BARRED))
    return whole if len(whole) <= most else whole[: most + 1].rpartition("-")[0] or whole[:most]
