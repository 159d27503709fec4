"""What differs between two versions, and between two workings, as the desk is told: in names and words. Reads only."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles import cleaning, diff, quoting, wording
from articles.confidence import Row, Uncounted, Workings
from articles.diff import Change, Op, Passage, Piece
from articles.kinds import Kind, Machine
from articles.models import Citation, Photo, Version
from articles.models.citation import STANCES

UNTOLD = ("article", "language", "body", "citations", "pictures")  # of the whole: not a field, or told elsewhere


@dataclass(frozen=True, slots=True)
class Told:
    """A field that differs, by its name on the desk; a list's items as (op, number, their fields)."""

    label: str
    pieces: list[Piece]
    items: "list[tuple[Op, int, list[Told]]]"


@dataclass(frozen=True, slots=True)
class Comparison:
    """`passages` is the text, block by block; `fields` is whatever else differs."""

    version: Version
    base: Version | None
    fields: list[Told]
    passages: list[Passage]

    @property
    def whole(self) -> bool:
        return self.base is None

    @property
    def worded(self) -> bool:
        """Whether the text differs in its words."""
        return any(block.changed for each in self.passages for block in each.blocks)

    @property
    def nothing(self) -> bool:
        return not self.fields and not self.worded


def compared(
    base: Version | None, version: Version, kept: Collection[int] = (), only: Collection[str] | None = None
) -> Comparison:
    """What changed from `base` to `version`, folded but for the paragraphs `kept`; without a base, all of it. With
    `only`, of what is beside the text these fields alone.
    """
    new = _worded(version.content())
    if base is None:
        fields = [
            Told(_label(Version, name), [Piece(Op.SAME, text)], [])
            for name in new
            if name not in UNTOLD and (text := _text(new[name]))
        ]
        if new["pictures"]:
            fields.append(_told(Version, Change("pictures", [], diff.items("pictures", [], new["pictures"]))))
        return Comparison(version, None, fields, [Passage(False, diff.blocks(version.body, version.body))])
    old, blocks = _worded(base.content()), diff.blocks(base.body, version.body)
    worded = any(block.changed for block in blocks)
    asked = [name for name in new if only is None or name in only or name == "body"]
    differ = diff.changes({name: old[name] for name in asked}, {name: new[name] for name in asked})
    fields = [_told(Version, change) for change in differ if change.field != "body" or not worded]
    return Comparison(version, base, fields, diff.folded(blocks, kept))


Model = type[Version] | type[Citation] | type[Photo]


def _told(model: Model, change: Change) -> Told:
    of: Model = Photo if change.field == "pictures" else Citation
    items = [(item.op, item.number, [_told(of, each) for each in item.changes]) for item in change.items]
    return Told(_label(model, change.field), change.pieces, items)


def _label(model: Model, name: str) -> str:
    if name == "number":
        return _("number")
    if name == "place":
        return _("place")
    if name == "focal":
        return _("focal point, in per cent from the left and the top")
    name = "file" if name == "hash" else name
    return str(getattr(model._meta.get_field(name), "verbose_name", name))


def _text(value: Any) -> str:
    return ", ".join(each["name"] for each in value) if isinstance(value, list) else str(value)


def _worded(content: Mapping[str, Any]) -> dict[str, Any]:
    """The content with its codes as the words that stand for them; of a picture in the text is told where it stands."""
    above = quoting.above(content["body"])
    stances: dict[str, Promise | str] = dict(STANCES)
    return {
        **{name: value for name, value in content.items() if name != "schema"},
        "body": cleaning.pictured(content["body"], {}),
        "kind": str(Kind(content["kind"]).label),
        "machine": str(Machine(content["machine"]).label),
        "citations": [
            {**cited, "stance": str(stances[cited["stance"]]), "first_hand": wording.hand(cited["first_hand"])}
            for cited in content["citations"]
        ],
        "pictures": [_pictured(each, above) for each in content.get("pictures", ())],
    }


def _pictured(picture: Mapping[str, Any], above: Mapping[int, str]) -> dict[str, Any]:
    """Of a picture what somebody chose; what follows from its file goes without saying."""
    before = above.get(picture["photo"], "")
    inside = _("behind “%(words)s”") % {"words": before} if before else _("before the first words")
    chosen = ("number", "hash", "alt", "caption", "credit", "licence", "source_url")
    return {
        **{name: picture[name] for name in chosen},
        "decorative": _("yes") if picture["decorative"] else _("no"),
        "focal": f"{picture['focal_x']}, {picture['focal_y']}",
        "place": inside if picture["place"] == "text" else "",
    }


# --- workings ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Moved:
    """A citation by its number now (else then) and what was and is counted of it; None: not cited."""

    number: int
    before: Row | Uncounted | None
    after: Row | Uncounted | None


def moved(before: Workings, after: Workings, numbers: Mapping[int, int] | None = None) -> list[Moved]:
    """The citations of which something else is counted now; `numbers`: of a number now, the number then."""
    old, new = _by_number(before), _by_number(after)
    then = {number: number for number in new} if numbers is None else numbers
    found = [Moved(number, old.get(then.get(number, 0)), row) for number, row in sorted(new.items())]
    gone = [Moved(number, row, None) for number, row in sorted(old.items()) if number not in then.values()]
    return [each for each in [*found, *gone] if _counts(each.before) != _counts(each.after)]


def numbers_then(base: Version, version: Version) -> dict[int, int]:
    """For the number of each citation that was there in `base`, its number there."""
    pairs = diff.matched("citations", base.citations, version.citations)
    return {version.citations[now]["number"]: base.citations[then]["number"] for now, then in pairs.items()}


def _by_number(workings: Workings) -> dict[int, Row | Uncounted]:
    counted: dict[int, Row | Uncounted] = {row.number: row for row in workings.rows}
    return counted | {left.number: left for left in workings.uncounted}


def _counts(row: Row | Uncounted | None) -> Any:
    """What a reader is told of it."""
    if isinstance(row, Row):
        return row.points, wording.why_counted(row)
    return row and wording.why_uncounted(row)
