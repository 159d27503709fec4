"""What a person of the desk is told of, and how they want to be told. Written by `notifications`, with the move."""

from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .publication import Publication
from .review import ReviewStatus
from .version import Version


class Event(models.TextChoices):
    ASSIGNED = "assigned", _("somebody asks me to review")
    CHANGES_REQUESTED = "changes_requested", _("changes are requested of what I wrote")
    APPROVED = "approved", _("what I wrote is approved")
    PUBLISHED = "published", _("what I wrote is published")
    CORRECTED = "corrected", _("what I wrote is published as a correction")
    WITHDRAWN = "withdrawn", _("what I wrote is withdrawn")
    FAILED = "failed", _("something did not go out as scheduled")


class Mail(models.TextChoices):
    """`sent` says that it was handed over, or was about to be when the machine stopped: never twice."""

    NONE = "none", pgettext_lazy("mail", "none")
    DUE = "due", pgettext_lazy("mail", "due")
    SENT = "sent", pgettext_lazy("mail", "sent")
    FAILED = "failed", pgettext_lazy("mail", "failed")


MAILED = frozenset({Event.ASSIGNED, Event.CHANGES_REQUESTED, Event.FAILED})  # where nobody chose otherwise


class NotificationQuerySet(models.QuerySet["Notification"]):
    def inbox(self, user_id: int) -> Self:
        """What this person sees in the admin: what is unread first, then the newest first."""
        unread_first = models.Case(models.When(read_at=None, then=0), default=1)
        return self.filter(user=user_id, inbox=True).order_by(unread_first, "-pk")

    def unread(self, user_id: int) -> Self:
        return self.filter(user=user_id, inbox=True, read_at=None)

    def to_mail(self) -> Self:
        return self.filter(mail=Mail.DUE).order_by("pk")

    def not_mailed(self) -> Self:
        """Tried once, refused by whoever was to carry it; the newest first."""
        return self.filter(mail=Mail.FAILED).order_by("-pk")


class Notification(models.Model):
    """`occasion` names the one thing that happened, so that nobody is told of it twice. `by_name` and `note` are as
    they were then; the rest of the sentence is the version's, which does not change.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notifications")
    event = models.CharField(_("event"), max_length=20, choices=Event)
    occasion = models.CharField(_("occasion"), max_length=60)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    row = models.ForeignKey(ReviewStatus, on_delete=models.PROTECT, null=True, related_name="+")
    by_name = models.CharField(_("by"), max_length=300)
    note = models.TextField(_("note"), blank=True)
    due = models.DateField(_("due"), null=True)
    at = models.DateTimeField(_("at"), default=timezone.now)
    inbox = models.BooleanField(_("in the inbox"))
    read_at = models.DateTimeField(_("read"), null=True)
    mail = models.CharField(_("mail"), max_length=10, choices=Mail)
    mail_error = models.TextField(_("why the mail failed"), blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("user", "occasion"), name="notified_once"),
            models.CheckConstraint(condition=models.Q(event__in=Event.values), name="notification_event_known"),
            models.CheckConstraint(condition=models.Q(mail__in=Mail.values), name="notification_mail_known"),
        )
        indexes = (
            models.Index(fields=("user", "-id"), condition=models.Q(inbox=True), name="notification_inbox"),
            models.Index(fields=("id",), condition=models.Q(mail=Mail.DUE), name="notification_to_mail"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.occasion}"


class NotificationChoice(models.Model):
    """How one person wants to be told: in which language mail is written, and for each event {inbox, mail}."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notification_choice")
    language = models.CharField(_("language of mail"), max_length=8, default=settings.LANGUAGE_CODE)
    events = models.JSONField(_("events"), default=dict)

    class Meta:
        verbose_name = _("choice of notifications")
        verbose_name_plural = _("choices of notifications")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.user_id}"

    def of(self, event: Event) -> dict[str, Any]:
        """Whether `event` goes to the inbox, and by mail; the desk's default where nothing was chosen."""
        return {"inbox": True, "mail": event in MAILED} | self.events.get(event.value, {})
