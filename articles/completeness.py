"""What one language of an article still needs before anybody can review it. Pure: values in, names of fields out."""

from collections.abc import Mapping

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
}


def missing(content: Mapping[str, object]) -> list[Promise | str]:
    """The fields of a language's content (as a Version holds them) that are empty, by the names an editor sees.

    A page about ourselves stands in no category.
    """
    asked = REQUIRED.keys() - ({"category"} if content["kind"] == Kind.PAGE else set())
    return [
        label
        for field, label in REQUIRED.items()
        if field in asked and not (text_of(str(content[field])) if field == "body" else content[field])
    ]
