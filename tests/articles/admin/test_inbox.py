"""My notifications: read by me alone, marked by POST alone, and how I want to be told."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles import notifications, workflow
from articles.models import Notification, NotificationChoice
from articles.models.notification import Event
from tests import factories
from tests.articles.admin.conftest import Element, Enter, Page, changed, page, reads_only, unchanged
from tests.articles.admin.test_moves import told
from tests.factories import Desk

INBOX, READ, CHOICES = (f"/admin/articles/notification/{path}" for path in ("", "read/", "choices/"))


def approved(desk: Desk, *names: str) -> None:
    for name in names:
        factories.approved(factories.article(desk.an, name), desk=desk)


def entries(shown: Page) -> list[Element]:
    return [entry for entry in shown.all("li") if "desk-rows" in entry.within[-1]["class"]]


def heading(shown: Page) -> str:
    return shown.one("h1", **{"class": "desk-title"}).words


def test_an_empty_inbox_says_so(desk: Desk, enter: Enter) -> None:
    shown = page(enter(desk.em).get(INBOX))
    assert (heading(shown), [entry.words for entry in entries(shown)]) == (
        "My notifications 0 unread", ["Nobody told you anything yet."],
    )  # fmt: skip
    assert shown.all("form", action=READ) == []


def test_each_entry_says_what_happened_and_leads_to_it(desk: Desk, enter: Enter) -> None:
    row = factories.in_review(factories.article(desk.an, headline_en="<b>A</b>"), desk=desk)
    workflow.assign(row, by=desk.chi, reviewer=desk.binh)
    workflow.request_changes(row, by=desk.binh, version=1, note="More <i>sources</i>.")
    an, binh = enter(desk.an), enter(desk.binh)
    with unchanged(), reads_only():
        mine, his = page(an.get(INBOX)), page(binh.get(INBOX))
    [entry] = entries(mine)
    assert entry.words.startswith("Binh asks for changes to “<b>A</b>” (English, version 1). unread · ")
    assert entry.words.endswith(" More <i>sources</i>. Mark as read")
    assert [link["href"] for link in mine.all("a") if entry in link.within] == [
        f"/admin/articles/article/{row.article_id}/change/"
    ]
    [entry] = entries(his)
    assert entry.words.startswith("Chi asks you to review “<b>A</b>” (English, version 1). unread")
    assert [link["href"] for link in his.all("a") if entry in link.within] == [
        f"/admin/articles/publication/{row.pk}/review/"
    ]


def test_the_desk_says_how_many_are_unread(desk: Desk, enter: Enter) -> None:
    def said() -> str:
        return page(enter(desk.an).get("/admin/")).one("a", href=INBOX, **{"class": "desk-button"}).words

    assert said() == "My notifications"
    approved(desk, "One", "Two")
    assert said() == "My notifications: 2 unread"


def test_entries_are_marked_as_read_by_post_one_or_all_that_were_seen(desk: Desk, enter: Enter) -> None:
    approved(desk, "One", "Two", "Three")
    an = enter(desk.an)
    shown = page(an.get(INBOX))
    [button, *_others] = [button for button in shown.all("button") if button["name"] == "one"]
    with unchanged():
        assert an.get(READ, {"one": button["value"]}).status_code == 302
    assert an.post(READ, {"one": button["value"]}).headers["Location"] == INBOX
    assert Notification.objects.exclude(read_at=None).get().pk == int(button["value"])
    all_of = next(form for form in shown.all("form", action=READ) if "Mark all" in form.words)
    [upto] = [field["value"] for field in shown.all("input", name="upto") if all_of in field.within]
    approved(desk, "Later")  # came after the page was opened
    an.post(READ, {"upto": upto})
    shown = page(an.get(INBOX))
    assert heading(shown) == "My notifications 1 unread"
    assert [entry.words.split("”")[0].split("“")[1] for entry in entries(shown)] == [
        "Headline Later", "Headline Three", "Headline Two", "Headline One",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["dung", "binh", "chi", "em", "root"])
def test_nobody_reads_or_marks_what_is_anothers(name: str, desk: Desk, enter: Enter) -> None:
    factories.user("root", is_superuser=True)
    approved(desk, "One")
    [row] = Notification.objects.all()
    client = enter(User.objects.get(username=name))
    assert "Headline One" not in client.get(INBOX).content.decode()
    with unchanged():
        for post in ({"one": str(row.pk)}, {"upto": str(row.pk)}, {"upto": "9" * 9}, {"one": "x"}, {}):
            client.post(READ, post)
    for path in (f"{row.pk}/change/", f"{row.pk}/delete/", f"{row.pk}/history/", "add/"):
        assert client.get(f"/admin/articles/notification/{path}").status_code == 404


def test_what_is_kept_out_of_the_inbox_is_not_in_it(desk: Desk, enter: Enter) -> None:
    desk.an.email = "an@example.org"
    desk.an.save()
    notifications.choose(desk.an, "en", {"approved": {"inbox": False, "mail": True}})
    approved(desk, "One")
    assert Notification.objects.count() == 1
    assert heading(page(enter(desk.an).get(INBOX))) == "My notifications 0 unread"


def test_choices_are_shown_as_they_are_and_kept_as_they_are_ticked(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = page(an.get(INBOX)).form(action=CHOICES)
    form.pop("csrfmiddlewaretoken")
    mailed = {"assigned", "changes_requested", "failed"}
    assert form == {
        "language": ["vi"],
        **{f"{event.value}-inbox": ["on"] for event in Event},
        **{f"{event}-mail": ["on"] for event in mailed},
    }
    del form["assigned-mail"], form["failed-inbox"]
    assert an.post(CHOICES, changed(form, {"language": "en", "approved-mail": "on"})).headers["Location"] == INBOX
    assert told(an.get("/admin/")) == ["Your choices are kept."]
    kept = NotificationChoice.objects.get()
    assert (kept.user, kept.language) == (desk.an, "en")
    assert [event for event in Event if kept.of(event)["mail"]] == ["changes_requested", "approved", "failed"]
    assert [event for event in Event if not kept.of(event)["inbox"]] == ["failed"]
    again = page(an.get(INBOX)).form(action=CHOICES)
    assert ("assigned-mail" in again, again["approved-mail"], again["language"]) == (False, ["on"], ["en"])
    an.post(CHOICES, again)
    assert NotificationChoice.objects.count() == 1


@pytest.mark.parametrize("language", ["", "fr", "vi\0", "x" * 5000])
def test_a_language_that_the_desk_has_not_is_not_kept(language: str, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    notifications.choose(desk.an, "en", {})
    with unchanged():
        an.post(CHOICES, {"language": language, "assigned-mail": "on"})
    assert told(an.get("/admin/")) == ["Choose the language of your mail."]


def test_the_inbox_asks_as_much_of_sixty_as_of_one_and_is_turned_page_by_page(desk: Desk, enter: Enter) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries, reads_only():
            assert an.get(INBOX).status_code == 200
        return len(queries)

    an = enter(desk.an)
    approved(desk, "One")
    one = asked()
    approved(desk, *(f"More{number}" for number in range(52)))
    assert asked() == one
    first, second = page(an.get(INBOX)), page(an.get(INBOX, {"p": "2"}))
    assert (len(entries(first)), len(entries(second))) == (50, 3)
    assert [link["href"] for link in first.all("a", rel="next")] == ["?p=2"]
    assert (second.all("a", rel="next"), [link["href"] for link in second.all("a", rel="prev")]) == ([], ["?p=1"])
