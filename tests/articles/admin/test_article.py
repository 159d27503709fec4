"""The editor's form: what a save writes and records, what is said of what cannot be kept, and that nothing is lost."""

import time
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Address, Article, Citation, Edit, Publication, ReviewStatus, Version
from sources.models import Source, SourceAddress
from tests import factories
from tests.articles.admin.conftest import (
    ADD,
    LIST,
    Enter,
    Form,
    change_url,
    changed,
    form_at,
    page,
    typed,
    unchanged,
    with_row,
)
from tests.articles.steps import edit
from tests.factories import Desk

WORDS = {
    "headline_vi": "Đà Nẵng mở cầu mới",
    "summary_vi": "Cầu mở hôm nay.",
    "body_vi": "<p>Mở đầu.</p><h2>Phần một</h2><p>Thân bài.</p>",
    "claim_vi": "Cầu mở hôm nay",
    "translator_vi": "",
    "headline_en": "Da Nang opens a bridge",
    "summary_en": "The bridge opens today.",
    "body_en": "<p>Opening.</p><h2>Part one</h2><p>Body.</p>",
    "claim_en": "",
    "translator_en": "Mai Lan",
}


def edits(after: int = 0) -> list[tuple[str, list[str], str]]:
    """Language, fields and editor of each edit, in order."""
    return [(row.language, row.fields, row.by.username) for row in Edit.objects.filter(pk__gt=after).order_by("pk")]


def last_edit() -> int:
    return Edit.objects.latest("pk").pk


def words(article: Article, *names: str) -> dict[str, Any]:
    article.refresh_from_db()
    return {name: getattr(article, name) for name in names}


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


# --- what a save writes ------------------------------------------------------------------------------


def test_an_editor_writes_an_article_in_both_languages_with_authors_and_citations(desk: Desk, enter: Enter) -> None:
    category, source = factories.category(), factories.source()
    authors = [factories.author("Mai Lan"), factories.author("Ho Nam")]
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS | {"category": str(category.pk), "authors": [str(author.pk) for author in authors]})
    form = with_row(form, url="https://example.org/one", title="One", quote="Said so.", accessed="2026-01-02")
    form = with_row(form, url="https://example.org/two", title="Two", stance="contradicts", locator="p. 4")

    response = an.post(ADD, form)

    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    article = Article.objects.get()
    assert words(article, *WORDS) == WORDS | {"translator_vi": None, "claim_en": None}
    assert words(article, "slug_vi", "slug_en", "category_id", "kind", "machine") == {
        "slug_vi": "da-nang-mo-cau-moi",
        "slug_en": "da-nang-opens-a-bridge",
        "category_id": category.pk,
        "kind": "news",
        "machine": "none",
    }
    assert {author.name for author in article.authors.all()} == {"Mai Lan", "Ho Nam"}
    cited = article.citations.values_list("key", "url", "source", "title", "stance", "quote", "locator", "accessed")
    assert [(*row[:7], str(row[7])) for row in cited] == [
        (1, "https://example.org/one", source.pk, "One", "supports", "Said so.", "", "2026-01-02"),
        (2, "https://example.org/two", source.pk, "Two", "contradicts", "", "p. 4", "None"),
    ]
    assert edits() == [
        ("vi", ["headline_vi", "summary_vi", "body_vi", "slug_vi", "claim_vi"], "an"),
        ("en", ["headline_en", "summary_en", "body_en", "slug_en", "translator_en"], "an"),
        ("", ["category_id", "kind", "machine"], "an"),
        ("", ["authors"], "an"),
        ("", ["citation 1"], "an"),
        ("", ["citation 2"], "an"),
    ]


def test_a_save_that_changes_nothing_leaves_no_edit(article: Article, desk: Desk, enter: Enter) -> None:
    dung = enter(desk.dung)
    with unchanged():
        response = dung.post(change_url(article), form_at(dung, change_url(article)))
    assert response.status_code == 302


