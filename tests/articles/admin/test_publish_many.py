"""Publishing what is ticked: each article by itself, named with what became of it. Approving is never in bulk."""

import pytest
from django.db import DatabaseError
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from articles import workflow
from articles.models import Publication
from articles.workflow import publish
from tests import factories
from tests.articles.admin.conftest import Enter, page, unchanged
from tests.articles.admin.test_assign import reported
from tests.articles.admin.test_moves import told
from tests.articles.steps import edit, ledger, now
from tests.factories import Desk

URL = "/admin/articles/publication/publish/"


def ready(desk: Desk, *names: str) -> list[Publication]:
    return [factories.approved(factories.article(desk.an, name), desk=desk) for name in names]


def ticked(*rows: Publication) -> dict[str, list[str]]:
    return {"publish": [f"{row.pk}:1" for row in rows]}


def test_what_is_ticked_is_published_and_what_is_refused_stops_no_other(desk: Desk, enter: Enter) -> None:
    one, back, two, left = ready(desk, "One", "Back", "Two", "Left")
    chi = enter(desk.chi)
    shown = page(chi.get("/admin/"))
    boxes = [box for box in shown.all("input", type="checkbox") if box["name"] == "publish"]
    assert [box["value"] for box in boxes] == [f"{row.pk}:1" for row in (one, back, two, left)]
    assert shown.one("a", id=boxes[0]["aria-labelledby"]).words == "Headline One"
    form = shown.form(action=URL)
    workflow.take_back(back, by=desk.binh, version=1, note="Wrong.")  # while the page is open
    before = len(ledger("pk"))
    with zeal_ignore():  # each move asks for itself, under its own lock
        response = chi.post(URL, form | ticked(one, back, two))
    assert response.status_code == 200
    assert reported(page(response)) == {
        "refused": ["Headline Back en · No version of this language is approved and waiting."],
        "done": ["Headline One en · version 1", "Headline Two en · version 1"],
    }
    assert ledger("status", "actor__username", "version__headline")[before:] == [
        ("published", "chi", "Headline One"), ("published", "chi", "Headline Two"),
    ]  # fmt: skip
    assert [now(row).state for row in (one, back, two, left)] == ["live", "never", "live", "never"]
    assert [Client().get(f"/en/articles/headline-{name}/").status_code for name in ("one", "back")] == [200, 404]


def test_a_newer_version_than_the_one_ticked_is_refused(desk: Desk, enter: Enter) -> None:
    [row] = ready(desk, "One")
    edit(row.article, desk.an, headline_en="Newer")
    factories.approved(row.article, desk=desk)
    with unchanged():
        response = enter(desk.chi).post(URL, ticked(row))
    assert (response.status_code, reported(page(response))) == (
        409, {"refused": ["Newer en · Version 2 took its place meanwhile. Look again."], "done": ["Nothing."]},
    )  # fmt: skip


def test_what_was_published_before_and_what_waits_for_its_hour_does_not_go_out(desk: Desk, enter: Enter) -> None:
    before = factories.published(factories.article(desk.an, "Before"), desk=desk)
    edit(before.article, desk.an, headline_en="Before, corrected")
    factories.approved(before.article, desk=desk)
    [planned] = ready(desk, "Planned")
    workflow.schedule(planned, by=desk.chi, version=1, due=timezone.now() + timezone.timedelta(days=1))
    with unchanged():
        response = enter(desk.chi).post(URL, {"publish": [f"{before.pk}:2", f"{planned.pk}:1"]})
    assert reported(page(response))["refused"] == [
        "Before, corrected en · This language is published already. A published text is changed by a correction.",
        "Headline Planned en · It is scheduled. If it is to go out now, publish it on its own page.",
    ]


def test_a_fault_of_the_database_stops_no_other(desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = ready(desk, "Bad", "Good")

    def failing(publication: Publication, **about: object) -> object:
        if publication.pk == bad.pk:
            raise DatabaseError("disk full")
        return publish(publication, **about)  # type: ignore[arg-type]

    monkeypatch.setattr(workflow, "publish", failing)
    shown = page(enter(desk.chi).post(URL, ticked(bad, good)))
    assert reported(shown) == {
        "refused": ["Headline Bad en · The database did not accept it; nothing of it was written."],
        "done": ["Headline Good en · version 1"],
    }
    assert "disk full" not in shown.one("body").words


@pytest.mark.parametrize("name", ["an", "binh", "dung"])
def test_who_may_not_publish_is_offered_no_box_and_refused(name: str, desk: Desk, enter: Enter) -> None:
    [row] = ready(desk, "One")
    client = enter(getattr(desk, name))
    assert page(client.get("/admin/")).all("input", name="publish") == []
    with unchanged():
        response = client.post(URL, ticked(row))
    assert reported(page(response))["refused"] == ["Headline One en · Only Publishers may do this."]


@pytest.mark.parametrize(
    "values", [[], [""], ["x"], ["1"], [":"], ["1:2:3"], ["0:1"], ["999:1"], ["9" * 5000 + ":1"], ["-1:1"]]
)
def test_what_names_no_version_publishes_nothing(values: list[str], desk: Desk, enter: Enter) -> None:
    ready(desk, "One")
    with unchanged():
        response = enter(desk.chi).post(URL, {"publish": values})
    assert response.status_code in {302, 409}


def test_to_tick_nothing_is_said(desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)
    assert chi.post(URL).headers["Location"] == "/admin/articles/publication/lists/ready/"
    assert told(chi.get("/admin/")) == ["Tick what is to be published."]
    assert chi.get(URL).headers["Location"] == "/admin/articles/publication/lists/ready/"


def test_nothing_is_ever_approved_from_the_desk(desk: Desk, enter: Enter) -> None:
    row = factories.in_review(factories.article(desk.an), desk=desk)
    root = enter(factories.user("root", is_superuser=True))
    forged = {"publish": [f"{row.pk}:1"], "approve": "1", "seen": factories.seen(row)}
    for url in (
        "/admin/",
        URL,
        "/admin/articles/publication/lists/waiting/",
        "/admin/articles/publication/lists/ready/",
    ):
        with unchanged():
            root.post(url, forged)
