"""What one language of an article still needs before anybody can review it. Pure: values in, names of fields out."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cleaning import text_of

REQUIRED: dict[str, Promise | str] = {
    "headline": _("headline"),
    "summary": _("summary"),
    "body": _("text"),
    "slug": _("address"),
    "category": _("category, with a name in this language"),
    "byline": _("author"),
}


def missing(content: Mapping[str, object]) -> list[Promise | str]:
    """The fields of a language's content (as a Version holds them) that are empty, by the names an editor sees."""
    pictures = cast("Iterable[Mapping[str, Any]]", content.get("pictures", ()))
    untold = any(not each["alt"] and not each["decorative"] for each in pictures)
    return [
        label
        for field, label in REQUIRED.items()
        if not (text_of(str(content[field])) if field == "body" else content[field])
    ] + [_("text in place of the lead picture, unless it is marked as decorative")] * untold
