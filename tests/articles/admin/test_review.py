"""The review screen: what it names is what is approved, by somebody else; and others' words are only ever words."""

import re
from collections.abc import Callable
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from articles import workflow
from articles.models import Article, Publication, ReviewStatus, Verification, Version
from sources.models import SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.admin.conftest import (
    LIST,
    Enter,
    Form,
    Page,
    change_url,
    changed,
    form_at,
    page,
    reads_only,
    review_url,
    unchanged,
)
from tests.factories import Desk

YOURS = "You contributed to this version, so somebody else has to approve it."
CHANGED = "Something changed while you were reading. Look again, then approve."
NONE_IN_REVIEW = "No version of this language is in review."
NO_NOTE = "Write a note: it says why."


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def publication(article: Article, desk: Desk) -> Publication:
    return factories.in_review(article, desk=desk)


def screen(client: Client, publication: Publication) -> Page:
    response = client.get(review_url(publication))
    assert response.status_code == 200
    return page(response)


def decision(client: Client, publication: Publication, **fields: str) -> Form:
    return changed(screen(client, publication).form(**{"class": "desk-decision"}), fields)


def number(shown: Page) -> str:
    [told] = shown.said("desk-number")
    return told.partition(" ")[0]


def ledger() -> list[tuple[str, str, str]]:
    return [(row.status, row.actor.username, row.note) for row in ReviewStatus.objects.order_by("pk")]


def told(response: HttpResponse) -> list[str]:
    return [str(message) for message in response.context["messages"]]  # type: ignore[attr-defined]


# --- approving ---------------------------------------------------------------------------------------


def test_the_screen_names_what_stands_on_it(publication: Publication, desk: Desk, enter: Enter) -> None:
    version = publication.in_review
    assert version is not None
    shown = screen(enter(desk.binh), publication)
    form = shown.form(**{"class": "desk-decision"})
    form.pop("csrfmiddlewaretoken")
    assert form == {"seen": [factories.seen(publication)], "version": ["1"], "note": [""]}
    assert f"SHA-256 {version.digest}" in shown.one("form", **{"class": "desk-decision"}).words
    assert number(shown) == "58%"
    assert shown.one("iframe").attributes == {
        "class": "desk-frame",
        "sandbox": "allow-same-origin",
        "src": reverse("admin:articles_version_reading", args=[version.pk]),
        "title": "The article as readers would see it",
    }


def test_an_approval_is_of_exactly_what_was_on_the_screen(publication: Publication, desk: Desk, enter: Enter) -> None:
    binh, version = enter(desk.binh), publication.in_review
    assert version is not None
    response = binh.post(review_url(publication), decision(binh, publication, approve="1", note=" Well done. "))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert told(binh.get("/admin/")) == ["Version 1, English: approved."]
    publication.refresh_from_db()
    assert (publication.in_review, publication.approved, publication.live, publication.state) == (
        None, version, None, "never",
    )  # fmt: skip
    row = ReviewStatus.objects.get(status="approved")
    assert (row.version, row.actor, row.note, row.digest, row.self_review) == (
        version, desk.binh, "Well done.", version.digest, False,
    )  # fmt: skip
    assert row.confidence is not None
    assert row.confidence["workings"]["percent"] == 58
    assert ledger() == [("submitted", "an", ""), ("approved", "binh", "Well done.")]


def test_a_superuser_who_had_no_part_in_it_may_approve(publication: Publication, desk: Desk, enter: Enter) -> None:
    root = enter(factories.user("root", is_superuser=True))
    root.post(review_url(publication), decision(root, publication, approve="1"))
    assert ledger() == [("submitted", "an", ""), ("approved", "root", "")]


Contribution = Callable[[Article, Desk, Enter], User]


def wrote_it(article: Article, desk: Desk, enter: Enter) -> User:
    desk.an.groups.set(desk.dung.groups.all())
    return desk.an


def changed_a_word(article: Article, desk: Desk, enter: Enter) -> User:
    enter(desk.dung).post(change_url(article), form_at(enter(desk.dung), change_url(article), {"summary_en": "Mine."}))
    return desk.dung


def changed_a_citation(article: Article, desk: Desk, enter: Enter) -> User:
    changes = {"citations-0-quote": "Mine."}
    enter(desk.dung).post(change_url(article), form_at(enter(desk.dung), change_url(article), changes))
    return desk.dung


def is_in_the_byline(article: Article, desk: Desk, enter: Enter) -> User:
    article.set_authors([factories.author("Le Binh", desk.binh)], by=desk.an)
    return desk.binh


