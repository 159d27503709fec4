"""The pages of correcting, scheduling and withdrawing: what they ask for, what is kept when it is refused."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Correction, Publication, ReviewStatus, Schedule
from tests import factories
from tests.articles.admin.conftest import Enter, Form, changed, page, unchanged
from tests.articles.steps import edit
from tests.factories import Desk

TOMORROW = "2090-03-05T09:30"


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def corrected(article: Article, desk: Desk) -> Publication:
    """Live in version 1, version 2 approved."""
    factories.published(article, desk=desk)
    edit(article, desk.an, headline_en="Headline, put right")
    return factories.approved(article, desk=desk)


def url(publication: Publication, move: str) -> str:
    return reverse("admin:articles_publication_move", args=[publication.pk, move])


def form(client: Client, publication: Publication, move: str) -> Form:
    return page(client.get(url(publication, move))).form(**{"class": "desk-decision"})


def rows() -> list[tuple[str, int, str, str]]:
    ordered = ReviewStatus.objects.order_by("pk").select_related("version", "actor")
    return [(row.status, row.version.number, row.actor.username, row.note) for row in ordered]


def test_a_correction_takes_the_place_of_what_was_live_and_says_what_changed(
    corrected: Publication, desk: Desk, enter: Enter
) -> None:
    chi = enter(desk.chi)
    said = {"kind": "correction", "note": "  The headline named the wrong river. "}
    asked = form(chi, corrected, "correct")
    assert {name: value for name, value in asked.items() if name != "csrfmiddlewaretoken"} == {
        "version": ["2"], "kind": [""], "note": [""],
    }  # fmt: skip
    assert chi.post(url(corrected, "correct"), changed(asked, said)).status_code == 302
    assert rows()[-2:] == [
        ("corrected", 1, "chi", "The headline named the wrong river."),
        ("published", 2, "chi", "The headline named the wrong river."),
    ]
    correction = Correction.objects.get()
    assert (correction.kind, correction.note, correction.from_version.number, correction.at) == (
        "correction", "The headline named the wrong river.", 1, ReviewStatus.objects.latest("pk").at,
    )  # fmt: skip
    assert page(Client().get("/en/articles/headline-alpha/")).one("h1").words == "Headline, put right"


@pytest.mark.parametrize(
    ("said", "refusal"),
    [
        ({"kind": "", "note": "Typed."}, "Say what kind of change it is."),
        ({"kind": "withdrawal", "note": "Typed."}, "Say what kind of change it is."),
        ({"kind": "typo", "note": " \0\u200b"}, "Write a note: it says why."),
    ],
)
def test_a_correction_without_its_kind_or_note_is_refused_and_keeps_what_was_typed(
    said: dict[str, str], refusal: str, corrected: Publication, desk: Desk, enter: Enter
) -> None:
    chi = enter(desk.chi)
    typed = changed(form(chi, corrected, "correct"), said)
    with unchanged():
        response = chi.post(url(corrected, "correct"), typed)
    shown = page(response)
    assert (response.status_code, shown.said("desk-refused")) == (409, [refusal])
    assert shown.form(**{"class": "desk-decision"})["note"] == [said["note"]]


def test_a_first_publication_is_scheduled_by_its_day_alone_and_said_on_the_page(
    article: Article, desk: Desk, enter: Enter
) -> None:
    publication, chi = factories.approved(article, desk=desk), enter(desk.chi)
    asked = form(chi, publication, "schedule")
    assert sorted(asked) == ["csrfmiddlewaretoken", "due", "version"]
    assert chi.post(url(publication, "schedule"), changed(asked, {"due": TOMORROW})).status_code == 302
    scheduled = Schedule.objects.get()
    assert (scheduled.due, scheduled.version.number, scheduled.by, scheduled.kind, scheduled.note) == (
        datetime(2090, 3, 5, 2, 30, tzinfo=UTC), 1, desk.chi, "", "",
    )  # fmt: skip
    assert "Version 1 is scheduled for 5 March 2090" in page(chi.get(url(publication, "publish"))).one("body").words
    with unchanged():
        again = chi.post(url(publication, "schedule"), changed(asked, {"due": TOMORROW}))
    assert page(again).said("desk-refused") == ["Version 1 is scheduled already. Take it off the schedule first."]
    asked = form(chi, publication, "unschedule")
    assert chi.post(url(publication, "unschedule"), changed(asked, {"note": "Too soon."})).status_code == 302
    assert rows()[-1] == ("unscheduled", 1, "chi", "Too soon.")
    publication.refresh_from_db()
    assert (publication.scheduled, publication.approved, Schedule.objects.get().state) == (
        None, article.versions.get(), "cancelled",
    )  # fmt: skip


def test_a_correction_is_scheduled_with_its_kind_and_note(corrected: Publication, desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    asked = form(chi, corrected, "schedule")
    said = {"due": TOMORROW, "kind": "update", "note": "New figures."}
    with unchanged():
        refused = chi.post(url(corrected, "schedule"), changed(asked, said | {"kind": ""}))
    assert page(refused).said("desk-refused") == ["Say what kind of change it is."]
    assert page(refused).form(**{"class": "desk-decision"}) | {"csrfmiddlewaretoken": []} == changed(
        asked, said | {"kind": ""}
    ) | {"csrfmiddlewaretoken": []}
    assert chi.post(url(corrected, "schedule"), changed(asked, said)).status_code == 302
    assert (Schedule.objects.get().kind, Schedule.objects.get().note) == ("update", "New figures.")


@pytest.mark.parametrize(
    ("zone", "due", "why"),
    [
        ("Asia/Ho_Chi_Minh", "soon", "Enter a valid date/time."),
        ("Asia/Ho_Chi_Minh", "", "This field is required."),
        ("Europe/Berlin", "2090-03-26T02:30", "it may be ambiguous or it may not exist"),  # clocks skip this hour
        ("Europe/Berlin", "2090-10-29T02:30", "it may be ambiguous or it may not exist"),  # clocks show it twice
        ("Asia/Ho_Chi_Minh", "2020-01-01T00:00", "This time is past. Choose a later one, or publish now."),
    ],
)
def test_a_time_that_is_none_is_refused_and_stays_typed(
    zone: str, due: str, why: str, article: Article, desk: Desk, enter: Enter
) -> None:
    publication, chi = factories.approved(article, desk=desk), enter(desk.chi)
    with override_settings(TIME_ZONE=zone), timezone.override(zone):
        typed = changed(form(chi, publication, "schedule"), {"due": due})
        with unchanged():
            response = chi.post(url(publication, "schedule"), typed)
    shown = page(response)
    assert response.status_code == 409
    [said] = shown.said("desk-refused")
    assert why in said
    assert shown.one("input", name="due")["value"] == due


def test_what_is_due_goes_out_in_the_name_of_who_scheduled_it(article: Article, desk: Desk) -> None:
    from articles import due, workflow

    publication = factories.approved(article, desk=desk)
    workflow.schedule(publication, by=desk.chi, version=1, due=timezone.now() + timedelta(hours=1))
    assert due.run() == []
    Schedule.objects.update(due=timezone.now() - timedelta(seconds=2), next_try=timezone.now() - timedelta(seconds=1))
    [outcome] = due.run()
    assert (outcome.publication.pk, outcome.error) == (publication.pk, "")
    assert due.run() == []
    assert rows()[-1] == ("published", 1, "chi", "")
    assert Client().get("/en/articles/headline-alpha/").status_code == 200


def test_a_withdrawal_asks_for_the_reason_and_takes_the_words_away(article: Article, desk: Desk, enter: Enter) -> None:
    publication, chi = factories.published(article, desk=desk), enter(desk.chi)
    asked = form(chi, publication, "withdraw")
    with unchanged():
        refused = chi.post(url(publication, "withdraw"), asked)
    assert page(refused).said("desk-refused") == ["Write a note: it says why."]
    assert chi.post(url(publication, "withdraw"), changed(asked, {"note": "It was not true."})).status_code == 302
    assert rows()[-1] == ("withdrawn", 1, "chi", "It was not true.")
    assert "Headline Alpha" not in Client().get("/en/articles/headline-alpha/").content.decode()
    assert "Headline Alpha" not in Client().get("/en/").content.decode()


def test_withdrawn_words_come_back_by_another_review_and_a_correction_alone(
    article: Article, desk: Desk, enter: Enter
) -> None:
    publication, chi = factories.published(article, desk=desk), enter(desk.chi)
    chi.post(url(publication, "withdraw"), {"version": "1", "note": "Withdrawn by mistake."})
    factories.approved(article, desk=desk)  # the very same words
    with unchanged():
        refused = chi.post(url(publication, "publish"), {"version": "2"})
    assert page(refused).said("desk-refused") == [
        "This language is published already. A published text is changed by a correction."
    ]
    said = {"kind": "update", "note": "The article is back: it was withdrawn by mistake."}
    assert chi.post(url(publication, "correct"), {"version": "2"} | said).status_code == 302
    assert Client().get("/en/articles/headline-alpha/").status_code == 200
    assert [row.kind for row in Correction.objects.order_by("pk")] == ["withdrawal", "update"]
