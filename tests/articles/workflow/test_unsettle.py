"""What waits to be reassessed: noted when the register changes or something stale goes live, gone with its cause."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.assessing import assess, assess_all, screen_hash
from articles.models import Publication, ReviewStatus, Version
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.steps import edit, everything, now, refused_by_the_database
from tests.factories import Desk

pytestmark = pytest.mark.django_db


def tier(desk: Desk, slug: str, tier: int) -> int:
    source = Source.objects.get(slug=slug)
    SourceAssessment(source=source, tier=tier, assessor=desk.chi, review_by=date(2030, 1, 1)).save()
    return source.pk


def test_only_what_relies_on_it_and_says_something_else_waits(live: Publication, desk: Desk) -> None:
    beside = factories.published(factories.article(desk.an, "Beside"), desk=desk)
    context = factories.article(desk.an, "Context")
    factories.cite(context, desk.an, factories.source("one"), stance="context")
    context_live = factories.published(context, desk=desk)
    stamp = now(live).stamp
    workflow.unsettle([tier(desk, "one", 4)])
    assert now(live).unsettled_since is not None
    assert (now(beside).unsettled_since, now(context_live).unsettled_since) == (None, None)
    assert now(live).stamp == stamp  # no reader sees anything of it


def test_it_waits_since_the_first_change_and_no_more_once_readers_are_told_the_same(
    live: Publication, desk: Desk
) -> None:
    workflow.unsettle([tier(desk, "one", 4)])
    since = now(live).unsettled_since
    workflow.unsettle([tier(desk, "one", 3)])
    assert now(live).unsettled_since == since
    workflow.unsettle([tier(desk, "one", 1)])
    assert now(live).unsettled_since is None


def test_a_reassessment_and_a_withdrawal_end_it(live: Publication, desk: Desk) -> None:
    workflow.unsettle([tier(desk, "one", 4)])
    version = now(live).live
    assert version is not None
    workflow.reassess(live, by=desk.binh, seen=screen_hash(version, assess(version)), note="Its tier changed.")
    assert now(live).unsettled_since is None
    workflow.unsettle([tier(desk, "one", 1)])
    assert now(live).unsettled_since is not None
    workflow.withdraw(live, by=desk.chi, version=1, note="It was not so.")
    assert now(live).unsettled_since is None


def test_what_goes_live_by_an_old_approval_waits_at_once_and_by_a_new_one_does_not(
    newer: Publication, desk: Desk
) -> None:
    workflow.unsettle([tier(desk, "one", 4)])
    row = workflow.correct(newer, by=desk.chi, version=2, kind="typo", note="Spelling.")
    assert now(newer).unsettled_since == row.at
    edit(newer.article, desk.an, headline_en="Newest")
    factories.approved(newer.article, desk=desk)
    workflow.correct(newer, by=desk.chi, version=3, kind="typo", note="Spelling.")
    assert now(newer).unsettled_since is None


def test_what_is_not_live_does_not_wait(publication: Publication, desk: Desk) -> None:
    before = everything()
    workflow.unsettle([tier(desk, "one", 4)])
    assert everything() == before


def test_the_database_lets_nothing_wait_that_is_not_live(live: Publication) -> None:
    Publication.objects.filter(pk=live.pk).update(unsettled_since=live.first_published)
    with refused_by_the_database("only_what_is_live_is_unsettled"):
        Publication.objects.filter(pk=live.pk).update(state="withdrawn")


# --- many at once ------------------------------------------------------------------------------------


def test_many_are_assessed_as_each_would_be(desk: Desk) -> None:
    """Outcomes of its own article left out of each; dead links, owners, origins and verifications as for one."""
    group = factories.source("group")
    sources = [factories.source(f"s{n}", n % 4 + 1, owner=group if n < 2 else None) for n in range(5)]
    for number in range(4):
        article = factories.article(desk.an, f"A{number}")
        for place, source in enumerate(sources[number:] + sources[:number][:3], 1):
            origin = sources[0] if place == 2 else None
            factories.cite(article, desk.an, source, url=f"https://{source.slug}.org/{place}",
                           origin=origin, first_hand=origin is None)  # fmt: skip
            for weight in ("0.1", "0.2", "0.7"):
                SourceOutcome.objects.create(
                    source=source, held=bool(number % 2), reason="So.", by=desk.chi, weight=weight,
                    subject=f"article:{article.pk}" if place < 4 else "",
                )  # fmt: skip
        for code in ("en", "vi")[: number % 2 + 1]:
            row = factories.in_review(article, code, desk=desk)
        assert row.in_review
        workflow.verify(row, by=desk.binh, version=1, number=1, checked="Read it.")
    factories.dead("https://s3.org/1")
    versions = list(Version.objects.all())
    assert len(versions) == 6
    together = assess_all(versions)
    assert together == {version.pk: assess(version) for version in versions}
    assert len({str(each.workings.as_json()) for each in together.values()}) > 3


def test_a_thousand_cost_the_queries_of_one(desk: Desk) -> None:
    for number in range(12):
        article = factories.article(desk.an, f"A{number}")
        factories.cite(article, desk.an, factories.source(f"s{number}", owner=factories.source("group")))
        factories.in_review(article, desk=desk)

    def asked(versions: list[Version]) -> int:
        with CaptureQueriesContext(connection) as queries:
            assess_all(versions)
        return len(queries)

    versions = list(Version.objects.all())
    assert asked(versions[:1]) == asked(versions) == 7
    assert asked([]) == 0
    assert ReviewStatus.objects.count() == 12
