"""What somebody who translates is shown of both languages: frozen words on one side, the working copy on the other.
Reads only.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from articles import aligning, completeness, diff, readtime
from articles.aligning import Pair, Paragraph
from articles.diff import Block, Op, Piece
from articles.freezing import Frozen, freeze
from articles.models import Article, Citation, Publication, Version
from articles.models.article import TRANSLATED, WORDS


@dataclass(frozen=True, slots=True)
class Side:
    """A field of the source as it reads now and how it got there, in `pieces`, or a text in `blocks`. Words of both
    sides are counted; a claim that is the headline is empty.
    """

    name: str
    label: str
    pieces: list[Piece]
    blocks: list[Block]
    words: int
    own_words: int
    counted: bool
    required: bool
    lacking: bool

    @property
    def changed(self) -> bool:
        """Whether words of the source changed; its address and its own translator are not to be translated."""
        moved = any(block.changed for block in self.blocks) or any(piece.op != Op.SAME for piece in self.pieces)
        return self.counted and moved


@dataclass(frozen=True, slots=True)
class Shared:
    """A citation of the working copy, and its number in the source; None where the source had it not."""

    number: int
    then: int | None
    citation: Citation


@dataclass(frozen=True, slots=True)
class Beside:
    """`base` is the version of the source that `mine`, the newest of this language, says the same as; without one, all
    of the source is new. `lacking`: the citations by number whose marks the source has and the translation not; `lost`:
    the keys of marks in the translation whose citation is gone; `gone`: the numbers in the source of citations that the
    working copy has no more; `shared_lacking`: what else is missing before it can be submitted. While marks are lost,
    none can be compared.
    """

    source: Version
    mine: Version | None
    base: Version | None
    sides: list[Side]
    pairs: list[Pair]
    shared: list[Shared]
    lacking: list[int]
    lost: list[int]
    gone: list[int]
    shared_lacking: list[str]

    @property
    def words(self) -> int:
        return sum(side.words for side in self.sides)

    @property
    def own_words(self) -> int:
        return sum(side.own_words for side in self.sides)

    @property
    def complete(self) -> bool:
        return not self.shared_lacking and not any(side.lacking for side in self.sides)


def beside(article: Article, source_language: str, language: str) -> Beside | None:
    """None where the source language has nothing to translate from: nothing that was submitted, or all withdrawn.
    Raises ValidationError where the working copy cannot be read at all, as `freeze` does.
    """
    row = Publication.objects.of(article.pk).filter(language=source_language).first()
    source = article.versions.filter(pk=row.settled_id).first() if row and row.settled_id else None
    if source is None:
        return None
    mine = article.versions.filter(language=language).order_by("-number").first()
    base = Version.objects.says_the_same(mine, source_language) if mine else None
    draft = freeze(article, language)
    lacking = completeness.lacking(draft.version.content())
    now = {
        source.citations[then]["number"]: draft.version.citations[here]["number"]
        for here, then in diff.matched("citations", source.citations, draft.version.citations).items()
    }
    left = _said(aligning.renumbered(aligning.paragraphs(source.body), now), source.pictures)
    right = _said(aligning.paragraphs(draft.version.body), draft.version.pictures)
    marked = {mark for each in right for mark in each.marks}
    return Beside(
        source=source,
        mine=mine,
        base=base,
        sides=[_side(name, base, source, draft, article, lacking) for name in TRANSLATED],
        pairs=aligning.aligned(left, right),
        shared=_shared(article, now),
        lacking=[] if draft.lost_marks else sorted({mark for each in left for mark in each.marks} - marked),
        lost=draft.lost_marks,
        gone=[cited["number"] for cited in source.citations if cited["number"] not in now],
        shared_lacking=[str(completeness.REQUIRED[name]) for name in lacking if name not in TRANSLATED],
    )


def _said(paragraphs: Sequence[Paragraph], pictures: Iterable[Mapping[str, Any]]) -> list[Paragraph]:
    """Each picture with what is said in its place, else below it, in the language of its side."""
    said = {each["photo"]: each["alt"] or each["caption"] for each in pictures}
    return [each if each.picture is None else replace(each, text=said.get(each.picture, "")) for each in paragraphs]


def _side(
    name: str, base: Version | None, source: Version, draft: Frozen, article: Article, lacking: list[str]
) -> Side:
    text, before = _text(name, source), _text(name, base or source)
    own = getattr(article, f"{name}_{draft.version.language}") or ""
    counted, body = name in WORDS, name == "body"
    return Side(
        name=name,
        label=str(getattr(Version._meta.get_field(name), "verbose_name", name)),
        pieces=[] if body else diff.words(before, text),
        blocks=diff.blocks(before, text) if body else [],
        words=readtime.words(text) if counted else 0,
        own_words=readtime.words(own) if counted else 0,
        counted=counted,
        required=name in completeness.REQUIRED,
        lacking=name in lacking,
    )


def _text(name: str, version: Version) -> str:
    return "" if name == "claim" and version.claim == version.headline else str(getattr(version, name))


def _shared(article: Article, now: Mapping[int, int]) -> list[Shared]:
    then = {here: there for there, here in now.items()}
    return [Shared(number, then.get(number), citation) for number, citation in enumerate(article.citations.all(), 1)]
