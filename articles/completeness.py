"""What one language of an article still needs before anybody can review it. Pure: values in, names of fields out."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .cleaning import text_of
from .kinds import Kind

REQUIRED: dict[str, Promise | str] = {
    "headline": _("headline"),
    "summary": _("summary"),
    "body": _("text"),
    "slug": _("address"),
    "category": _("category, with a name in this language"),
    "byline": _("author"),
    "pictures": _("text in place of each picture, unless it is marked as decorative"),
}


def lacking(content: Mapping[str, object]) -> list[str]:
    """The names of the fields of a language's content (as a Version holds them) that are empty and may not be: a page
    about ourselves stands in no category.
    """
    asked = [name for name in REQUIRED if name != "category" or content["kind"] != Kind.PAGE]
    return [name for name in asked if _lacks(content, name)]


def _lacks(content: Mapping[str, object], name: str) -> bool:
    if name == "pictures":
        pictures = cast("Iterable[Mapping[str, Any]]", content.get("pictures", ()))
        return any(not each["alt"] and not each["decorative"] for each in pictures)
    return not (text_of(str(content[name])) if name == "body" else content[name])


def missing(content: Mapping[str, object]) -> list[Promise | str]:
    """The same, by the names that an editor sees."""
    return [REQUIRED[name] for name in lacking(content)]