def test_a_browsers_line_ends_are_no_change(article: Article, desk: Desk, enter: Enter) -> None:
    dung = enter(desk.dung)
    url = change_url(article)
    dung.post(url, form_at(dung, url, {"body_en": "<p>One.</p>\n<p>Two.</p>"}))
    with unchanged():
        dung.post(url, form_at(dung, url, {"body_en": "<p>One.</p>\r\n<p>Two.</p>"}))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("headline", "Another headline"),
        ("summary", "Another summary."),
        ("body", "<p>Another text.</p>"),
        ("slug", "another-address"),
        ("claim", "Another claim"),
        ("translator", "Ho Nam"),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_change_of_one_languages_words_is_an_edit_of_that_language_alone(
    field: str, value: str, language: str, article: Article, desk: Desk, enter: Enter
) -> None:
    before, dung, name = last_edit(), enter(desk.dung), f"{field}_{language}"
    dung.post(change_url(article), form_at(dung, change_url(article), {name: value}))
    assert words(article, name) == {name: value}
    assert edits(before) == [(language, [name], "dung")]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"kind": "analysis"}, ["kind"]),
        ({"machine": "assisted"}, ["machine"]),
        ({"category": ""}, ["category_id"]),
        ({"authors": []}, ["authors"]),
        ({"citations-0-quote": "Other words."}, ["citation 1"]),
        ({"citations-0-stance": "context"}, ["citation 1"]),
        ({"citations-0-DELETE": "on"}, ["citation 1"]),
    ],
)
def test_a_change_of_what_the_languages_share_is_a_shared_edit_alone(
    changes: dict[str, str | list[str]], fields: list[str], article: Article, desk: Desk, enter: Enter
) -> None:
    before, dung = last_edit(), enter(desk.dung)
    response = dung.post(change_url(article), form_at(dung, change_url(article), changes))
    assert response.status_code == 302
    assert edits(before) == [("", fields, "dung")]


def test_a_deleted_citation_is_gone_and_its_key_is_never_given_again(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)
    an.post(url, form_at(an, url, {"citations-0-DELETE": "on"}))
    assert not article.citations.exists()
    an.post(url, with_row(form_at(an, url), url="https://example.org/new"))
    assert list(article.citations.values_list("key", "position")) == [(2, 2)]


def test_a_new_author_is_the_only_change_of_a_save_that_adds_one(article: Article, desk: Desk, enter: Enter) -> None:
    before, an, url = last_edit(), enter(desk.an), change_url(article)
    form = form_at(an, url)
    an.post(url, changed(form, {"authors": [*form["authors"], str(factories.author("Ho Nam").pk)]}))
    assert sorted(author.name for author in article.authors.all()) == ["Ho Nam", "Mai Lan"]
    assert edits(before) == [("", ["authors"], "an")]


def test_one_citation_of_ten_that_changes_is_one_edit(article: Article, desk: Desk, enter: Enter) -> None:
    for number in range(9):
        factories.cite(article, desk.an, factories.source(f"more{number}"))
    before, dung, url = last_edit(), enter(desk.dung), change_url(article)
    assert dung.post(url, form_at(dung, url, {"citations-4-locator": "p. 5"})).status_code == 302
    assert edits(before) == [("", ["citation 5"], "dung")]
    assert list(article.citations.exclude(locator="").values_list("key", "locator")) == [(5, "p. 5")]


# --- save and submit ---------------------------------------------------------------------------------


# --- save and submit ---------------------------------------------------------------------------------


def submit(enter: Enter, user: User, url: str, form: Form, language: str = "en") -> HttpResponse:
    """The page after "Save and submit"."""
    client = enter(user)
    response = client.post(url, changed(form, {"_submit": language}))
    assert response.status_code == 302
    return client.get(response.headers["Location"])


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]


def moved() -> tuple[int, int, int, int]:
    return tuple(model.objects.count() for model in (Version, ReviewStatus, Publication, Address))  # type: ignore[return-value]


