"""What a change of the register does to what readers are shown, so that it can be told before it is saved.

Look `before`, make the change, ask for its `impact`; whoever was only asking rolls back. What readers are shown stays
as it was approved, whatever the register says: `workflow.unsettle` lets the articles wait to be reassessed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

from articles import digest
from articles.assessing import at_a_glance
from articles.models import Publication
from articles.reading import Glance
from sources.standing import Standing, owned_by, standings


@dataclass(frozen=True, slots=True)
class Before:
    """Sources that are about to change, with whatever they own, as they stand; and what each article that relies on
    them and waits to be reassessed would say already.
    """

    standings: dict[int, Standing]
    waiting: dict[int, Glance]


@dataclass(frozen=True, slots=True)
class Effect:
    """A live language of an article: what readers are shown of it, and what they would be once it is reassessed."""

    publication: Publication
    before: Glance
    after: Glance

    @property
    def size(self) -> int:
        """In per cent; a number that comes or goes is all of it."""
        if self.before.percent is None or self.after.percent is None:
            return 100 if self.before.state != self.after.state else 0
        return abs(self.before.percent - self.after.percent)


@dataclass(frozen=True)
class Impact:
    """`sources`: those that stand otherwise now. `effects`: the largest first."""

    sources: frozenset[int]
    effects: tuple[Effect, ...]

    @property
    def articles(self) -> int:
        return len({effect.publication.article_id for effect in self.effects})

    @property
    def languages(self) -> int:
        return len({effect.publication.language for effect in self.effects})

    @cached_property
    def hash(self) -> str:
        """Over all that whoever agrees to it agrees to."""
        return digest.sha256(
            [[each.publication.pk, each.before.as_json(), each.after.as_json()] for each in self.effects]
        )


def before(sources: Collection[int]) -> Before:
    """To be asked in the transaction of the change: what relies on these sources, or is about to, is locked until it
    ends, so that nothing goes live or is reassessed by the old register while the new one is being written.
    """
    ids = owned_by(sources)
    list(Publication.objects.to_rely_on(ids).select_for_update(of=("self",)).values_list("pk"))
    waiting = at_a_glance(Publication.objects.relying_on(ids).unsettled().values_list("pk", flat=True))
    return Before(standings(ids), {pk: now for pk, (_shown, now) in waiting.items()})


def impact(then: Before) -> Impact:
    """What the change that was made since `then` does."""
    now = standings(then.standings)
    changed = frozenset(pk for pk in now if now[pk] != then.standings[pk])
    glances = at_a_glance(Publication.objects.relying_on(changed).values_list("pk", flat=True)) if changed else {}
    differ = {pk: (shown, would) for pk, (shown, would) in glances.items() if shown != would != then.waiting.get(pk)}
    rows = Publication.objects.select_related("live").defer("live__body", "live__citations").in_bulk(differ)
    effects = [Effect(rows[pk], *pair) for pk, pair in differ.items()]
    return Impact(changed, tuple(sorted(effects, key=lambda each: (-each.size, each.publication.pk))))