def changed_a_word_as_superuser(article: Article, desk: Desk, enter: Enter) -> User:
    root = factories.user("root", is_superuser=True)
    enter(root).post(change_url(article), form_at(enter(root), change_url(article), {"headline_en": "Mine"}))
    return root


@pytest.mark.parametrize(
    "contributed",
    [wrote_it, changed_a_word, changed_a_citation, is_in_the_byline, changed_a_word_as_superuser],
    ids=lambda contributed: contributed.__name__,
)
def test_nobody_approves_what_they_contributed_to(
    contributed: Contribution, article: Article, desk: Desk, enter: Enter
) -> None:
    client = enter(contributed(article, desk, enter))
    publication = factories.in_review(article, desk=desk)
    shown = screen(client, publication)
    button = shown.one("button", name="approve")
    assert "disabled" in button.attributes
    assert shown.one("p", id=button["aria-describedby"]).words == YOURS
    for forged in ({"approve": "1"}, {}, {"self_review": "on"}, {"actor": "2", "by": "2"}):
        post = {"seen": factories.seen(publication), "version": "1", "note": "Typed <b>with</b> care.", **forged}
        with unchanged():
            response = client.post(review_url(publication), post)
        assert response.status_code == 409
        assert page(response).said("desk-refused") == [YOURS]
        assert page(response).one("textarea", name="note").text == "Typed <b>with</b> care."


def test_who_submitted_the_words_of_others_does_not_approve_them(article: Article, desk: Desk, enter: Enter) -> None:
    workflow.submit(article, "en", by=desk.dung)
    publication = Publication.objects.get()
    with unchanged():
        response = enter(desk.dung).post(review_url(publication), {"seen": factories.seen(publication)})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [YOURS])


@pytest.mark.parametrize("name", ["an", "chi"])
def test_only_reviewers_decide(name: str, publication: Publication, desk: Desk, enter: Enter) -> None:
    client = enter(getattr(desk, name))
    shown = screen(client, publication)
    for button in ("approve", "request_changes"):
        assert "disabled" in shown.one("button", name=button).attributes
        post = {"seen": factories.seen(publication), "version": "1", "note": "Typed.", button: "1"}
        with unchanged():
            response = client.post(review_url(publication), post)
        assert (response.status_code, page(response).said("desk-refused")) == (409, ["Only Reviewers may do this."])
        assert page(response).one("textarea", name="note").text == "Typed."


# --- a screen that is out of date --------------------------------------------------------------------

Meanwhile = Callable[[Publication, Desk], object]


def other_words(publication: Publication, desk: Desk) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    publication.article.headline_en = "Other words"
    publication.article.save(by=desk.an)
    workflow.submit(publication.article, "en", by=desk.an)


def a_verification(publication: Publication, desk: Desk) -> None:
    workflow.verify(publication, by=desk.dung, version=1, number=1, checked="Read it.")


def another_tier(publication: Publication, desk: Desk) -> None:
    SourceAssessment(source=factories.source(), tier=2, assessor=desk.chi, review_by=date(2030, 1, 1)).save()


def an_outcome(publication: Publication, desk: Desk) -> None:
    SourceOutcome(source=factories.source(), held=False, reason="Fell.", by=desk.chi).save()