def test_save_and_submit_saves_first_and_submits_what_was_saved(article: Article, desk: Desk, enter: Enter) -> None:
    url = change_url(article)
    after = submit(enter, desk.dung, url, form_at(enter(desk.dung), url, {"headline_en": "Newer words"}))
    assert told(after) == ["Saved and submitted for review: version 1, English."]
    assert "Saved and submitted for review: version 1, English." in page(after).one("body").words
    assert words(article, "headline_en") == {"headline_en": "Newer words"}
    publication = Publication.objects.get()
    version = publication.in_review
    assert version is not None
    assert (version.language, version.number, version.headline, version.frozen_by) == (
        "en", 1, "Newer words", desk.dung,
    )  # fmt: skip
    assert version.contributors == [{"id": desk.an.pk, "name": "An"}, {"id": desk.dung.pk, "name": "Dung"}]
    assert list(ReviewStatus.objects.values_list("version", "status", "actor")) == [
        (version.pk, "submitted", desk.dung.pk)
    ]
    assert list(Address.objects.values_list("language", "slug", "article")) == [("en", "headline-alpha", article.pk)]
    assert (publication.approved, publication.live, publication.state) == (None, None, "never")


def test_save_and_submit_works_on_the_form_of_a_new_article(desk: Desk, enter: Enter) -> None:
    form = form_at(enter(desk.an), ADD, WORDS | {"category": str(factories.category().pk)})
    form = changed(form, {"authors": [str(factories.author().pk)]})
    after = submit(enter, desk.an, ADD, form, "vi")
    assert told(after) == ["Saved and submitted for review: version 1, Vietnamese."]
    assert Version.objects.get().headline == WORDS["headline_vi"]


def test_an_incomplete_language_is_saved_but_not_submitted_and_nothing_typed_is_lost(desk: Desk, enter: Enter) -> None:
    vietnamese = {name: text for name, text in WORDS.items() if name.endswith("_vi")}
    form = form_at(enter(desk.an), ADD, vietnamese | {"translator_en": "Mai Lan"})
    after = submit(enter, desk.an, ADD, with_row(form, url="https://new.example/1", new_source="New Example"))
    assert told(after) == [
        "Saved, but not submitted. English is incomplete. Missing: headline, summary, text, address, "
        "category, with a name in this language and author."
    ]
    kept = typed(after)
    assert {name: kept[name][0] for name in (*vietnamese, "translator_en", "citations-0-url")} == vietnamese | {
        "translator_en": "Mai Lan",
        "citations-0-url": "https://new.example/1",
    }
    assert Article.objects.count() == 1
    assert moved() == (0, 0, 0, 0)


@pytest.mark.parametrize("language", ["fr", "VI", "", "en\0"])
def test_a_language_that_the_desk_does_not_have_is_not_submitted(
    language: str, article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)
    form = form_at(an, url, {"_submit": language})
    with unchanged():
        assert an.post(url, form).headers["Location"] == LIST


def test_an_address_that_is_taken_is_refused_with_everything_typed_kept(desk: Desk, enter: Enter) -> None:
    factories.in_review(factories.article(desk.an, "Alpha"), desk=desk)
    article = factories.article(desk.an, "Beta")
    before, url = moved(), change_url(article)
    after = submit(enter, desk.an, url, form_at(enter(desk.an), url, {"slug_en": "headline-alpha"}))
    assert told(after) == [
        "Saved, but not submitted. The address “headline-alpha” belongs to another article. Choose another one."
    ]
    assert typed(after)["slug_en"] == ["headline-alpha"]
    assert moved() == before


def test_a_mark_whose_citation_is_gone_is_refused_with_the_mark_kept(
    article: Article, desk: Desk, enter: Enter
) -> None:
    body, url = '<p>So <sup data-cite="1"></sup> and so <sup data-cite="7"></sup>.</p>', change_url(article)
    form = form_at(enter(desk.an), url, {"body_en": body, "citations-0-DELETE": "on"})
    after = submit(enter, desk.an, url, form)
    assert told(after) == [
        "Saved, but not submitted. The text has marks whose citation is gone: [1], [7]. "
        "Remove the marks or add the citations."
    ]
    assert typed(after)["body_en"] == [body]
    assert moved() == (0, 0, 0, 0)


