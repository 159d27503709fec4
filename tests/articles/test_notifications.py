"""Who is told of what, exactly once; that a move which is undone tells nobody; and mail, each at most once."""

from collections.abc import Iterator
from datetime import date, timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.utils import timezone, translation
from pytest_django import Settings

from articles import notifications, workflow
from articles.models import Notification, Publication, Schedule
from articles.models.notification import MAILED, Event, Mail
from tests import factories
from tests.articles.steps import edit, now, refused
from tests.articles.test_races import at_once
from tests.factories import Desk

Told = list[tuple[str, str]]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told() -> Told:
    """Who was told of which event, in order."""
    return list(Notification.objects.order_by("pk").values_list("user__username", "event"))


def addressed(desk: Desk) -> None:
    """Everybody has an address and reads English mail."""
    for person in (desk.an, desk.binh, desk.chi, desk.dung, desk.em):
        person.email = f"{person.username}@example.org"
        person.save(update_fields=["email"])
        notifications.choose(person, "en", {})


def publication(desk: Desk, marker: str = "Alpha") -> Publication:
    """In review, written by An and Dung."""
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.dung)
    return factories.in_review(article, desk=desk)


# --- who ---------------------------------------------------------------------------------------------


def test_the_named_reviewer_is_told_once_and_whoever_takes_it_is_not(desk: Desk) -> None:
    row = publication(desk)
    other = factories.user("other", "Reviewers")
    workflow.assign(row, by=desk.binh, reviewer=desk.binh)
    assert told() == []
    workflow.assign(row, by=desk.binh, reviewer=other, due=date(2027, 1, 31))
    workflow.assign(row, by=desk.chi, reviewer=other, due=date(2027, 2, 1))  # another day is no other reviewer
    assert told() == [("other", "assigned")]
    workflow.assign(row, by=desk.chi, reviewer=None)
    workflow.assign(row, by=desk.chi, reviewer=other)
    assert told() == [("other", "assigned")] * 2
    first = Notification.objects.earliest("pk")
    assert notifications.sentence(first) == (
        "Binh asks you to review “Headline Alpha” (English, version 1) by 31 January 2027."
    )
    assert notifications.url(first) == f"/admin/articles/publication/{row.pk}/review/"


def test_the_contributors_are_told_what_became_of_their_words_but_for_who_did_it(desk: Desk) -> None:
    row = publication(desk)
    workflow.request_changes(row, by=desk.binh, version=1, note="More sources.")
    assert told() == [("an", "changes_requested"), ("dung", "changes_requested")]
    workflow.submit(row.article, "en", by=desk.dung)
    factories.approve(row, desk=desk)
    assert told()[2:] == [("an", "approved"), ("dung", "approved")]
    workflow.publish(row, by=desk.chi, version=2)
    assert told()[4:] == [("an", "published"), ("dung", "published")]
    edit(row.article, desk.an, summary_en="Newer.")
    factories.approved(row.article, desk=desk)
    assert told()[6:] == [("an", "approved")]  # Dung has no part in this version
    workflow.correct(now(row), by=desk.chi, version=3, kind="typo", note="A letter.")
    assert told()[7:] == [("an", "corrected")]
    workflow.withdraw(now(row), by=desk.chi, version=3, note="Wrong.")
    assert told()[8:] == [("an", "withdrawn")]
    sentences = [notifications.sentence(row) for row in Notification.objects.filter(user=desk.an).order_by("pk")]
    assert sentences == [
        "Binh asks for changes to “Headline Alpha” (English, version 1).",
        "Binh approved “Headline Alpha” (English, version 2).",
        "Chi published “Headline Alpha” (English, version 2).",
        "Binh approved “Headline Alpha” (English, version 3).",
        "Chi published “Headline Alpha” (English, version 3) as a correction.",
        "Chi withdrew “Headline Alpha” (English, version 3).",
    ]
    assert Notification.objects.earliest("pk").note == "More sources."


def test_who_publishes_their_own_words_is_not_told(desk: Desk) -> None:
    both = factories.user("both", "Editors", "Publishers")
    row = factories.in_review(factories.article(both), desk=desk)
    factories.approve(row, desk=desk)
    workflow.publish(row, by=both, version=1)
    assert told() == [("an", "approved"), ("both", "approved"), ("an", "published")]


def test_a_schedule_that_fails_is_told_once_to_who_made_it_and_to_every_active_publisher(desk: Desk) -> None:
    factories.user("former", "Publishers", is_active=False)
    factories.user("root", is_superuser=True)
    maker = factories.user("maker", "Publishers")
    row = factories.approved(factories.article(desk.an), desk=desk)
    workflow.schedule(row, by=maker, version=1, due=timezone.now() + timedelta(seconds=1))
    maker.groups.clear()  # no publisher any more, and told all the same
    Schedule.objects.update(due="2020-01-01T00:00Z", next_try="2020-01-01T00:00Z")
    before = len(told())
    for error in ("Only Publishers may do this.", "The same again."):
        workflow.release_failed(now(row), error)
        Schedule.objects.update(next_try="2020-01-01T00:00Z")
    assert sorted(told()[before:]) == [("chi", "failed"), ("maker", "failed"), ("root", "failed")]
    first = Notification.objects.filter(event=Event.FAILED).earliest("pk")
    assert first.note == "Only Publishers may do this."
    assert notifications.sentence(first) == "“Headline Alpha” (English, version 1) did not go out as scheduled."


