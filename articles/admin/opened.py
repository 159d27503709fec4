"""What the article's form was opened with, carried by the form, signed; and the check of a save against what stands.

Everything is compared as a browser would post it: a field is a list of strings, a citation a dictionary of them. What
the merge means is `articles.merging`; how a conflict is shown is `clashes`.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.core.signing import BadSignature, Signer
from django.forms import BaseInlineFormSet, BooleanField, Field, model_to_dict
from django.http import QueryDict

from articles import cleaning, merging
from articles.forms import SHOW
from articles.merging import Whose
from articles.models import Article, Citation

from .screens import whole

OPENED = "opened"  # the field of the form that carries it
CHOICE = "choice-"
ROWS = "citations"
MOST_CITATIONS = 60  # as many are read from a form, and drawn
_CELL = re.compile(rf"{ROWS}-([0-9]{{1,2}})-(\w+)")

Value = list[str]
Row = dict[str, Value]
Copy = dict[str, Any]  # by name: a field's Value, a citation's Row, None
Fields = dict[str, Field]


@dataclass(frozen=True, slots=True)
class Opened:
    """`base`: what the form was opened with. `shown`: what theirs was, of the parts that a conflict was shown of."""

    base: Copy
    shown: Copy

    def signed(self, article: Article) -> str:
        return _signer(article).sign_object({"base": self.base, "shown": self.shown}, compress=True)

    @classmethod
    def read(cls, token: str, article: Article) -> "Opened":
        """Of a token that is missing, forged or another article's, nothing is known: so whatever differs conflicts."""
        try:
            return cls(**_signer(article).unsign_object(token))
        except BadSignature:
            return cls({}, {})

    def give_keys(self, formset: BaseInlineFormSet) -> None:
        """To each new row that is a citation which another deleted meanwhile: that marks in the text find it again."""
        for row in formset.extra_forms:
            [key] = self.base.get(f"key-{row.cleaned_data.get('id')}", [None])
            row.instance.key = int(key) if key else None


@dataclass(frozen=True, slots=True)
class Checked:
    """A save held against what stands: the three copies, the names in conflict, what the form carries from here on."""

    base: Copy
    mine: Copy
    theirs: Copy
    clashing: list[str]
    opened: Opened


def copy_of(fields: Fields, cells: Fields, initial: Mapping[str, Any], rows: Iterable[tuple[Citation, Any]]) -> Copy:
    """What the form would post if nothing were typed, from the initial values of its fields and of its rows."""
    copy: Copy = {name: _posted(field, initial.get(name)) for name, field in fields.items()}
    for citation, values in rows:
        posted = {name: _posted(field, values.get(name)) for name, field in cells.items()}
        copy[f"place-{citation.pk}"] = posted.pop("position")  # no part of what it says
        copy[f"citation-{citation.pk}"] = posted
        copy[f"key-{citation.pk}"] = [str(citation.key)]
    return copy


def check(data: QueryDict, article: Article, fields: Fields, cells: Fields) -> Checked:
    """Merge what was posted with the `article` as it stands, which the caller holds locked; `data` becomes the result.

    Where there is a conflict, `data` keeps what was typed and asks not to be saved.
    """
    rows = [(row, model_to_dict(row, fields=cells)) for row in article.citations.all() if cells]
    theirs = copy_of(fields, cells, model_to_dict(article, fields=fields), rows)
    opened = Opened.read(data.get(OPENED, ""), article)
    posted = _rows(data)
    typed: Copy = {name: data.getlist(name) for name in fields}
    for name, row in _named(posted).items():
        typed[name] = None if "DELETE" in row else {cell: row.get(cell, []) for cell in cells if cell != "position"}
        typed[name.replace("citation", "place")] = row.get("position", [])
    mine = {name: _aligned(name, value, opened.base, theirs) for name, value in typed.items()}
    choices = {name.removeprefix(CHOICE): data.get(name, "") for name in data if name.startswith(CHOICE)}
    base, mine = merging.decided(opened.base, mine, theirs, opened.shown, choices)
    whose = merging.merge(base, mine, theirs, light={name for name in mine if name.startswith("place-")})
    clashing = [name for name, side in whose.items() if side is Whose.BOTH]

    for name in fields:
        if whose[name] is Whose.THEIRS:
            data.setlist(name, theirs[name])
    if posted is not None:
        _write_rows(data, posted, whose, theirs, article)
    if clashing:
        data[SHOW] = "1"
    return Checked(base, mine, theirs, clashing, _from_here(base, theirs, whose, clashing))