def test_what_is_in_review_already_is_saved_and_not_submitted_again(article: Article, desk: Desk, enter: Enter) -> None:
    factories.in_review(article, desk=desk)
    before, url = moved(), change_url(article)
    after = submit(enter, desk.an, url, form_at(enter(desk.an), url, {"headline_en": "Newer"}))
    assert told(after) == ["Saved, but not submitted. Version 1 is in review already. Recall it first."]
    assert words(article, "headline_en") == {"headline_en": "Newer"}
    assert moved() == before
    assert Version.objects.get().headline == "Headline Alpha"


def test_controls_and_bidirectional_signs_never_reach_a_version(article: Article, desk: Desk, enter: Enter) -> None:
    signs, url = "\u202e\u2066\u200b\x07\x1b\x9f\ufeff", change_url(article)
    texts = {f"{name}_en": f"A{signs}b" for name in ("headline", "summary", "claim", "translator")}
    texts |= {"body_en": f"<p>A{signs}b</p>", "citations-0-title": f"A{signs}b", "citations-0-quote": f"A{signs}b"}
    submit(enter, desk.an, url, form_at(enter(desk.an), url, texts))
    version = Version.objects.get()
    assert (version.headline, version.summary, version.claim, version.translator, version.body) == (
        "Ab", "Ab", "Ab", "Ab", "<p>Ab</p>",
    )  # fmt: skip
    assert [(cited["title"], cited["quote"]) for cited in version.citations] == [("Ab", "Ab")]


# --- what cannot be kept as it is --------------------------------------------------------------------

SCHEME = "The address must start with https:// or http://."
PLATFORM = (
    "x.com is a platform: the source of a post is its author. Give the address of the post or of the account."
)  # fmt: skip
NOBODY = "No source is known for new.example yet. Choose one, or write its name under “New source”."
NESTED = "This text is nested 50000 levels deep and has 50000 tags; at most 100 and 5000 can be kept."
LONG = "This text is 200 kB long; at most 200 kB can be kept."
NUL = "Null characters are not allowed."
SLUG = "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."
UNFOUND: dict[str, str | list[str]] = {"citations-0-source": []}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (UNFOUND | {"citations-0-url": "https://new.example/1"}, NOBODY),
        (UNFOUND | {"citations-0-url": "https://new.example/1", "citations-0-new_source": "\u200b \u202e"}, NOBODY),
        (UNFOUND | {"citations-0-url": "javascript:alert(1)"}, SCHEME),
        (UNFOUND | {"citations-0-url": "ftp://example.org/1"}, SCHEME),
        (UNFOUND | {"citations-0-url": "example", "citations-0-new_source": "Example"}, SCHEME),
        (UNFOUND | {"citations-0-url": "https://x.com/"}, PLATFORM),
        (UNFOUND | {"citations-0-url": "https://x.com/", "citations-0-new_source": "X"}, PLATFORM),
        (UNFOUND | {"citations-0-url": "https://[::1"}, "“https://[::1” is not a web address."),
        ({"citations-0-url": "javascript:alert(1)"}, SCHEME),
        ({"citations-0-url": "example"}, SCHEME),
        ({"citations-0-url": ""}, "This field is required."),
        ({"citations-0-archive_url": "data:text/html,x"}, SCHEME),
        ({"citations-0-accessed": "yesterday"}, "Enter a valid date."),
        ({"citations-0-position": "-1"}, "Ensure this value is greater than or equal to 0."),
        ({"headline_en": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"summary_vi": "x" * 401}, "Ensure this value has at most 400 characters (it has 401)."),
        ({"slug_en": "Not an address!"}, SLUG),
        ({"slug_vi": "địa-chỉ"}, SLUG),
        ({"headline_en": "A\0b"}, NUL),
        ({"body_vi": "<p>A\0b</p>"}, NUL),
        ({"citations-0-url": "https://example.org/\0"}, NUL),
        ({"body_en": "<ul><li>" * 25_000}, NESTED),
        ({"body_en": "<p>" + "x" * 200_000 + "</p>"}, LONG),
    ],
)
def test_what_cannot_be_kept_is_told_in_a_sentence_and_all_that_was_typed_stays(
    changes: dict[str, str | list[str]], sentence: str, article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)
    form = form_at(an, url, {"headline_vi": "Typed a moment ago", "citations-0-quote": "And this."} | changes)
    with unchanged():
        response = an.post(url, changed(form, {"_submit": "en"}))
    assert response.status_code == 200
    assert page(response).faults() == [sentence]
    assert typed(response) == {"citations-0-source": [""]} | {name: texts for name, texts in form.items() if texts}


