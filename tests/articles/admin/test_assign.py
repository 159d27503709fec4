"""Naming a reviewer, taking a review, and handing over those of somebody who is away."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import Settings

from articles import notifications, workflow
from articles.models import Author, Notification, Publication
from tests import factories
from tests.articles.admin.conftest import Enter, Page, changed, page, reads_only, unchanged
from tests.articles.admin.test_moves import told
from tests.articles.steps import now
from tests.factories import Desk

HAND_OVER = "/admin/articles/publication/hand_over/"


def assign_url(publication: Publication) -> str:
    return reverse("admin:articles_publication_assign", args=[publication.pk])


def offered(shown: Page, name: str) -> list[str]:
    select = shown.one("select", name=name)
    return [option.words for option in shown.all("option") if select in option.within]


def standing(publication: Publication) -> tuple[str | None, date | None]:
    row = now(publication)
    return row.reviewer and row.reviewer.username, row.review_due


@pytest.fixture
def publication(desk: Desk) -> Publication:
    return factories.in_review(factories.article(desk.an), desk=desk)


# --- one review --------------------------------------------------------------------------------------


def test_offered_is_who_may_review_and_did_not_contribute(
    publication: Publication, desk: Desk, enter: Enter, settings: Settings
) -> None:
    factories.user("former", "Reviewers", is_active=False)
    named = factories.user("named", "Reviewers")
    Author.objects.update(user=named)  # stands in the byline
    writer = factories.user("writer", is_superuser=True)
    factories.cite(publication.article, writer)
    workflow.recall(publication, by=desk.an, version=1)
    workflow.submit(publication.article, "en", by=desk.an)
    chi = enter(desk.chi)
    with unchanged(), reads_only():
        shown = page(chi.get(assign_url(publication)))
    assert offered(shown, "reviewer") == ["nobody yet", "Binh", "Dung"]
    settings.NEWSROOM_SOLO_DESK = True
    shown = page(chi.get(assign_url(publication)))
    assert offered(shown, "reviewer") == ["nobody yet", "Binh", "Dung", "Named", "Writer"]


def test_a_reviewer_is_named_with_a_day_and_told(publication: Publication, desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    form = page(chi.get(assign_url(publication))).form(**{"class": "desk-decision"})
    response = chi.post(assign_url(publication), changed(form, {"reviewer": str(desk.binh.pk), "due": "2027-01-31"}))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/")
    assert told(chi.get("/admin/")) == ["Binh is to review it (English)."]
    assert standing(publication) == ("binh", date(2027, 1, 31))
    assert [(row.user, row.event) for row in Notification.objects.all()] == [(desk.binh, "assigned")]
    again = page(chi.get(assign_url(publication))).form(**{"class": "desk-decision"})
    assert (again["reviewer"], again["due"]) == ([str(desk.binh.pk)], ["2027-01-31"])
    chi.post(assign_url(publication), changed(again, {"reviewer": ""}))
    assert standing(publication) == (None, None)
    assert told(chi.get("/admin/")) == ["Nobody is named to review it (English)."]


def test_a_review_is_taken_in_one_step_from_the_desk(publication: Publication, desk: Desk, enter: Enter) -> None:
    workflow.assign(publication, by=desk.chi, reviewer=desk.dung, due=date(2027, 1, 31))
    binh = enter(desk.binh)
    shown = page(binh.get("/admin/"))
    form = shown.one("form", action=assign_url(publication))
    [button] = [button for button in shown.all("button") if form in button.within]
    assert (button.words, button["name"]) == ("Take it", "take")
    assert binh.post(assign_url(publication), {"take": "1"}).status_code == 302
    assert standing(publication) == ("binh", date(2027, 1, 31))  # the day stays


@pytest.mark.parametrize(
    ("post", "sentence"),
    [
        ({}, "Choose who is to review it."),
        ({"reviewer": "999"}, "Choose who is to review it."),
        ({"reviewer": "9" * 5000}, "Choose who is to review it."),
        ({"reviewer": "an"}, "Choose who is to review it."),
        (
            {"reviewer": "AN"},
            "An cannot review this: they are no reviewer of this language, or they contributed to it.",
        ),
        (
            {"reviewer": "EM"},
            "Em cannot review this: they are no reviewer of this language, or they contributed to it.",
        ),
        ({"reviewer": "BINH", "due": "2027-02-30"}, "“2027-02-30” is no day of the calendar."),
        ({"reviewer": "BINH", "due": "soon"}, "“soon” is no day of the calendar."),
        ({"reviewer": "BINH", "due": "<b>\0"}, "“<b>” is no day of the calendar."),
    ],
)
def test_a_bad_choice_is_refused_in_a_sentence_and_what_was_typed_stays(
    post: dict[str, str], sentence: str, publication: Publication, desk: Desk, enter: Enter
) -> None:
    people = {"AN": desk.an, "EM": desk.em, "BINH": desk.binh}
    if (name := post.get("reviewer", "")) in people:
        post = post | {"reviewer": str(people[name].pk)}
    with unchanged():
        response = enter(desk.chi).post(assign_url(publication), {"due": "2027-01-31", **post})
    shown = page(response)
    assert (response.status_code, shown.said("desk-refused")) == (409, [sentence])
    form = shown.form(**{"class": "desk-decision"})
    assert form["due"] == [post.get("due", "2027-01-31").strip("\0")]
    if name == "BINH":
        assert form["reviewer"] == [str(desk.binh.pk)]


def test_only_reviewers_and_publishers_name_a_reviewer(publication: Publication, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    shown = page(an.get(assign_url(publication)))
    assert (shown.said("desk-refused"), shown.all("select", name="reviewer")) == (["Only Reviewers may do this."], [])
    with unchanged():
        response = an.post(assign_url(publication), {"reviewer": str(desk.binh.pk)})
    assert (response.status_code, page(response).said("desk-refused")) == (409, ["Only Reviewers may do this."])


def test_nobody_takes_what_they_wrote(publication: Publication, desk: Desk, enter: Enter) -> None:
    factories.cite(publication.article, desk.dung)
    workflow.recall(publication, by=desk.an, version=1)
    workflow.submit(publication.article, "en", by=desk.an)
    dung = enter(desk.dung)
    assert "Take it" not in [button.words for button in page(dung.get("/admin/")).all("button")]
    assert "Take it" not in [button.words for button in page(dung.get(assign_url(publication))).all("button")]
    with unchanged():
        response = dung.post(assign_url(publication), {"take": "1"})
    assert page(response).said("desk-refused") == [
        "Dung cannot review this: they are no reviewer of this language, or they contributed to it."
    ]


def test_what_is_not_in_review_has_nobody_to_review_it(publication: Publication, desk: Desk, enter: Enter) -> None:
    workflow.recall(publication, by=desk.an, version=1)
    with unchanged():
        response = enter(desk.chi).post(assign_url(publication), {"reviewer": str(desk.binh.pk)})
    assert (response.status_code, page(response).said("desk-refused")) == (
        409, ["No version of this language is in review."],
    )  # fmt: skip


def test_the_page_asks_as_much_of_thirty_reviewers_as_of_one(
    publication: Publication, desk: Desk, enter: Enter
) -> None:
    def asked(url: str) -> int:
        with CaptureQueriesContext(connection) as queries, reads_only():
            assert chi.get(url).status_code == 200
        return len(queries)

    chi, urls = enter(desk.chi), [assign_url(publication), HAND_OVER]
    one = [asked(url) for url in urls]
    for number in range(29):
        person = factories.user(f"more{number}", "Reviewers")
        workflow.assign(
            factories.in_review(factories.article(desk.an, f"More{number}"), desk=desk), by=desk.chi, reviewer=person
        )
    assert [asked(url) for url in urls] == one


# --- handing over ------------------------------------------------------------------------------------


def reported(shown: Page) -> dict[str, list[str]]:
    sections = {section["aria-labelledby"].removesuffix("-heading"): section for section in shown.all("section")}
    return {
        name: [entry.words for entry in shown.all("li") if section in entry.within]
        for name, section in sections.items()
    }


@pytest.fixture
def away(desk: Desk) -> User:
    """Gone with three open reviews; Dung wrote the second."""
    person = factories.user("away", "Reviewers")
    for name, writer, code in [("One", desk.an, "en"), ("Two", desk.dung, "en"), ("Three", desk.an, "vi")]:
        row = factories.in_review(factories.article(writer, name), code, desk=desk)
        workflow.assign(row, by=desk.chi, reviewer=person, due=date(2027, 1, 31))
    sent_back = factories.in_review(factories.article(desk.an, "Back"), desk=desk)
    workflow.assign(sent_back, by=desk.chi, reviewer=person)
    workflow.request_changes(sent_back, by=desk.binh, version=1, note="More.")
    other = factories.in_review(factories.article(desk.an, "Others"), desk=desk)
    workflow.assign(other, by=desk.chi, reviewer=desk.binh)
    User.objects.filter(pk=person.pk).update(is_active=False)
    return person


def test_open_reviews_go_to_another_each_checked_by_itself(away: User, desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    shown = page(chi.get(HAND_OVER))
    assert offered(shown, "from") == ["–", "Away (3)", "Binh (1)"]
    assert offered(shown, "to") == ["–", "Binh", "Dung"]
    form = shown.form(**{"class": "desk-decision"})
    response = chi.post(HAND_OVER, changed(form, {"from": str(away.pk), "to": str(desk.dung.pk)}))
    assert response.status_code == 200
    assert reported(page(response)) == {
        "refused": [
            "Headline Two en · Dung cannot review this: they are no reviewer of this language, or they contributed to"
            " it."
        ],
        "done": ["Headline One en · version 1", "Tiêu đề Three vi · version 1"],
    }
    held = Publication.objects.order_by("pk").values_list("reviewer__username", "review_due")
    day = date(2027, 1, 31)
    assert list(held) == [("dung", day), ("away", day), ("dung", day), ("away", None), ("binh", None)]
    to_dung = Notification.objects.filter(user=desk.dung, event="assigned").select_related("version").order_by("pk")
    assert [notifications.sentence(row) for row in to_dung] == [
        "Chi asks you to review “Headline One” (English, version 1) by 31 January 2027.",
        "Chi asks you to review “Tiêu đề Three” (Vietnamese, version 1) by 31 January 2027.",
    ]


@pytest.mark.parametrize("post", [{}, {"from": "AWAY"}, {"from": "AWAY", "to": "AN"}, {"from": "BINH", "to": "BINH"}])
def test_a_hand_over_wants_two_people_who_may_review(
    post: dict[str, str], away: User, desk: Desk, enter: Enter
) -> None:
    people = {"AWAY": away, "AN": desk.an, "BINH": desk.binh}
    with unchanged():
        response = enter(desk.chi).post(HAND_OVER, {name: str(people[who].pk) for name, who in post.items()})
    assert (response.status_code, page(response).said("desk-refused")) == (
        409, ["Choose whose reviews they are, and somebody else who takes them."],
    )  # fmt: skip


def test_only_reviewers_and_publishers_hand_over(away: User, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    assert page(an.get(HAND_OVER)).all("select", name="to") == []
    with unchanged():
        response = an.post(HAND_OVER, {"from": str(away.pk), "to": str(desk.binh.pk)})
    assert (response.status_code, page(response).said("desk-refused")) == (409, ["Only Reviewers may do this."])
    assert enter(desk.em).get(HAND_OVER).status_code == 403