def _from_here(base: Copy, theirs: Copy, whose: Mapping[str, Whose], clashing: list[str]) -> Opened:
    """The form now holds theirs wherever nothing else was typed; what is in conflict still goes back to its base."""
    keys = {name: key for name, key in base.items() if name.startswith("key-")}
    gone = {name: None for name in whose if name not in theirs}
    known = {name: part for name, part in (theirs | keys | gone).items() if name not in clashing}
    return Opened(
        base=known | {name: base[name] for name in clashing if name in base},
        shown={name: theirs.get(name) for name in clashing},
    )


def _signer(article: Article) -> Signer:
    return Signer(salt=f"articles.opened.{article.pk}")


def _posted(field: Any, value: Any) -> Value:
    if isinstance(field, BooleanField):
        return ["on"] if value else []
    widget = getattr(field.widget, "widget", field.widget)  # the admin wraps a select in its links
    text = widget.format_value(field.prepare_value(value))
    return [str(each) for each in text] if isinstance(text, list | tuple) else ["" if text is None else str(text)]


def _aligned(name: str, typed: Any, base: Copy, theirs: Copy) -> Any:
    """`typed`, or what it means the same as: browsers and editors spell line ends, spaces and tags their own way."""
    return next((copy[name] for copy in (base, theirs) if name in copy and _alike(name, copy[name], typed)), typed)


def _alike(name: str, one: Any, other: Any) -> bool:
    if one == other or one is None or other is None:
        return one == other
    if isinstance(one, dict):
        return all(_alike(cell, one.get(cell, []), other.get(cell, [])) for cell in one | other)
    return _meaning(name, one) == _meaning(name, other)


def _meaning(name: str, value: Value) -> Value:
    clean = cleaning.rich if name.startswith("body_") else cleaning.plain
    try:
        return sorted(text for text in map(clean, value) if text)
    except ValidationError:  # too large to be kept, let alone to be compared
        return value


# --- citations ---------------------------------------------------------------------------------------


def _rows(data: QueryDict) -> list[Row] | None:
    """The rows of the form; none where their number is not one, which the form itself refuses."""
    total = whole(data.get(f"{ROWS}-TOTAL_FORMS"))
    if data.get(f"{ROWS}-TOTAL_FORMS") != str(total) or total > MOST_CITATIONS:
        return None
    rows: list[Row] = [{} for _number in range(total)]
    for name in data:
        if (cell := _CELL.fullmatch(name)) and int(cell[1]) < total:
            rows[int(cell[1])][cell[2]] = data.getlist(name)
    return rows


def _named(rows: list[Row] | None) -> dict[str, Row]:
    """The rows that were of citations when the form was opened. A row that says the same again is a new one."""
    named: dict[str, Row] = {}
    for row in rows or []:
        if pk := whole(row.get("id", [""])[-1]):
            named.setdefault(f"citation-{pk}", row)
    return named


def _write_rows(data: QueryDict, rows: list[Row], whose: Mapping[str, Whose], theirs: Copy, article: Article) -> None:
    """The citations that stand, in their order, each with what was typed or what is theirs; then the new ones."""
    named = _named(rows)
    standing: list[Row] = []
    new = [row | {"id": [""]} for row in rows if not any(row is each for each in named.values())]
    for name in [name for name in theirs if name.startswith("citation-")]:
        place, row = name.replace("citation", "place"), named.get(name)
        if row is None and len(rows) + len(standing) >= MOST_CITATIONS:
            continue  # not drawn, and so not touched
        if row is None or whose[name] is Whose.THEIRS:
            row = {"article": [str(article.pk)]} | (row or {}) | theirs[name]
            row.pop("DELETE", None)
        if whose.get(place, Whose.THEIRS) is Whose.THEIRS:
            row = row | {"position": theirs[place]}
        standing.append(row | {"id": [name.removeprefix("citation-")]})
    gone = [row for name, row in named.items() if name not in theirs and whose[name] is not Whose.THEIRS]
    for name in [name for name in data if _CELL.fullmatch(name)]:
        del data[name]
    for number, row in enumerate([*standing, *gone, *new]):
        for cell, value in row.items():
            data.setlist(f"{ROWS}-{number}-{cell}", value)
    data[f"{ROWS}-TOTAL_FORMS"] = str(len(standing) + len(gone) + len(new))
    data[f"{ROWS}-INITIAL_FORMS"] = str(len(standing))