def test_beside_a_form_with_faults_stands_what_is_saved_not_what_was_typed(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)

    def beside(response: HttpResponse) -> list[str]:
        shown = page(response)
        return shown.said("desk-standings") + shown.said("desk-panel")

    before = beside(an.get(url))
    response = an.post(url, form_at(an, url, {"headline_en": "", "kind": "opinion", "slug_vi": "not an address"}))
    assert page(response).faults() == [SLUG]
    assert beside(response) == before


def test_a_source_that_was_chosen_can_be_cleared(article: Article, desk: Desk, enter: Enter) -> None:
    select = page(enter(desk.an).get(change_url(article))).one("select", name="citations-0-source")
    assert (select["data-allow-clear"], "required" in select.attributes) == ("true", False)


def test_several_faults_of_a_new_article_are_told_at_once_and_nothing_is_made(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS | {"headline_en": "x" * 201, "slug_vi": "a b"})
    form = with_row(form, url="https://new.example/1")
    form = with_row(form, url="https://made.example/1", new_source="Made")
    form = with_row(form, url="gopher://old.example/1")
    factories.source()
    with unchanged():
        response = an.post(ADD, form)
    assert response.status_code == 200
    assert sorted(page(response).faults()) == sorted(
        [SLUG, "Ensure this value has at most 200 characters (it has 201).", NOBODY, SCHEME]
    )
    assert typed(response) == form


@pytest.mark.parametrize("body", ["<ul><li>" * 25_000, "<b " + "a=b " * 49_000 + ">", "<" * 199_000, "<p>" * 600_000])
def test_a_text_beyond_all_bounds_is_answered_fast(body: str, article: Article, desk: Desk, enter: Enter) -> None:
    an, url = enter(desk.an), change_url(article)
    form = form_at(an, url, {"body_en": body})
    start = time.process_time()
    response = an.post(url, form)
    assert time.process_time() - start < 2
    assert response.status_code in {200, 302}


def test_a_word_of_a_hundred_kilobytes_is_kept_whole(article: Article, desk: Desk, enter: Enter) -> None:
    an, url, body = enter(desk.an), change_url(article), f"<p>{'x' * 100_000}</p>"
    form = form_at(an, url, {"body_en": body})
    start = time.process_time()
    assert an.post(url, form).status_code == 302
    assert time.process_time() - start < 2
    assert words(article, "body_en") == {"body_en": body}


def test_lone_surrogates_arrive_as_replacement_characters(article: Article, desk: Desk, enter: Enter) -> None:
    an, url = enter(desk.an), change_url(article)
    pairs = [f"{name}={value}" for name, [value] in form_at(an, url, {"headline_en": "%ED%A0%80b"}).items()]
    response = an.post(url, "&".join(pairs), content_type="application/x-www-form-urlencoded")
    assert response.status_code == 302
    assert words(article, "headline_en") == {"headline_en": "\ufffd\ufffd\ufffdb"}


def test_more_rows_than_an_article_can_have_are_refused_before_they_are_drawn(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)
    form = form_at(an, url, {"citations-TOTAL_FORMS": "999999999"})
    start = time.process_time()
    with unchanged():
        response = an.post(url, form)
    assert time.process_time() - start < 10
    shown = page(response)
    assert (response.status_code, shown.faults()[:1]) == (200, ["Please submit at most 60 forms."])
    assert shown.form(id="article_form")["citations-0-url"] == ["https://example.org/1"]


# --- from the URL to its source ----------------------------------------------------------------------


