"""A conflict as a page shows it: mine, theirs with who and when, what it was, and what changed word by word."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.forms import BooleanField, ModelChoiceField
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles import diff
from articles.diff import Op, Piece
from articles.models import Article, Edit

from .opened import CHOICE, Checked, Copy, Fields, Value
from .screens import whole

MOST_COMPARED = 50_000  # signs: longer texts are shown whole
COLUMNS = {"category": "category_id", "lead": "lead_id"}  # an edit names the column


@dataclass(frozen=True, slots=True)
class Clash:
    """One part that two changed. A side is None where it was deleted; `base` is also None where nobody knows it."""

    name: str
    label: str
    language: str
    base: list[Piece] | None
    mine: list[Piece] | None
    theirs: list[Piece] | None
    edit: Edit | None


def of(article: Article, checked: Checked, fields: Fields, cells: Fields) -> list[Clash]:
    """In the order of the form; in a number of queries that does not grow with them."""
    copies = [checked.base, checked.mine, checked.theirs]
    names = _names(copies, checked.clashing, fields, cells)

    def text(copy: Copy, name: str) -> str | None:
        if (part := copy.get(name)) is None:
            return None
        if not isinstance(part, dict):
            return _text(name, fields[name], part, names)
        lines = [(cells[cell].label, _text(cell, cells[cell], value, names)) for cell, value in part.items()]
        return "\n".join(f"{capfirst(str(label))}: {value}" for label, value in lines if value)

    def clash(name: str) -> Clash:
        key = next((value[0] for copy in copies[::2] if (value := copy.get(name.replace("citation", "key")))), "")
        base, mine, theirs = (text(copy, name) for copy in copies)
        known = theirs if base is None else base
        return Clash(
            name=CHOICE + name,
            label=capfirst(str(fields[name].label))
            if name in fields
            else _("Citation [%(key)s]") % {"key": key or "?"},
            language=name[-2:] if name[-3:-2] == "_" else "",
            base=None if base is None else _pieces(name, base, base),
            mine=None if mine is None else _pieces(name, known or mine, mine),
            theirs=None if theirs is None else _pieces(name, known or theirs, theirs),
            edit=edits.get(COLUMNS.get(name, name) if name in fields else f"citation {key}"),
        )

    edits = {field: edit for edit in article.edits.select_related("by").order_by("pk") for field in edit.fields}
    return [clash(name) for name in checked.clashing]


def _pieces(name: str, old: str, new: str) -> list[Piece]:
    if old == new or len(old) + len(new) > MOST_COMPARED:
        return [Piece(Op.SAME, new)]
    return diff.words(old, new)


def _text(name: str, field: Any, value: Value, names: dict[str, dict[str, str]]) -> str:
    if isinstance(field, BooleanField):
        return _("yes") if value else _("no")
    if name in names:
        value = sorted(names[name].get(pk, pk) for pk in value)
    elif choices := dict(getattr(field, "choices", ())):
        value = [str(choices.get(each, each)) for each in value]
    elif name.startswith("body_"):
        value = [diff.spelled(text) for text in value]
    return ", ".join(value)


def _names(copies: list[Copy], clashing: list[str], fields: Fields, cells: Fields) -> dict[str, dict[str, str]]:
    """By field, the names of the rows that anybody chose."""

    def chosen() -> Iterator[tuple[str, Value]]:
        for part, name in ((copy.get(name), name) for copy in copies for name in clashing):
            yield from part.items() if isinstance(part, dict) else [(name, part or [])]

    choosing: dict[str, Any] = {
        name: field for name, field in (fields | cells).items() if isinstance(field, ModelChoiceField)
    }
    keys: dict[str, set[int]] = defaultdict(set)
    for name, value in chosen():
        if name in choosing:
            keys[name] |= {whole(pk) for pk in value}
    return {
        name: {str(row.pk): str(row) for row in choosing[name].queryset.filter(pk__in=pks)}
        for name, pks in keys.items()
    }