@pytest.mark.parametrize(
    "meanwhile", [other_words, a_verification, another_tier, an_outcome], ids=lambda meanwhile: meanwhile.__name__
)
def test_a_screen_that_is_out_of_date_approves_nothing_and_comes_back_new(
    meanwhile: Meanwhile, publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    old = decision(binh, publication, approve="1", note="Typed before.")
    meanwhile(publication, desk)
    with unchanged():
        response = binh.post(review_url(publication), old)
    assert response.status_code == 409
    assert page(response).said("desk-refused") == [CHANGED]
    renewed = page(response).form(**{"class": "desk-decision"})
    assert renewed["note"] == ["Typed before."]
    assert renewed["seen"] == [factories.seen(publication)] != old["seen"]
    assert binh.post(review_url(publication), changed(renewed, {"approve": "1"})).status_code == 302
    publication.refresh_from_db()
    assert publication.approved is not None
    assert publication.approved.headline == ("Other words" if meanwhile is other_words else "Headline Alpha")


@pytest.mark.parametrize("seen", ["", "0" * 64, "\0", "é" * 64])
def test_a_made_up_hash_approves_nothing(seen: str, publication: Publication, desk: Desk, enter: Enter) -> None:
    with unchanged():
        response = enter(desk.binh).post(review_url(publication), {"seen": seen, "approve": "1", "note": "Typed."})
    assert (response.status_code, page(response).said("desk-refused")) == (409, [CHANGED])


def test_what_another_reviewer_has_decided_meanwhile_is_not_decided_again(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    factories.cite(publication.article, desk.an)
    binh = enter(desk.binh)
    old = decision(binh, publication, note="Typed.")
    factories.approve(publication, desk=desk)
    for button in ("approve", "request_changes"):
        with unchanged():
            response = binh.post(review_url(publication), changed(old, {button: "1"}))
        assert (response.status_code, page(response).said("desk-refused")) == (409, [NONE_IN_REVIEW])


# --- sending back ------------------------------------------------------------------------------------


def test_a_request_for_changes_needs_a_note_and_reaches_the_editor_with_it(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    for note in ("", "  ", "\u200b\u202e"):
        with unchanged():
            response = binh.post(review_url(publication), decision(binh, publication, request_changes="1", note=note))
        assert (response.status_code, page(response).said("desk-refused")) == (409, [NO_NOTE])
    response = binh.post(review_url(publication), decision(binh, publication, request_changes="1", note="Who says so?"))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    publication.refresh_from_db()
    assert (publication.in_review, publication.approved) == (None, None)
    assert ledger() == [("submitted", "an", ""), ("changes_requested", "binh", "Who says so?")]
    assert page(enter(desk.an).get(change_url(publication.article))).said("desk-sent-back") == [
        "Binh asked for changes: Who says so?"
    ]


@pytest.mark.parametrize("version", ["2", "0", "-1", "", "1.0", "１", "9" * 5000, "1\0"])
def test_a_request_for_changes_names_the_version_on_the_screen(
    version: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    post = {"request_changes": "1", "version": version, "note": "Typed."}
    with unchanged():
        response = enter(desk.binh).post(review_url(publication), post)
    assert response.status_code == 409
    assert page(response).said("desk-refused") == ["Version 1 took its place meanwhile. Look again."]
    assert page(response).one("textarea", name="note").text == "Typed."


# --- verifying ---------------------------------------------------------------------------------------


def verify_url(publication: Publication, number: int = 1) -> str:
    return reverse("admin:articles_publication_verify", args=[publication.pk, number])


def test_a_verification_moves_the_number_on_the_next_look_and_so_does_taking_it_back(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    before = screen(binh, publication)
    assert number(before) == "58%"
    response = binh.post(verify_url(publication), before.form(action=verify_url(publication)))
    assert response.headers["Location"] == f"{review_url(publication)}#citation-1"
    after = screen(binh, publication)
    assert number(after) == "83%"
    assert [words.partition(",")[0] for words in after.said("desk-verified")] == ["✓ verified"]
    assert after.form(**{"class": "desk-decision"})["seen"] == [factories.seen(publication)]
    assert list(Verification.objects.values_list("article", "checked", "withdrawn", "by")) == [
        (publication.article_id, "Opened the page; it says what we say it says.", False, desk.binh.pk)
    ]
    binh.post(verify_url(publication), after.form(action=verify_url(publication)) | {"withdrawn": ["1"]})
    assert number(screen(binh, publication)) == "58%"
    assert list(Verification.objects.values_list("withdrawn", flat=True)) == [False, True]


@pytest.mark.parametrize(
    ("number", "post", "sentence"),
    [
        (1, {"version": "1", "checked": ""}, "Say what you checked."),
        (1, {"version": "1", "checked": "\u200b"}, "Say what you checked."),
        (1, {"version": "2", "checked": "Read."}, "Version 1 took its place meanwhile. Look again."),
        (1, {"checked": "Read."}, "Version 1 took its place meanwhile. Look again."),
        (2, {"version": "1", "checked": "Read."}, "This version has no citation 2."),
        (0, {"version": "1", "checked": "Read."}, "This version has no citation 0."),
    ],
)
def test_a_verification_that_cannot_be_kept_is_told_in_a_sentence(
    number: int, post: dict[str, str], sentence: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    binh = enter(desk.binh)
    with unchanged():
        binh.post(verify_url(publication, number), post)
    assert told(binh.get(review_url(publication))) == [sentence]


def test_nobody_verifies_the_citations_of_an_article_they_contributed_to(
    article: Article, desk: Desk, enter: Enter
) -> None:
    sentence = "You contributed to this article, so somebody else has to verify its citations."
    article.summary_vi = "Another language, long ago."
    article.save(by=desk.dung)
    publication = factories.in_review(article, desk=desk)
    dung = enter(desk.dung)
    shown = screen(dung, publication)
    assert shown.all("form", action=verify_url(publication)) == []
    assert sentence in shown.one("body").words
    with unchanged():
        dung.post(verify_url(publication), {"version": "1", "checked": "Read it."})
    assert told(dung.get("/admin/")) == [sentence]


def test_a_verification_is_asked_for_by_post_alone(publication: Publication, desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)
    with unchanged(), reads_only():
        assert binh.get(verify_url(publication), {"version": "1", "checked": "Read."}).status_code == 302


# --- a note to the reader ----------------------------------------------------------------------------


def unsourced(article: Article, desk: Desk) -> str:
    article.citations.get().delete(by=desk.an)
    return "Nothing supports the claim with a source: say in a note why it may be published."


def not_rated(article: Article, desk: Desk) -> str:
    article.citations.get().delete(by=desk.an)
    factories.cite(article, desk.an, factories.source("unknown", tier=None))
    return "None of its sources is rated: say in a note why it may be published."


def below_the_floor(article: Article, desk: Desk) -> str:
    article.citations.get().delete(by=desk.an)
    factories.cite(article, desk.an, factories.source("low", tier=4))
    return "The confidence is below 45%: say in a note why it may be published."


@pytest.mark.parametrize("weak", [unsourced, not_rated, below_the_floor], ids=lambda weak: weak.__name__)
def test_what_stands_on_too_little_is_approved_only_with_a_note_to_the_reader(
    weak: Callable[[Article, Desk], str], article: Article, desk: Desk, enter: Enter
) -> None:
    sentence = weak(article, desk)
    publication = factories.in_review(article, desk=desk)
    binh = enter(desk.binh)
    assert screen(binh, publication).one("p", id="note-help").words.startswith(sentence)
    for note in ("", " \n ", "\u200b"):
        with unchanged():
            response = binh.post(review_url(publication), decision(binh, publication, approve="1", note=note))
        assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])
    binh.post(review_url(publication), decision(binh, publication, approve="1", note="One witness, on record."))
    assert ledger() == [("submitted", "an", ""), ("approved", "binh", "One witness, on record.")]


def test_an_opinion_needs_no_note(desk: Desk, enter: Enter) -> None:
    publication = factories.in_review(factories.article(desk.an, kind="opinion"), desk=desk)
    binh = enter(desk.binh)
    assert binh.post(review_url(publication), decision(binh, publication, approve="1")).status_code == 302


# --- what the screen shows ---------------------------------------------------------------------------


def test_what_changed_since_the_last_approval_is_marked(article: Article, desk: Desk, enter: Enter) -> None:
    factories.approved(article, desk=desk)
    article.headline_en = "Headline Beta"
    article.save(by=desk.an)
    shown = screen(enter(desk.binh), factories.in_review(article, desk=desk))
    assert shown.said("desk-diff")[:1] == ["Headline AlphaBeta"]
    assert [element.words for element in shown.all("del")] == ["Alpha", "Alpha"]  # the claim is the headline
    assert [element.words for element in shown.all("ins")] == ["Beta", "Beta"]


def test_looking_at_the_screen_and_its_frame_writes_nothing(publication: Publication, desk: Desk, enter: Enter) -> None:
    binh, version = enter(desk.binh), publication.in_review
    assert version is not None
    with unchanged(), reads_only():
        screen(binh, publication)
        assert binh.get(reverse("admin:articles_version_reading", args=[version.pk])).status_code == 200


def test_the_screen_asks_as_much_of_thirty_citations_as_of_one(article: Article, desk: Desk, enter: Enter) -> None:
    one = factories.in_review(article, desk=desk)
    other = factories.article(desk.an, "Beta")
    for place in range(30):
        owner = factories.source(f"owner{place}")
        factories.cite(other, desk.an, factories.source(f"made{place}", owner=owner), origin=owner, first_hand=False)
    thirty = factories.in_review(other, desk=desk)
    binh = enter(desk.binh)
    counts = []
    for publication in (one, thirty):
        assert publication.in_review is not None
        for url in (
            review_url(publication),
            reverse("admin:articles_version_reading", args=[publication.in_review.pk]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert binh.get(url).status_code == 200
            counts.append(len(queries))
    assert counts == [20, 12, 20, 12]


def headlines(desk: Desk, article: Article, *texts: str) -> Publication:
    """Each approved by Dung's colleague Binh in turn, the last of them in review."""
    for text in texts[:-1]:
        article.headline_en = text
        article.save(by=desk.an)
        factories.approved(article, desk=desk)
    article.headline_en = texts[-1]
    article.save(by=desk.an)
    return factories.in_review(article, desk=desk)


def changes_told(client: Client, publication: Publication, since: str = "") -> tuple[str, list[str]]:
    """The heading, and what is marked as inserted in the headline."""
    shown = page(client.get(review_url(publication), {"since": since} if since else {}))
    return shown.one("h2", id="changes-heading").words, [each.words for each in shown.all("ins")][:1]


def test_changes_are_told_since_ones_own_last_approval_since_the_last_or_as_a_whole(
    article: Article, desk: Desk, enter: Enter
) -> None:
    headlines(desk, article, "One", "Two")
    other = factories.user("other", "Reviewers")
    publication = Publication.objects.get()
    workflow.approve(publication, by=other, seen=factories.seen(publication), note="Fine.")
    publication = headlines(desk, article, "Three")
    mine = ("What changed since version 1, the last that you approved", ["Three"])
    last = ("What changed since version 2, which was approved", ["Three"])
    whole = ("The whole text", [])
    binh, dung = enter(desk.binh), enter(desk.dung)
    assert [changes_told(binh, publication, since) for since in ("", "mine", "approved", "all", "\0")] == [
        mine, mine, last, whole, mine,
    ]  # fmt: skip
    assert [changes_told(dung, publication, since) for since in ("", "mine", "approved", "all")] == [
        last, last, last, whole,
    ]  # fmt: skip
    assert [each["href"] for each in screen(binh, publication).all("a") if each["href"].startswith("?")] == [
        "?since=mine#changes-heading", "?since=approved#changes-heading", "?since=all#changes-heading",
    ]  # fmt: skip
    shown = page(binh.get(review_url(publication), {"since": "approved"}))
    assert [each.words for each in shown.all("del")][:1] == ["Two"]


def test_marks_of_a_change_say_what_they_are_to_who_does_not_see_them(
    article: Article, desk: Desk, enter: Enter
) -> None:
    shown = screen(enter(desk.binh), headlines(desk, article, "One", "Two"))
    assert {each["data-says"] for each in shown.all("ins")} == {"inserted"}
    assert {each["data-says"] for each in shown.all("del")} == {"deleted"}


def test_long_unchanged_passages_are_folded_and_the_whole_is_not(article: Article, desk: Desk, enter: Enter) -> None:
    old = [f"<p>Paragraph {number}.</p>" for number in range(1, 10)]
    article.body_en = "".join(old)
    article.save(by=desk.an)
    factories.approved(article, desk=desk)
    article.body_en = "".join([*old[:8], "<p>Another end.</p>"])
    article.save(by=desk.an)
    publication, binh = factories.in_review(article, desk=desk), enter(desk.binh)
    shown = screen(binh, publication)
    assert [each.words.partition(" ¶")[0] for each in shown.all("details", **{"class": "desk-fold"})] == [
        "7 paragraphs unchanged"
    ]
    whole = page(binh.get(review_url(publication), {"since": "all"}))
    assert whole.all("details", **{"class": "desk-fold"}) == []
    numbers = [each["data-paragraph"] for each in whole.elements if each["data-paragraph"]]
    assert numbers == [str(number) for number in range(1, 10)]


def test_a_citation_that_changed_is_told_by_the_names_of_its_fields(article: Article, desk: Desk, enter: Enter) -> None:
    factories.cite(article, desk.an)
    factories.approved(article, desk=desk)
    first, second = article.citations.all()
    first.stance, first.quote = "contradicts", "As it says."
    first.save(by=desk.an)
    second.delete(by=desk.an)
    factories.cite(article, desk.an, url="https://example.org/new")
    shown = screen(enter(desk.binh), factories.in_review(article, desk=desk))
    [told_of] = [each for each in shown.all("ul") if each["class"] == "desk-items"]
    items = [each.text.split() for each in shown.all("strong") if told_of in each.within]
    fields = [each.words for each in shown.elements if told_of in each.within and each.tag in {"dt", "dd"}]
    assert (items, fields) == (
        [["[1]"], ["[2]"]],
        ["Stance", "supportscontradicts the claim", "Quote", "As it says.", "URL", "https://example.org/2new"],
    )


def test_the_other_language_stands_beside_where_it_changed_too(article: Article, desk: Desk, enter: Enter) -> None:
    factories.published(article, "vi", desk=desk)
    publication = factories.in_review(article, desk=desk)  # made beside version 1 of the Vietnamese text
    binh = enter(desk.binh)
    assert screen(binh, publication).all("div", **{"class": "desk-beside"}) == []
    article.body_vi = "<p>Mở đầu khác.</p>"
    article.save(by=desk.an)
    factories.in_review(article, "vi", desk=desk)
    shown = screen(binh, publication)
    beside = shown.one("div", **{"class": "desk-beside"})
    inside = [each for each in shown.elements if beside in each.within]
    assert {each["lang"] for each in inside if each["lang"]} == {"en", "vi"}
    assert "Vietnamese changed too: version 2, since version 1" in beside.words
    assert "khác" in [each.words for each in inside if each.tag == "ins"]


def test_each_citation_is_opened_beside_the_claim(article: Article, desk: Desk, enter: Enter) -> None:
    article.body_en = '<p>First. It opened.<sup data-cite="1"></sup> Last.</p>'
    article.save(by=desk.an)
    citation = article.citations.get()
    citation.quote, citation.locator, citation.archive_url = "It did.", "page 3", "https://archive.org/1"
    citation.save(by=desk.an)
    shown = screen(enter(desk.binh), factories.in_review(article, desk=desk))
    item = shown.one("li", id="citation-1")
    inside = [each for each in shown.elements if item in each.within]
    assert [(each["href"], each["target"], each["rel"]) for each in inside if each.tag == "a"] == [
        ("https://example.org/1", "_blank", "noopener noreferrer"),
        ("https://archive.org/1", "_blank", "noopener noreferrer"),
    ]
    assert [each.words for each in inside if each.tag in {"blockquote", "li"}] == ["It did.", "It opened."]
    assert "page 3" in item.words
    assert shown.said("desk-claim") == ["The claim: Headline Alpha"]


def test_the_badges_are_told_as_they_are_and_as_they_would_be(article: Article, desk: Desk, enter: Enter) -> None:
    publication = factories.in_review(article, desk=desk)
    binh = enter(desk.binh)

    def cells() -> list[str]:
        shown = screen(binh, publication)
        table = shown.one("table", **{"class": "desk-badges"})
        return [each.words for each in shown.all("td") if table in each.within][1:]

    tier = "tier 1: authoritative: first-hand or with a long clean record, 1 independent source"
    number = "58%, likely to hold, 51–64%, thin evidence"
    assert cells() == ["–", tier, "–", number]
    factories.approve(publication, desk=desk)
    workflow.publish(publication, by=desk.chi, version=1)
    article.headline_en = "Other"
    article.save(by=desk.an)
    factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=2, number=1, checked="Read.")
    verified = cells()
    assert (verified[0], verified[1], verified[2]) == (tier, tier, number)
    assert verified[3].startswith("83%, very likely to hold, ")
    moved = [each.words for each in screen(binh, publication).all("li") if "→ +" in each.text]
    assert moved == ["[1] +25: tier 1, first-hand, not yet verified by us → +50: tier 1, first-hand, verified by us"]


# --- both at once ------------------------------------------------------------------------------------


@pytest.fixture
def both(db: None) -> User:
    return factories.user("both", "Reviewers", "Publishers")


def test_who_may_do_both_does_both_at_once(publication: Publication, both: User, enter: Enter) -> None:
    client = enter(both)
    response = client.post(
        review_url(publication), decision(client, publication, approve_and_publish="1", note="Fine.")
    )
    assert response.status_code == 302
    assert told(client.get("/admin/")) == ["Version 1, English: published."]
    assert ledger()[1:] == [("approved", "both", "Fine."), ("published", "both", "")]


@pytest.mark.parametrize("name", ["binh", "chi", "an"])
def test_who_may_do_one_of_them_is_offered_no_button_for_both(
    name: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    client = enter(getattr(desk, name))
    assert screen(client, publication).all("button", name="approve_and_publish") == []
    with unchanged():
        response = client.post(
            review_url(publication), {"seen": factories.seen(publication), "approve_and_publish": "1"}
        )
    sentence = "Only Publishers may do this." if name == "binh" else "Only Reviewers may do this."
    assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])


def test_what_was_published_goes_out_as_a_correction_and_a_refusal_keeps_all_that_was_typed(
    article: Article, desk: Desk, both: User, enter: Enter
) -> None:
    factories.published(article, desk=desk)
    article.headline_en = "Corrected"
    article.save(by=desk.an)
    publication, client = factories.in_review(article, desk=desk), enter(both)
    whole = {"note": "For readers.", "kind": "correction", "public_note": "The name was wrong."}
    form = decision(client, publication, approve_and_publish="1", **whole)
    for lacking, sentence in {
        "kind": "Say what kind of change it is.", "public_note": "Write a note: it says why.",
    }.items():  # fmt: skip
        for nothing in ("", "\u200b"):
            with unchanged():
                response = client.post(review_url(publication), form | {lacking: [nothing]})
            assert (response.status_code, page(response).said("desk-refused")) == (409, [sentence])
            typed = page(response).form(**{"class": "desk-decision"})
            assert {name: typed[name] for name in whole if name != lacking} == {
                name: [text] for name, text in whole.items() if name != lacking
            }
    with unchanged():
        response = client.post(review_url(publication), form | {"kind": ["withdrawal"]})
    assert page(response).said("desk-refused") == ["Say what kind of change it is."]
    assert client.post(review_url(publication), form).status_code == 302
    assert ledger()[-3:] == [
        ("approved", "both", "For readers."),
        ("corrected", "both", "The name was wrong."),
        ("published", "both", "The name was wrong."),
    ]


# --- the frame and its policy ------------------------------------------------------------------------

PUBLIC = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "font-src": ["'self'"],
    "script-src": ["'none'"],
    "form-action": ["'self'"],
    "base-uri": ["'none'"],
    "frame-ancestors": ["'none'"],
    "manifest-src": ["'self'"],
    "report-uri": ["/policy-report"],
}


def policy(response: HttpResponse) -> dict[str, list[str]]:
    directives = [directive.split() for directive in response.headers["Content-Security-Policy"].split(";")]
    assert len({name for name, *_sources in directives}) == len(directives)
    return {name: sources for name, *sources in directives}


def test_the_frame_is_held_to_the_readers_policy_but_may_be_framed_by_the_desk(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    version = publication.in_review
    assert version is not None
    response = enter(desk.binh).get(reverse("admin:articles_version_reading", args=[version.pk]))
    assert policy(response) == PUBLIC | {"frame-ancestors": ["'self'"]}
    assert response.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "no-store" in response.headers["Cache-Control"]
    shown = page(response)
    assert [element.tag for element in shown.elements if element.tag in {"script", "style", "form"}] == []
    assert (shown.one("html")["lang"], shown.one("h1").words) == ("en", "Headline Alpha")


def test_no_other_page_of_the_desk_may_be_framed(publication: Publication, desk: Desk, enter: Enter) -> None:
    client, version = enter(factories.user("root", is_superuser=True)), publication.in_review
    assert version is not None
    urls = [
        "/admin/",
        LIST,
        change_url(publication.article),
        review_url(publication),
        reverse("admin:articles_publication_move", args=[publication.pk, "recall"]),
        reverse("admin:articles_version_change", args=[version.pk]),
        reverse("admin:articles_version_reading", args=[version.pk + 1]),
        "/admin/nowhere/",
    ]
    for response in [*(client.get(url) for url in urls), Client().get("/admin/login/"), client.post(urls[3], {})]:
        assert (policy(response)["frame-ancestors"], response.headers["X-Frame-Options"]) == (["'none'"], "DENY")
        scripts = [source for source in policy(response)["script-src"] if not source.startswith("'nonce-")]
        assert scripts == ["'self'", "'unsafe-eval'"]


def test_the_readers_policy_is_nowhere_relaxed(article: Article, desk: Desk, enter: Enter) -> None:
    factories.published(article, desk=desk)
    for client in (Client(), enter(desk.binh)):
        for url in (
            "/",
            "/en/",
            "/vi/",
            "/en/articles/headline-alpha/",
            "/vi/articles/headline-alpha/",
            "/en/no/",
            "/no",
        ):
            response = client.get(url)
            assert policy(response) == PUBLIC
            assert response.headers["X-Frame-Options"] == "DENY"


# --- hostile words -----------------------------------------------------------------------------------

MARK = "x7q"
HOSTILE = [
    f"\"><script src=//{MARK}></script><script>{MARK}()</script>'><img src=x onerror={MARK}()>",
    f"</textarea></title></style></script><iframe src=//{MARK}><svg onload={MARK}()><style>{MARK}{{}}</style></svg>",
    f"<a href='javascript:{MARK}()'>{MARK}</a>' }}; {MARK}(); //<b x-init={MARK}()><!--{MARK}--!><math><style>{MARK}",
    f'" onmouseover="{MARK}()" autofocus onfocus="{MARK}()',
    "{{ " + MARK + " }}{% " + MARK + " %}",
]
WORDS = {("input", "value"), ("meta", "content")}
INERT = re.compile(r"https://example\.org/\?|/(?!/)|\?|#")  # where a link with the mark in it may lead


def alive(html: str) -> list[str]:
    """Where the mark stands other than as words: in an attribute that does something, a script, a style, a comment."""
    shown, found = Page(html), [f"<!--{MARK}"] * html.count(f"<!--{MARK}")
    for element in shown.elements:
        for name, value in element.attributes.items():
            words = (element.tag, name) in WORDS or ((element.tag, name) == ("a", "href") and INERT.match(value))
            if MARK in name + value and not words:
                found.append(f"<{element.tag} {name}={value!r}>")
        inert = element.attributes == {"type": "application/ld+json"} and "<" not in element.text
        if (
            not inert
            and element.tag in {"script", "style", "svg", "math", "iframe", "object", "template"}
            and MARK in element.text
        ):
            found.append(f"<{element.tag}>{element.text}")
    return found


@pytest.mark.parametrize("hostile", [hostile for hostile in HOSTILE if "{%" not in hostile])
def test_hostile_words_would_be_found_alive(hostile: str) -> None:
    assert alive(f"<p>{hostile}</p>") + alive(f'<input value="{hostile}">') != []
    assert alive(f"<p>{escape(hostile)}</p><input value='{escape(hostile)}'>") == []


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_stay_words_on_every_screen(hostile: str, desk: Desk, enter: Enter) -> None:
    source = factories.source(name_en=f"{hostile} source", description_en=hostile)
    words = {f"{name}_{code}": hostile for name in ("headline", "summary", "claim") for code in ("vi", "en")}
    slugs = {"slug_vi": "alpha", "slug_en": "alpha", "translator_en": hostile}
    bodies = {f"body_{code}": f"<p>Opening</p>{hostile}<p>End</p>" for code in ("vi", "en")}
    article = factories.article(desk.an, **words, **bodies, **slugs)
    article.set_authors([factories.author(hostile)], by=desk.an)
    quoted = dict.fromkeys(("title", "quote", "locator"), hostile)
    factories.cite(
        article,
        desk.an,
        source,
        url=f"https://example.org/?{hostile.replace(' ', '')}",
        title_language="\"'><b",
        **quoted,
    )
    publication = factories.in_review(article, desk=desk)
    version = publication.in_review
    assert version is not None
    an, binh, chi = enter(desk.an), enter(desk.binh), enter(desk.chi)
    pages: dict[str, HttpResponse] = {}

    def look(client: Client, *names: str) -> None:
        for name in names:
            pages[name] = client.get(name)

    url = change_url(article)
    pages["an invalid form"] = an.post(url, form_at(an, url, {"slug_en": hostile, "kind": hostile}))
    pages["a valid one"] = an.post(url, form_at(an, url, {"headline_en": f"{hostile}.", "_continue": "1"}), follow=True)
    pages["refused"] = binh.post(review_url(publication), {"seen": hostile, "note": hostile})
    pages["verified"] = binh.post(verify_url(publication), {"version": "1", "checked": hostile}, follow=True)
    binh.post(review_url(publication), {"request_changes": "1", "version": "1", "note": hostile})
    look(an, url, "/admin/", LIST, f"{LIST}?q={MARK}", reverse("admin:articles_article_history", args=[article.pk]))
    workflow.submit(article, "en", by=desk.an)
    publication.refresh_from_db()
    look(
        binh, url.replace("change", "change"), review_url(publication), f"/admin/articles/version/{version.pk}/reading/"
    )
    pages["a note refused"] = binh.post(review_url(publication), {"remark": "1", "version": "9", "text": hostile})
    noting = {"remark": "1", "version": "2", "paragraph": "1", "text": hostile}
    pages["a note kept"] = binh.post(review_url(publication), noting, follow=True)
    note = publication.remarks.get()
    answering = reverse("admin:articles_publication_remark", args=[publication.pk, note.pk])
    an.post(answering, {"text": hostile})
    pages["the note's page, refused"] = an.post(answering, {"text": hostile, "resolve": "1", "back": hostile})
    look(binh, f"{review_url(publication)}?since=all")
    pages["looked at by a reviewer"] = binh.get(url)
    binh.post(answering, {"text": hostile, "resolve": "1"})
    pages["a note resolved"] = binh.get(review_url(publication))
    for model in (Version, Publication, ReviewStatus):
        name = f"admin:{model._meta.label_lower.replace('.', '_')}"
        look(binh, reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[model.objects.latest("pk").pk]))
    factories.approve(publication, desk=desk, note=hostile)
    move = reverse("admin:articles_publication_move", args=[publication.pk, "publish"])
    look(chi, move, f"/admin/sources/source/{source.pk}/change/", "/admin/sources/source/", "/admin/articles/author/")
    pages["a refused move"] = chi.post(move, {"version": "0", "note": hostile})
    workflow.publish(publication, by=desk.chi, version=2)
    reassessing = reverse("admin:articles_publication_reassess", args=[publication.pk])
    pages["a refused reassessment"] = binh.post(reassessing, {"seen": hostile, "note": hostile})
    look(Client(), "/en/", "/en/articles/alpha/", "/vi/articles/alpha/")

    assert {name: found for name, response in pages.items() if (found := alive(response.content.decode()))} == {}
    assert {name for name, response in pages.items() if MARK not in response.content.decode()} == set()
