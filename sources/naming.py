"""A name in the reader's language, or in the other one and marked as such. An article's words never do this."""

import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

from django.conf import settings
from django.db.models import Model


class Named(NamedTuple):
    """A text and the language it is in."""

    text: str
    language: str


def folded(text: str) -> str:
    """`text` as it is searched for and compared: capitals, marks on letters and runs of spaces aside."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))  # Unicode gives đ no decomposition
    return " ".join("".join(each for each in plain if not unicodedata.combining(each)).split())


def named(row: Model, field: str, language: str) -> Named:
    """`row`'s translated `field` in `language`, else in the first language that has it, else empty."""
    return first_of({code: getattr(row, f"{field}_{code}") for code, _label in settings.LANGUAGES}, language)


def first_of(texts: Mapping[str, str | None], language: str) -> Named:
    """Of a text by language the one in `language`, else the first there is, else empty."""
    for code in sorted(texts, key=lambda code: code != language):
        if text := texts[code]:
            return Named(text, code)
    return Named("", language)