def test_who_is_deactivated_is_told_nothing(desk: Desk) -> None:
    row = publication(desk)
    User.objects.filter(pk=desk.dung.pk).update(is_active=False)
    factories.approve(row, desk=desk)
    assert told() == [("an", "approved")]


# --- with the move, or not at all --------------------------------------------------------------------


def test_a_move_that_is_undone_tells_nobody(desk: Desk) -> None:
    row = publication(desk)
    with transaction.atomic():
        factories.approve(row, desk=desk)
        assert len(told()) == 2
        transaction.set_rollback(True)
    assert told() == []


def test_a_refused_move_tells_nobody(desk: Desk) -> None:
    row = publication(desk)
    with refused("Write a note: it says why."):
        workflow.request_changes(row, by=desk.binh, version=1, note="")
    with refused("Dung cannot review this: they are no reviewer of this language, or they contributed to it."):
        workflow.assign(row, by=desk.binh, reviewer=desk.dung)
    assert told() == []


def test_the_same_occasion_told_again_is_told_once(desk: Desk) -> None:
    row = publication(desk)
    approval = factories.approve(row, desk=desk)
    notifications.moved(Event.APPROVED, row, approval)
    assert told() == [("an", "approved"), ("dung", "approved")]


# --- how ---------------------------------------------------------------------------------------------


def ways(event: Event) -> list[tuple[str, bool, str]]:
    return list(Notification.objects.filter(event=event).order_by("pk").values_list("user__username", "inbox", "mail"))


@pytest.mark.parametrize(
    ("inbox", "by_mail", "way"),
    [
        (True, True, [("an", True, "due")]),
        (True, False, [("an", True, "none")]),
        (False, True, [("an", False, "due")]),
        (False, False, []),
    ],
)
def test_everybody_chooses_how(inbox: bool, by_mail: bool, way: list[tuple[str, bool, str]], desk: Desk) -> None:
    addressed(desk)
    notifications.choose(desk.an, "en", {"approved": {"inbox": inbox, "mail": by_mail}})
    row = publication(desk)
    factories.approve(row, desk=desk)
    assert ways(Event.APPROVED) == [*way, ("dung", True, "none")]
    assert notifications.send_due() == by_mail
    assert [message.to for message in mail.outbox] == [["an@example.org"]] * by_mail
    assert Notification.objects.unread(desk.an.pk).count() == inbox


def test_who_chose_nothing_has_mail_of_what_waits_for_them(desk: Desk) -> None:
    assert {Event.ASSIGNED, Event.CHANGES_REQUESTED, Event.FAILED} == MAILED
    addressed(desk)
    row = publication(desk)
    workflow.request_changes(row, by=desk.binh, version=1, note="More.")
    assert ways(Event.CHANGES_REQUESTED) == [("an", True, "due"), ("dung", True, "due")]
    User.objects.filter(pk=desk.an.pk).update(email="")
    workflow.submit(row.article, "en", by=desk.an)
    workflow.request_changes(now(row), by=desk.binh, version=2, note="More.")
    assert ways(Event.CHANGES_REQUESTED)[2:] == [("an", True, "none"), ("dung", True, "due")]


# --- mail --------------------------------------------------------------------------------------------


def asked_to_review(desk: Desk, **fields: str) -> Publication:
    addressed(desk)
    row = factories.in_review(factories.article(desk.an, **fields), desk=desk)
    workflow.assign(row, by=desk.chi, reviewer=desk.binh)
    return row


def test_a_mail_says_what_happened_and_where_to_go_on_and_no_word_of_the_article(desk: Desk) -> None:
    row = asked_to_review(desk)
    assert notifications.send_due() == 1
    [message] = mail.outbox
    assert (message.subject, message.to, message.alternatives if hasattr(message, "alternatives") else []) == (
        "Newsroom: Chi asks you to review “Headline Alpha” (English, version 1).", ["binh@example.org"], [],
    )  # fmt: skip
    assert message.body.splitlines() == [
        "Chi asks you to review “Headline Alpha” (English, version 1).",
        "",
        f"https://desk.example.org/admin/articles/publication/{row.pk}/review/",
        "",
        "What you are told, and how, you choose here:",
        "",
        "https://desk.example.org/admin/articles/notification/",
    ]
    assert "Opening Alpha" not in message.body


def test_a_mail_is_in_the_language_of_its_reader(desk: Desk) -> None:
    asked_to_review(desk)
    notifications.choose(desk.binh, "vi", {})
    with translation.override("en"):
        notifications.send_due()
        assert translation.get_language() == "en"
    with translation.override("vi"):
        assert mail.outbox[0].subject == f"Newsroom: {notifications.sentence(Notification.objects.get())}"


