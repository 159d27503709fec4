"""Merging two sources: whatever cited the one cites the other, and nothing said, checked or published is lost."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from articles import joining, reverting, workflow
from articles.assessing import assess
from articles.models import Article, Citation, Edit, Publication, Version
from articles.refusing import Refused
from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from sources.standing import standings
from tests import factories
from tests.articles.admin.conftest import unchanged
from tests.factories import Desk

pytestmark = pytest.mark.django_db

CHANGED = "Something changed while you were reading. Look again, then merge."


@pytest.fixture(autouse=True)
def english() -> Any:
    with translation.override("en"):
        yield


@pytest.fixture
def old(desk: Desk) -> Source:
    return factories.source("old", tier=3, by=desk.chi)


@pytest.fixture
def new(desk: Desk) -> Source:
    return factories.source("new", tier=1, by=desk.chi)


def merge(source: Source, into: Source, by: User) -> joining.Merger:
    return joining.merge(source, into, by=by, seen=joining.merger(source, into).seen)


def citing(desk: Desk, source: Source, marker: str = "Alpha", **fields: Any) -> Article:
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an, source, **fields)
    return article


def edits(article: Article) -> list[tuple[list[str], str, User]]:
    return [(row.fields, row.language, row.by) for row in article.edits.select_related("by").order_by("pk")]


# --- what moves --------------------------------------------------------------------------------------


def test_every_citation_names_the_other_as_source_and_as_origin_and_each_article_has_one_edit_more(
    old: Source, new: Source, desk: Desk
) -> None:
    third = factories.source("third")
    one = citing(desk, old)
    factories.cite(one, desk.an, third, first_hand=False, origin=old)
    factories.cite(one, desk.an, third)
    two = citing(desk, old, "Beta", first_hand=False, origin=old)
    apart = citing(desk, third, "Gamma")
    before = {article.pk: edits(article) for article in (one, two, apart)}
    urls = list(Citation.objects.order_by("pk").values_list("pk", "url", "key", "position"))
    merge(old, new, desk.chi)
    assert list(one.citations.values_list("source__slug", "origin__slug")) == [
        ("new", None), ("third", "new"), ("third", None),
    ]  # fmt: skip
    assert list(two.citations.values_list("source__slug", "origin__slug")) == [("new", "new")]
    assert list(Citation.objects.order_by("pk").values_list("pk", "url", "key", "position")) == urls
    assert edits(one) == [*before[one.pk], (["citation 1", "citation 2"], "", desk.chi)]
    assert edits(two) == [*before[two.pk], (["citation 1"], "", desk.chi)]
    assert edits(apart) == before[apart.pk]


def test_addresses_and_what_it_owns_move_and_its_judgements_stay(old: Source, new: Source, desk: Desk) -> None:
    owned = factories.source("owned", owner=old)
    SourceOutcome(source=old, held=True, reason="Stood.", by=desk.chi).save()
    judged = list(SourceAssessment.objects.order_by("pk").values()), list(SourceOutcome.objects.values())
    merge(old, new, desk.chi)
    assert sorted(new.addresses.values_list("host", flat=True)) == ["new.org", "old.org"]
    assert Source.objects.get(pk=owned.pk).owner == new
    assert (list(SourceAssessment.objects.order_by("pk").values()), list(SourceOutcome.objects.values())) == judged
    row = Source.objects.get(pk=old.pk)
    assert (row.merged_into, row.slug, row.name_en) == (new, "old", "Old")
    assert SourceAddress.objects.for_url("https://old.org/1").source == new  # type: ignore[union-attr]


def test_what_is_told_is_what_moves(old: Source, new: Source, desk: Desk) -> None:
    owned = factories.source("owned", owner=old)
    article = citing(desk, old)
    factories.in_review(article, desk=desk)
    factories.in_review(article, "vi", desk=desk)
    factories.in_review(citing(desk, new, "Beta", first_hand=False, origin=old), desk=desk)
    factories.in_review(citing(desk, new, "Gamma"), desk=desk)
    told = joining.merger(old, new)
    assert (told.addresses, told.owned, told.versions) == (["old.org"], [owned], 3)
    assert [(str(article), [each.key for each in cited]) for article, cited in told.articles] == [
        ("Headline Beta", [1]), ("Headline Alpha", [1]),
    ]  # fmt: skip
    assert (told.source.tier, told.into.tier) == (3, 1)


# --- what must not be lost ---------------------------------------------------------------------------


def test_frozen_words_stay_to_the_byte_and_count_as_the_other(
    old: Source, new: Source, desk: Desk, client: Client
) -> None:
    SourceOutcome(source=old, held=True, reason="Stood.", by=desk.chi).save()
    SourceOutcome(source=new, held=False, reason="Fell.", by=desk.chi).save()
    live = factories.published(citing(desk, old), desk=desk)
    page, record = (client.get(f"/en/articles/headline-alpha/{name}").content for name in ("", "record.json"))
    version = Version.objects.get()
    assert assess(version).evidence[0].tier == 3
    merge(old, new, desk.chi)
    assert client.get("/en/articles/headline-alpha/").content == page
    assert client.get("/en/articles/headline-alpha/record.json").content == record
    again = Version.objects.get()
    assert (again.citations, again.digest, again.computed_digest()) == (
        version.citations, version.digest, version.digest,
    )  # fmt: skip
    evidence = assess(again).evidence[0]
    assert (evidence.tier, evidence.held, evidence.failed, evidence.voice) == (1, 1.0, 1.0, str(new.pk))
    assert live.live == again


def test_a_verification_counts_on_for_the_old_name_and_for_the_new(old: Source, new: Source, desk: Desk) -> None:
    article = citing(desk, old)
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    merge(old, new, desk.chi)
    assert [bool(row["verified"]) for row in assess(Version.objects.get()).citations] == [True]
    workflow.recall(publication, by=desk.an, version=1)
    factories.in_review(Article.objects.get(), desk=desk)
    later = Version.objects.latest("pk")
    assert later.citations[0]["source"]["id"] == new.pk
    assert [row["verified"]["checked"] for row in assess(later).citations] == ["Read it."]


def test_a_verification_taken_back_under_the_new_name_is_gone_under_the_old(
    old: Source, new: Source, desk: Desk
) -> None:
    article = citing(desk, old)
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    merge(old, new, desk.chi)
    workflow.recall(publication, by=desk.an, version=1)
    factories.in_review(Article.objects.get(), desk=desk)
    workflow.verify(publication, by=desk.binh, version=2, number=1, checked="", withdrawn=True)
    assert [row["verified"] for version in Version.objects.all() for row in assess(version).citations] == [None, None]


def test_a_verification_of_another_source_does_not_count(old: Source, new: Source, desk: Desk) -> None:
    """The same page and words, said to be of a source that nobody merged."""
    third = factories.source("third")
    article = citing(desk, old, url="https://old.org/1")
    factories.cite(article, desk.an, third, url="https://old.org/1")
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    merge(old, new, desk.chi)
    assert [bool(row["verified"]) for row in assess(Version.objects.get()).citations] == [True, False]


def test_an_approval_on_screen_is_of_what_counted_then(old: Source, new: Source, desk: Desk) -> None:
    """The workings move with the merger, so whoever read the earlier ones is asked to look again."""
    publication = factories.in_review(citing(desk, old), desk=desk)
    seen = factories.seen(publication)
    merge(old, new, desk.chi)
    with pytest.raises(Refused):
        workflow.approve(publication, by=desk.binh, seen=seen, note="Fine.")
    factories.approve(publication, desk=desk)
    assert Publication.objects.get().approved == Version.objects.get()


def test_going_back_to_an_old_version_cites_the_other(old: Source, new: Source, desk: Desk) -> None:
    live = factories.published(citing(desk, old, first_hand=False, origin=old), desk=desk)
    version = live.live
    assert version is not None
    live.article.citations.get().delete(by=desk.an)
    merge(old, new, desk.chi)
    reverting.revert(version, by=desk.an, seen=live.article.edits.latest("pk").pk)
    assert list(live.article.citations.values_list("source__slug", "origin__slug")) == [("new", "new")]


def test_a_citation_that_is_there_is_found_again_under_its_new_name(old: Source, new: Source, desk: Desk) -> None:
    live = factories.published(citing(desk, old), desk=desk)
    version = live.live
    assert version is not None
    merge(old, new, desk.chi)
    reverting.revert(version, by=desk.an, seen=live.article.edits.latest("pk").pk)
    assert list(live.article.citations.values_list("key", "source__slug")) == [(1, "new")]


# --- for readers -------------------------------------------------------------------------------------


def test_readers_find_the_one_under_every_address_of_the_other(
    old: Source, new: Source, desk: Desk, client: Client
) -> None:
    factories.published(citing(desk, old), desk=desk)
    merge(old, new, desk.chi)
    for code in ("vi", "en"):
        moved = client.get(f"/{code}/sources/old/")
        assert (moved.status_code, moved["Location"]) == (301, f"/{code}/sources/new/")
        assert client.get(f"/{code}/sources/number/{old.pk}/")["Location"] == f"/{code}/sources/new/"
    page = client.get("/en/sources/new/").content.decode()
    assert "/en/articles/headline-alpha/" in page
    listed = client.get("/en/sources/").content.decode()
    assert "/en/sources/new/" in listed
    assert "/en/sources/old/" not in listed
    assert "/en/sources/old/" not in client.get("/en/sources/?q=old").content.decode()


def test_an_unrated_source_is_listed_for_what_cites_it_under_its_old_name(desk: Desk, client: Client) -> None:
    old, new = factories.source("old", tier=None), factories.source("new", tier=None)
    factories.published(citing(desk, old), desk=desk)
    assert client.get("/en/sources/new/").status_code == 404
    merge(old, new, desk.chi)
    assert "/en/sources/new/" in client.get("/en/sources/").content.decode()
    assert client.get("/en/sources/new/").status_code == 200
    assert client.get(f"/en/sources/number/{old.pk}/").status_code == 302


def test_what_nothing_public_cites_is_nowhere_after_it_either(desk: Desk, client: Client) -> None:
    old, new = factories.source("old", tier=None), factories.source("new", tier=None)
    citing(desk, old)
    merge(old, new, desk.chi)
    for path in ("old/", "new/", f"number/{old.pk}/", f"number/{new.pk}/"):
        assert client.get(f"/en/sources/{path}").status_code == 404
    assert b"sources/new/" not in client.get("/en/sources/").content


def test_its_page_has_the_record_of_both_and_the_tiers_of_one(
    old: Source, new: Source, desk: Desk, client: Client
) -> None:
    for source, held in ((old, True), (old, False), (new, True)):
        SourceOutcome(source=source, held=held, reason="Checked.", by=desk.chi).save()
    merge(old, new, desk.chi)
    page = client.get("/en/sources/new/").content.decode()
    assert "2 held and 1 failed, out of 3 claims checked" in page
    assert "Tier 1" in page
    assert "Tier 3" not in page


# --- again, and in a row -----------------------------------------------------------------------------


def test_what_was_merged_goes_along_when_the_other_is_merged(
    old: Source, new: Source, desk: Desk, client: Client
) -> None:
    last = factories.source("last", tier=2, by=desk.chi)
    SourceOutcome(source=old, held=True, reason="Stood.", by=desk.chi).save()
    factories.published(citing(desk, old), desk=desk)
    merge(old, new, desk.chi)
    merge(new, last, desk.chi)
    assert set(Source.objects.filter(merged_into=last)) == {old, new}
    assert client.get("/en/sources/old/")["Location"] == "/en/sources/last/"
    standing = standings([old.pk, new.pk, last.pk])
    assert {(each.tier, each.held, each.voice) for each in standing.values()} == {(2, 1.0, last.pk)}
    assert {pk: each.others for pk, each in standing.items()} == {
        old.pk: (new.pk, last.pk), new.pk: (old.pk, last.pk), last.pk: (old.pk, new.pk),
    }  # fmt: skip
    assert Citation.objects.get().source == last
    assert assess(Version.objects.get()).evidence[0].tier == 2


def test_two_at_the_same_time_merge_once(old: Source, new: Source, desk: Desk) -> None:
    citing(desk, old)
    seen = joining.merger(old, new).seen
    joining.merge(old, new, by=desk.chi, seen=seen)
    with unchanged(), pytest.raises(Refused) as refused:
        joining.merge(old, new, by=desk.chi, seen=seen)
    assert refused.value.reason == "“Old” was merged into “New” already."
    assert Edit.objects.filter(by=desk.chi).count() == 1


# --- refused -----------------------------------------------------------------------------------------


def test_what_changed_since_the_screen_was_drawn_is_looked_at_again(old: Source, new: Source, desk: Desk) -> None:
    def cites() -> None:
        citing(desk, old)

    def assesses() -> None:
        SourceAssessment(source=new, tier=4, assessor=desk.chi, review_by=date(2030, 1, 1)).save()

    def owns() -> None:
        factories.source("owned", owner=old)

    def publishes() -> None:
        SourceAddress.objects.create(source=old, host="more.example")

    def renames() -> None:
        Source.objects.filter(pk=new.pk).update(name_en="Another")

    def records() -> None:
        SourceOutcome(source=old, held=False, reason="Fell.", by=desk.chi).save()

    for change in (cites, assesses, owns, publishes, renames, records):
        seen = joining.merger(old, new).seen
        change()
        with unchanged(), pytest.raises(Refused) as refused:
            joining.merge(old, new, by=desk.chi, seen=seen)
        assert refused.value.reason == CHANGED, change
    merge(old, new, desk.chi)


@pytest.mark.parametrize("name", ["an", "binh", "em", "away"])
def test_only_a_librarian_at_work_merges(name: str, old: Source, new: Source, desk: Desk) -> None:
    away = factories.user("away", "Librarians", is_active=False)
    by = away if name == "away" else getattr(desk, name)
    with unchanged(), pytest.raises(Refused) as refused:
        merge(old, new, by)
    assert refused.value.reason == "Only librarians may do this."


# --- how much it asks --------------------------------------------------------------------------------


def test_it_asks_as_much_of_thirty_articles_as_of_one(desk: Desk) -> None:
    def asked(number: int) -> int:
        old, new = factories.source(f"old{number}"), factories.source(f"new{number}")
        for n in range(number):
            article = citing(desk, old, f"A{number}x{n}")
            factories.cite(article, desk.an, factories.source("third"), first_hand=False, origin=old)
            factories.source(f"owned{number}x{n}", owner=old)
            SourceAddress.objects.create(source=old, host=f"host{number}x{n}.example")
        seen = joining.merger(old, new).seen
        with CaptureQueriesContext(connection) as queries:
            joining.merge(old, new, by=desk.chi, seen=seen)
        return len(queries)

    asked(1)  # the content types and permissions of who asks are read once
    assert asked(2) == asked(30)


def test_an_assessment_asks_no_more_for_what_was_merged(old: Source, new: Source, desk: Desk) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            assess(Version.objects.get())
        return len(queries)

    factories.in_review(citing(desk, old), desk=desk)
    before = asked()
    merge(old, new, desk.chi)
    assert asked() <= before + 1  # a generation of owners more
