"""The screen on which one source is merged into another: whom, what that does, and by which word exactly."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import joining
from articles.models import Article, Citation, Publication
from sources.models import Source
from tests import factories
from tests.articles.admin.conftest import Enter, change_url, form_at, page, reads_only, unchanged, with_row
from tests.factories import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(desk: Desk) -> Source:
    return factories.source("old", tier=3, by=desk.chi)


@pytest.fixture
def new(desk: Desk) -> Source:
    return factories.source("new", tier=1, by=desk.chi)


def merge_url(source: Source) -> str:
    return f"/admin/sources/source/{source.pk}/merge/"


def source_url(source: Source) -> str:
    return f"/admin/sources/source/{source.pk}/change/"


def posted(client: Client, source: Source, into: Source) -> Any:
    """As the button on the page that is shown posts it."""
    shown = page(client.get(merge_url(source), {"into": into.pk}))
    [form] = [each for each in shown.all("form") if each["class"] == "desk-decision"]
    return shown.form(**{"class": form["class"]}) | {"csrfmiddlewaretoken": ""}


def told(shown: Any, heading: str) -> list[str]:
    section = shown.one("section", **{"aria-labelledby": heading})
    return [each.words for each in shown.all("li") if section in each.within]


def test_a_librarian_chooses_reads_what_moves_and_merges(old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    article = factories.article(desk.an)
    factories.cite(article, desk.an, old)
    factories.in_review(article, desk=desk)
    factories.source("owned", owner=old)
    assert page(chi.get(source_url(old))).one("a", href=merge_url(old)).words == "Merge into another"
    with unchanged(), reads_only():
        found = page(chi.get(merge_url(old), {"q": "NEW"}))
        assert [each["href"] for each in found.all("a") if each["href"].startswith("?")] == [f"?into={new.pk}"]
        shown = page(chi.get(merge_url(old), {"into": new.pk}))
    assert told(shown, "moves-heading") == [
        "Addresses: old.org",
        "What it owns: Owned",
        "Its record counts with the other's: 0 held, 0 failed.",
        "1 citation in working copies, as source or as whom another has it from.",
    ]
    assert told(shown, "stays-heading") == [
        "1 frozen version names Old for good; there it counts as New, and its verifications go on counting.",
        "The tier is that of New: 1. The assessments of the other stay on its own page and count no more (tier 3).",
        "New keeps its names, its kind and its owner.",
        "The public address of Old leads to the other.",
    ]
    assert told(shown, "articles-heading") == ["Headline Alpha: [1]"]
    assert "This cannot be undone here." in shown.one("body").words
    response = chi.post(merge_url(old), posted(chi, old, new), follow=True)
    assert response.redirect_chain == [(source_url(new), 302)]
    assert "“Old” is “New” from now on." in page(response).one("body").words
    assert Source.objects.get(pk=old.pk).merged_into == new
    assert Citation.objects.get().source == new
    assert [(row.user, row.object_id, row.get_change_message()) for row in LogEntry.objects.all()] == [
        (desk.chi, str(old.pk), "“Old” is “New” from now on.")
    ]


def test_an_unrated_source_that_takes_in_a_rated_one_says_that_it_stays_unrated(
    old: Source, desk: Desk, enter: Enter
) -> None:
    new = factories.source("new", tier=None)
    shown = page(enter(desk.chi).get(merge_url(old), {"into": new.pk}))
    assert told(shown, "stays-heading")[1] == (
        "New is not rated, and stays so until it is assessed. "
        "The assessments of the other stay on its own page and count no more (tier 3)."
    )


def test_those_of_the_same_name_are_offered_first(old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    same = factories.source("same", name_vi="OLD", name_en=None)
    shown = page(enter(desk.chi).get(merge_url(old)))
    assert [each["href"] for each in shown.all("a") if each["href"].startswith("?")] == [f"?into={same.pk}"]


def test_a_search_that_finds_nobody_says_so(old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    for query in ("nothing", "old", "<script>"):  # itself is no other
        shown = page(enter(desk.chi).get(merge_url(old), {"q": query}))
        assert told(shown, "found-heading") == ["No other source of this name or address."]
        assert shown.one("input", name="q")["value"] == query


@pytest.mark.parametrize("name", ["an", "binh", "em"])
def test_who_keeps_no_register_is_not_let_in(name: str, old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    seen = joining.merger(old, new).seen
    client = enter(getattr(desk, name))
    with unchanged():
        assert client.get(merge_url(old), {"into": new.pk}).status_code == 403
        assert client.post(merge_url(old), {"into": new.pk, "seen": seen}).status_code == 403
    if name != "em":
        assert page(client.get(source_url(old))).all("a", href=merge_url(old)) == []


@pytest.mark.parametrize("into", ["", "0", "-1", "x", "9999999", "9" * 40, "1; drop"])
def test_a_target_that_is_none_merges_nothing(into: str, old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    with unchanged():
        assert chi.post(merge_url(old), {"into": into, "seen": "0" * 64}).status_code == 200
        assert chi.get(merge_url(old), {"into": into}).status_code == 200
        assert chi.post("/admin/sources/source/9999999/merge/", {"into": new.pk}).status_code == 404


def test_whoever_read_what_is_no_longer_so_is_shown_it_again(
    old: Source, new: Source, desk: Desk, enter: Enter
) -> None:
    chi = enter(desk.chi)
    form = posted(chi, old, new)
    factories.cite(factories.article(desk.an), desk.an, old)
    for stale in (form, form | {"seen": ["forged"]}, form | {"seen": [""]}):
        with unchanged():
            response = chi.post(merge_url(old), stale)
        assert response.status_code == 409
        shown = page(response)
        assert shown.said("desk-refused") == ["Something changed while you were reading. Look again, then merge."]
        assert told(shown, "articles-heading") == ["Headline Alpha: [1]"]
    assert chi.post(merge_url(old), posted(chi, old, new)).status_code == 302


def test_the_second_of_two_librarians_is_told_that_it_is_done(
    old: Source, new: Source, desk: Desk, enter: Enter
) -> None:
    chi, lan = enter(desk.chi), enter(factories.user("lan", "Librarians"))
    form = posted(lan, old, new)
    chi.post(merge_url(old), posted(chi, old, new))
    with unchanged():
        response = lan.post(merge_url(old), form)
        again = lan.get(merge_url(old))
    assert (response.status_code, again.status_code) == (409, 200)
    assert page(response).said("desk-refused") == ["“Old” was merged into “New” already."]
    assert page(again).one("a", href=source_url(old)).words == "To the source"


def test_an_owner_cannot_be_merged_into_what_it_owns(old: Source, desk: Desk, enter: Enter) -> None:
    child, chi = factories.source("child", owner=old), enter(desk.chi)
    response = chi.get(merge_url(old), {"into": child.pk})
    assert page(response).said("desk-refused") == ["“Old” owns “Child”: an owner is not merged into what it owns."]
    with unchanged():
        assert chi.post(merge_url(old), {"into": child.pk, "seen": ""}).status_code == 409


# --- an editor is at it meanwhile --------------------------------------------------------------------


def test_an_article_open_in_an_editors_form_keeps_what_was_typed_and_cites_the_one_that_stays(
    old: Source, new: Source, desk: Desk, enter: Enter
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, old, title="Before")
    an, chi = enter(desk.an), enter(desk.chi)
    form = form_at(an, change_url(article), {"headline_en": "Typed meanwhile"})
    form = with_row(form, url="https://old.org/9", source=str(old.pk), title="New one")
    chi.post(merge_url(old), posted(chi, old, new))
    assert an.post(change_url(article), form).status_code == 302
    assert Article.objects.get().headline_en == "Typed meanwhile"
    assert list(Citation.objects.order_by("key").values_list("title", "source__slug")) == [
        ("Before", "new"), ("New one", "new"),
    ]  # fmt: skip


def test_a_citation_that_an_editor_changed_meanwhile_is_a_conflict_that_loses_neither(
    old: Source, new: Source, desk: Desk, enter: Enter
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, old, title="Before")
    an, chi = enter(desk.an), enter(desk.chi)
    form = form_at(an, change_url(article), {"citations-0-title": "Typed meanwhile"})
    chi.post(merge_url(old), posted(chi, old, new))
    with unchanged():
        response = an.post(change_url(article), form)
    assert response.status_code == 409
    shown = page(response)
    assert shown.one("input", name="citations-0-title")["value"] == "Typed meanwhile"
    assert "New" in " ".join(shown.said("desk-clash"))


def test_nobody_is_offered_a_source_that_was_merged(old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    chi, an = enter(desk.chi), enter(desk.an)
    chi.post(merge_url(old), posted(chi, old, new))
    for field in ("source", "origin"):
        query = {"app_label": "articles", "model_name": "citation", "field_name": field}
        for term in ("", "old", "old.org"):
            found = an.get("/admin/autocomplete/", query | {"term": term}).json()["results"]
            assert [each["text"] for each in found] == ["New"]


# --- how much it asks --------------------------------------------------------------------------------


def test_the_screens_ask_as_much_of_thirty_as_of_one(old: Source, new: Source, desk: Desk, enter: Enter) -> None:
    def asked(**query: Any) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert chi.get(merge_url(old), query).status_code == 200
        return len(queries)

    def more(number: int) -> None:
        article = factories.article(desk.an, f"A{number}")
        factories.cite(article, desk.an, old)
        factories.in_review(article, desk=desk)
        factories.source(f"owned{number}", owner=old)
        factories.source(f"new{number}")

    chi = enter(desk.chi)
    more(0)
    chi.get(merge_url(old))
    one = asked(into=new.pk), asked(q="new")
    for number in range(1, 30):
        more(number)
    assert (asked(into=new.pk), asked(q="new")) == one


def test_what_a_merge_does_to_live_articles_is_asked_first_and_they_wait(
    old: Source, new: Source, desk: Desk, enter: Enter
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, old)
    factories.published(article, desk=desk)
    chi = enter(desk.chi)
    with unchanged():
        asked = chi.post(merge_url(old), posted(chi, old, new))
    shown = page(asked)
    assert shown.said("desk-title") == ["This changes the number or a badge of 1 live article in 1 language."]
    carried = shown.form(**{"class": "desk-decision"}) | {"csrfmiddlewaretoken": ""}
    with unchanged():
        back = chi.post(merge_url(old), carried | {"_show": "1"})
        assert chi.post(merge_url(old), carried | {"agreed": "0" * 64}).status_code == 409
    assert page(back).one("section", **{"aria-labelledby": "moves-heading"})
    done = chi.post(merge_url(old), carried | {"agreed": asked.context["agreed"]}, follow=True)
    assert done.redirect_chain == [(source_url(new), 302)]
    assert "1 live article waits to be reassessed now." in page(done).one("body").words
    assert Publication.objects.unsettled().count() == 1
    assert Publication.objects.get().reading().workings.percent == 42  # what readers were shown stays
