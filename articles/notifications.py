"""Telling people: who is told of what, in which words, and the drain that mails it. What happened lives in the ledger.

Rows are the truth: they are written in the transaction of the move, so that a move which is undone tells nobody. The
inbox has each exactly once. Mail is claimed, and the claim committed, before it is sent: a machine that stops in
between has sent it at most once.
"""

import logging
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import cleaning, languages
from articles.models import Notification, NotificationChoice, Publication, ReviewStatus, Schedule, Version
from articles.models.notification import Event, Mail
from articles.models.working_language import works_in
from articles.states import Role

LONGEST_SUBJECT = 200
log = logging.getLogger(__name__)


# --- what happened -----------------------------------------------------------------------------------


def assigned(publication: Publication, *, by: User, reviewer: User, due: date | None) -> None:
    """`reviewer` was named. Whoever takes a review needs no word of it."""
    assert publication.in_review is not None
    occasion = f"assigned {publication.pk} {publication.stamp}"
    people = {reviewer.pk} - {by.pk}
    _tell(Event.ASSIGNED, people, occasion, publication, publication.in_review, by=by, due=due)


def moved(event: Event, publication: Publication, row: ReviewStatus) -> None:
    """Whoever wrote the version is told what became of it, but for the one who did it."""
    people = {person["id"] for person in row.version.contributors} - {row.actor_id}
    _tell(event, people, f"row {row.pk}", publication, row.version, by=row.actor, row=row, note=row.note)


def failed(publication: Publication, schedule: Schedule, error: str) -> None:
    """Who scheduled it and every publisher of its language are told once, at the first failure; the desk shows the
    later ones.
    """
    version, permission = schedule.version, f"articles.{Role.PUBLISHER.value}"
    publishers = User.objects.with_perm(permission, backend="django.contrib.auth.backends.ModelBackend")
    theirs = (each for each in publishers.prefetch_related("working_languages") if works_in(each, version.language))
    people = {schedule.by_id, *(each.pk for each in theirs)}
    occasion = f"schedule {schedule.pk}"
    _tell(Event.FAILED, people, occasion, publication, version, by=schedule.by, note=error)


def _tell(
    event: Event,
    people: Iterable[int],
    occasion: str,
    publication: Publication,
    version: Version,
    *,
    by: User,
    row: ReviewStatus | None = None,
    note: str = "",
    due: date | None = None,
) -> None:
    active = User.objects.filter(pk__in=people, is_active=True).select_related("notification_choice").order_by("pk")
    rows = []
    for person in active:
        wish = choice_of(person).of(event)
        mail = Mail.DUE if wish["mail"] and person.email else Mail.NONE
        if wish["inbox"] or mail == Mail.DUE:
            rows.append(
                Notification(
                    user=person,
                    event=event,
                    occasion=occasion,
                    publication=publication,
                    version=version,
                    row=row,
                    by_name=by.get_full_name() or by.get_username(),
                    note=note,
                    due=due,
                    inbox=wish["inbox"],
                    mail=mail,
                )
            )
    Notification.objects.bulk_create(rows, ignore_conflicts=True)  # of the same occasion nobody is told again


def choice_of(person: User) -> NotificationChoice:
    """What this person chose, or an unsaved row with the desk's defaults."""
    return getattr(person, "notification_choice", None) or NotificationChoice(user=person)


# --- in words ----------------------------------------------------------------------------------------


def sentence(told: Notification) -> str:
    """What happened, in the active language."""
    facts = {
        "name": told.by_name,
        "headline": told.version.headline,
        "about": _("%(language)s, version %(number)d")
        % {"language": languages.name(told.version.language), "number": told.version.number},
    }
    match Event(told.event):
        case Event.ASSIGNED if told.due:
            facts["due"] = date_format(told.due)
            return _("%(name)s asks you to review “%(headline)s” (%(about)s) by %(due)s.") % facts
        case Event.ASSIGNED:
            return _("%(name)s asks you to review “%(headline)s” (%(about)s).") % facts
        case Event.CHANGES_REQUESTED:
            return _("%(name)s asks for changes to “%(headline)s” (%(about)s).") % facts
        case Event.APPROVED:
            return _("%(name)s approved “%(headline)s” (%(about)s).") % facts
        case Event.PUBLISHED:
            return _("%(name)s published “%(headline)s” (%(about)s).") % facts
        case Event.CORRECTED:
            return _("%(name)s published “%(headline)s” (%(about)s) as a correction.") % facts
        case Event.WITHDRAWN:
            return _("%(name)s withdrew “%(headline)s” (%(about)s).") % facts
        case Event.FAILED:
            return _("“%(headline)s” (%(about)s) did not go out as scheduled.") % facts


def url(told: Notification) -> str:
    """Where to go on from here: the review screen for who is asked to review, the article for everybody else."""
    if told.event == Event.ASSIGNED:
        return reverse("admin:articles_publication_review", args=[told.publication_id])
    return reverse("admin:articles_article_change", args=[told.version.article_id])


# --- by mail -----------------------------------------------------------------------------------------


def send_due() -> int:
    """Send what is due by mail, each at most once; returns how many went out. To be called outside a transaction."""
    Notification.objects.to_mail().filter(user__is_active=False).order_by().update(mail=Mail.NONE)
    waiting = list(Notification.objects.to_mail().values_list("pk", flat=True))
    return sum(_send(pk) for pk in waiting)


def _send(pk: int) -> bool:
    mine = Notification.objects.filter(pk=pk, mail=Mail.DUE)
    with transaction.atomic(durable=True):
        if not mine.update(mail=Mail.SENT):  # another drain was faster
            return False
    told = Notification.objects.select_related("user__notification_choice", "version").get(pk=pk)
    try:
        _message(told).send()
    except Exception as error:  # whatever it was, the others are sent
        log.exception("Notification %d was not mailed", pk)
        Notification.objects.filter(pk=pk).update(mail=Mail.FAILED, mail_error=f"{type(error).__name__}: {error}")
        return False
    return True


def _message(told: Notification) -> EmailMessage:
    """Plain text, no word of the article but its headline; its links start with the desk's own address."""
    with override(choice_of(told.user).language):
        said = sentence(told)
        subject = cleaning.line(f"{settings.NEWSROOM_NAME}: {said}")
        choices = reverse("admin:articles_notification_changelist")
        lines = [
            said,
            f"{settings.NEWSROOM_URL}{url(told)}",
            _("What you are told, and how, you choose here:"),
            f"{settings.NEWSROOM_URL}{choices}",
        ]
    if len(subject) > LONGEST_SUBJECT:
        subject = f"{subject[: LONGEST_SUBJECT - 1]}…"
    return EmailMessage(subject, "\n\n".join(lines) + "\n", to=[told.user.email])


def mark_read(person: User, *, upto: int | None = None, one: int | None = None) -> int:
    """Mark as read one of this person's notifications, or all up to the one numbered `upto`."""
    unread = Notification.objects.unread(person.pk)
    unread = unread.filter(pk=one) if one else unread.filter(pk__lte=upto or 0)
    return unread.update(read_at=timezone.now())


def choose(person: User, language: str, events: dict[str, dict[str, bool]]) -> None:
    """Keep how this person wants to be told."""
    NotificationChoice.objects.update_or_create(user=person, defaults={"language": language, "events": events})