def test_a_new_host_with_a_name_becomes_a_source_that_nobody_has_rated(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an, url = enter(desk.an), change_url(article)
    form = with_row(form_at(an, url), url="https://www.new.example/a/b?c#d", new_source="New Example")
    assert an.post(url, form).status_code == 302
    source = Source.objects.with_tier().get(slug="new-example")
    assert (source.name_en, source.name_vi, source.tier) == ("New Example", None, None)
    assert list(source.addresses.values_list("host", "path")) == [("new.example", "")]
    assert list(article.citations.values_list("source__slug", flat=True)) == ["example", "new-example"]


def test_two_rows_of_one_new_host_make_one_source(article: Article, desk: Desk, enter: Enter) -> None:
    an, url = enter(desk.an), change_url(article)
    form = with_row(form_at(an, url), url="https://new.example/1", new_source="New Example")
    form = with_row(form, url="https://WWW.new.example/2", new_source="The same, spelt otherwise")
    assert an.post(url, form).status_code == 302
    assert list(SourceAddress.objects.filter(host="new.example").values_list("source__name_en")) == [("New Example",)]
    assert Source.objects.count() == 2
    assert list(article.citations.values_list("source__slug", flat=True)) == ["example", "new-example", "new-example"]


def test_a_saved_citation_whose_source_is_cleared_finds_it_again(article: Article, desk: Desk, enter: Enter) -> None:
    an, url = enter(desk.an), change_url(article)
    other = factories.source("other")
    response = an.post(url, form_at(an, url, UNFOUND | {"citations-0-url": "https://news.other.org/1"}))
    assert response.status_code == 302
    assert Citation.objects.get().source == other


# --- forged ------------------------------------------------------------------------------------------

FORGED = {
    "state": "live",
    "live": "1",
    "approved": "1",
    "in_review": "1",
    "live_approval": "1",
    "digest": "0" * 64,
    "stamp": "99",
    "first_published": "2026-01-01",
    "last_published": "2026-01-01",
    "actor": "1",
    "by": "1",
    "self_review": "on",
    "contributors": "[]",
    "last_key": "40",
    "id": "1",
    "pk": "1",
    "headline": "Forged",
    "citations-0-key": "40",
    "citations-0-by": "1",
    "_saveasnew": "1",
    "_popup": "1",
    "_to_field": "id",
    "_continue": "1",
    "_addanother": "1",
    "action": "delete_selected",
    "_selected_action": "1",
    "delete": "1",
    "post": "yes",
}


@pytest.mark.parametrize("name", FORGED)
@pytest.mark.parametrize("superuser", [False, True])
def test_a_forged_field_of_the_form_changes_nothing(
    name: str, superuser: bool, article: Article, desk: Desk, enter: Enter
) -> None:
    factories.approved(article, desk=desk)
    forger = enter(factories.user("root", is_superuser=True) if superuser else desk.an)
    form = form_at(forger, change_url(article), {name: FORGED[name]})
    with unchanged():
        assert forger.post(change_url(article), form).status_code in {200, 302}


def test_forged_fields_of_a_new_article_are_not_in_it(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    an.post(ADD, form_at(an, ADD, WORDS | FORGED | {"_popup": ""}))
    article = Article.objects.get()
    assert (article.last_key, article.headline_en, article.headline_vi) == (
        0, WORDS["headline_en"], WORDS["headline_vi"],
    )  # fmt: skip
    assert moved() == (0, 0, 0, 0)
    assert {editor for _language, _fields, editor in edits()} == {"an"}


@pytest.mark.parametrize("initial", ["0", "1"])
@pytest.mark.parametrize("name", ["citations-0-id", "citations-0-article"])
def test_another_articles_citation_cannot_be_reached_through_this_form(
    name: str, initial: str, article: Article, desk: Desk, enter: Enter
) -> None:
    other = factories.article(desk.an, "Beta")
    cited = factories.cite(other, desk.an)
    an, url = enter(desk.an), change_url(article)
    foreign = {"citations-0-id": cited.pk, "citations-0-article": other.pk}[name]
    form = form_at(an, url, {"citations-0-quote": "Forged", "citations-INITIAL_FORMS": initial, name: str(foreign)})
    before = Citation.objects.filter(article=other).values().get()
    edited = other.edits.count()
    for deleted in ({}, {"citations-0-DELETE": "on"}):
        an.post(url, changed(form, deleted))
        assert Citation.objects.filter(article=other).values().get() == before
        assert other.edits.count() == edited


def test_a_form_with_a_row_of_another_article_is_not_saved(article: Article, desk: Desk, enter: Enter) -> None:
    other = factories.article(desk.an, "Beta")
    an, url = enter(desk.an), change_url(article)
    form = form_at(an, url, {"headline_en": "Forged", "citations-0-article": str(other.pk)})
    with unchanged():
        assert an.post(url, form).status_code == 200


@pytest.mark.parametrize(
    "post",
    [
        {"action": "delete_selected", "_selected_action": "1", "post": "yes"},
        {"action": "delete_selected", "_selected_action": "1", "select_across": "1", "index": "0"},
        {"action": "approve", "_selected_action": "1"},
        {"_save": "Save", "form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": "1", "form-0-kind": "page"},
    ],
)
@pytest.mark.parametrize("superuser", [False, True])
def test_the_list_of_articles_changes_nothing(
    post: dict[str, str], superuser: bool, article: Article, desk: Desk, enter: Enter
) -> None:
    forger = enter(factories.user("root", is_superuser=True) if superuser else desk.an)
    with unchanged():
        assert forger.post(LIST, {**post, "_selected_action": str(article.pk)}).status_code in {200, 302}


@pytest.mark.parametrize("name", ["binh", "chi", "em"])
def test_who_does_not_edit_cannot_save_a_complete_form(name: str, article: Article, desk: Desk, enter: Enter) -> None:
    form = form_at(enter(desk.an), change_url(article), {"headline_en": "Forged", "_submit": "en"})
    with unchanged():
        assert enter(getattr(desk, name)).post(change_url(article), form).status_code == 403
        assert enter(getattr(desk, name)).post(ADD, form).status_code == 403


# --- how many questions it asks ----------------------------------------------------------------------


def asked(enter: Enter, user: User, url: str) -> int:
    client = enter(user)
    client.get(url)  # what is asked once a process is not counted
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_the_list_and_the_form_ask_as_much_of_thirty_articles_as_of_one(
    article: Article, desk: Desk, enter: Enter
) -> None:
    factories.in_review(article, desk=desk)
    urls = [LIST, change_url(article), ADD]
    one = [asked(enter, desk.an, url) for url in urls]
    for number in range(29):
        more = factories.article(desk.an, f"Beta{number}")
        factories.cite(more, desk.an)
        factories.in_review(more, "en" if number % 2 else "vi", desk=desk)
    assert [asked(enter, desk.an, url) for url in urls] == one
    assert one == [8, 28, 7]


def test_who_may_only_look_asks_as_much_of_thirty_citations_as_of_one(
    article: Article, desk: Desk, enter: Enter
) -> None:
    one = asked(enter, desk.binh, change_url(article))
    for number in range(29):
        origin = factories.source(f"origin{number}")
        factories.cite(article, desk.an, factories.source(f"more{number}"), origin=origin, first_hand=False)
    assert asked(enter, desk.binh, change_url(article)) == one == 24


def test_the_form_says_beside_which_version_a_submission_from_it_counts_as_made(enter: Enter, desk: Desk) -> None:
    article = factories.article(desk.an)

    def told() -> list[str]:
        said = [each.words for each in page(enter(desk.an).get(change_url(article))).all("small")]
        return [sentence for sentence in said if "counts as made" in sentence]

    def sentence(language: str, number: int) -> str:
        return f"Submitted here, it counts as made beside {language}, version {number}, and as saying the same."

    assert told() == []
    factories.published(article, "vi", desk=desk)
    assert told() == [sentence("Vietnamese", 1)]
    factories.published(article, "en", desk=desk)
    assert told() == [sentence("English", 1)]  # of Vietnamese, which was made beside nothing
    edit(article, desk.an, summary_vi="Mới.")
    newer = factories.approved(Article.objects.get(pk=article.pk), "vi", desk=desk)
    workflow.correct(newer, by=desk.chi, version=2, kind="correction", note="Why.")
    assert told() == [sentence("Vietnamese", 2)]
    edit(article, desk.an, summary_en="New.")
    made = workflow.submit(Article.objects.get(pk=article.pk), "en", by=desk.an)
    assert made.made_from == newer.live or made.made_from == newer.approved
    assert told() == []