@pytest.mark.parametrize(
    "headline",
    ["A\r\nBcc: all@example.org", "A\nSubject: B", "A\u2028B\u202eC", "<b>A</b>", "%(name)s %s", "A" * 200],
)
def test_a_hostile_headline_stays_one_line_of_the_subject(headline: str, desk: Desk, settings: Settings) -> None:
    settings.NEWSROOM_NAME = "News\r\nroom"
    asked_to_review(desk, headline_en=headline, slug_en="a")
    assert notifications.send_due() == 1
    message = mail.outbox[0].message()
    assert len(mail.outbox[0].subject) <= 200
    assert not set(mail.outbox[0].subject) & set("\r\n\u2028\u202e")
    assert (message["Bcc"], message.get_all("Subject") and len(message.get_all("Subject"))) == (None, 1)
    assert message.get_content_type() == "text/plain"


def test_draining_again_sends_nothing_again(desk: Desk) -> None:
    asked_to_review(desk)
    assert [notifications.send_due() for _time in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1
    assert Notification.objects.get().mail == Mail.SENT


def test_a_mail_that_fails_is_recorded_and_not_tried_again_and_stops_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_to_review(desk)
    other = publication(desk, "Beta")
    workflow.request_changes(other, by=desk.binh, version=1, note="More.")
    send = EmailBackend.send_messages

    def failing(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == ["binh@example.org"]:
            raise ConnectionRefusedError("no mail here")
        return send(self, messages)

    monkeypatch.setattr(EmailBackend, "send_messages", failing)
    assert [notifications.send_due() for _time in range(2)] == [2, 0]
    assert [message.to for message in mail.outbox] == [["an@example.org"], ["dung@example.org"]]
    assert list(Notification.objects.order_by("pk").values_list("user__username", "mail", "mail_error")) == [
        ("binh", "failed", "ConnectionRefusedError: no mail here"),
        ("an", "sent", ""),
        ("dung", "sent", ""),
    ]


def test_who_is_deactivated_before_the_drain_gets_no_mail_then_or_later(desk: Desk) -> None:
    asked_to_review(desk)
    User.objects.filter(pk=desk.binh.pk).update(is_active=False)
    assert notifications.send_due() == 0
    User.objects.filter(pk=desk.binh.pk).update(is_active=True)
    assert notifications.send_due() == 0
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_a_claim_is_committed_before_the_mail_is_sent(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """So a machine that stops while it sends has not sent it twice."""
    asked_to_review(factories.desk())

    def stopped(self: EmailBackend, messages: list[mail.EmailMessage]) -> int:
        assert not connection.in_atomic_block
        raise KeyboardInterrupt

    monkeypatch.setattr(EmailBackend, "send_messages", stopped)
    with pytest.raises(KeyboardInterrupt):
        notifications.send_due()
    monkeypatch.undo()
    assert notifications.send_due() == 0
    assert Notification.objects.get().mail == Mail.SENT
    Notification.objects.update(mail=Mail.DUE)
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        notifications.send_due()


@pytest.mark.django_db(transaction=True)
def test_two_drains_at_once_send_each_mail_once(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = factories.desk()
    addressed(desk)
    for number in range(8):
        row = publication(desk, f"Alpha{number}")
        workflow.assign(row, by=desk.chi, reviewer=desk.binh)
    both, original = Barrier(2), notifications._send

    def together(pk: int) -> bool:
        both.wait(30)  # each mail is claimed by both at the same moment
        return original(pk)

    monkeypatch.setattr(notifications, "_send", together)
    counts: list[int] = []
    assert at_once(*[lambda: counts.append(notifications.send_due())] * 2) == ["done", "done"]
    assert sum(counts) == 8
    subjects = [message.subject for message in mail.outbox]
    assert len(subjects) == len(set(subjects)) == 8


# --- the inbox ---------------------------------------------------------------------------------------


def test_what_is_unread_comes_first_then_the_newest(desk: Desk) -> None:
    rows = [publication(desk, f"Alpha{number}") for number in range(3)]
    for row in rows:
        factories.approve(row, desk=desk)
    numbers = list(Notification.objects.filter(user=desk.an).order_by("pk").values_list("pk", flat=True))
    assert notifications.mark_read(desk.an, one=numbers[2]) == 1
    assert notifications.mark_read(desk.an, one=numbers[2]) == 0
    assert [row.pk for row in Notification.objects.inbox(desk.an.pk)] == [numbers[1], numbers[0], numbers[2]]
    assert notifications.mark_read(desk.an, upto=numbers[0]) == 1
    assert [row.pk for row in Notification.objects.unread(desk.an.pk)] == [numbers[1]]
    assert Notification.objects.unread(desk.dung.pk).count() == 3


def test_nobody_reads_for_another(desk: Desk) -> None:
    factories.approve(publication(desk), desk=desk)
    of_dung = Notification.objects.get(user=desk.dung)
    assert notifications.mark_read(desk.an, one=of_dung.pk) == 0
    assert Notification.objects.unread(desk.dung.pk).count() == 1
