"""When a version goes out, and what became of it. The row is the truth: a worker, or cron, looks what is due."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles.kinds import CORRECTIONS
from articles.states import ScheduleState

from .version import Version

OPEN = (ScheduleState.WAITING, ScheduleState.FAILED)


class ScheduleQuerySet(models.QuerySet["Schedule"]):
    def due(self) -> Self:
        """What is to go out now, by the database's clock, the earliest first."""
        return self.filter(state__in=OPEN, next_try__lte=Now()).order_by("next_try", "pk")


class Schedule(models.Model):
    """`kind` and `note` are those of the correction, if it is one. `next_try` is never before `due`."""

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="schedules", verbose_name=_("version"))
    due = models.DateTimeField(_("due"))
    kind = models.CharField(_("kind of correction"), max_length=20, choices=CORRECTIONS, blank=True)
    note = models.TextField(_("public note"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"))
    at = models.DateTimeField(_("scheduled on"), default=timezone.now)
    state = models.CharField(_("state"), max_length=10, choices=ScheduleState, default=ScheduleState.WAITING)
    next_try = models.DateTimeField(_("next try"))
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    last_error = models.TextField(_("last error"), blank=True)

    objects = ScheduleQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a version", "schedule")
        verbose_name_plural = _("schedules")
        default_permissions = ("view",)
        constraints = (
            models.CheckConstraint(condition=models.Q(state__in=ScheduleState.values), name="schedule_state_known"),
            models.CheckConstraint(condition=models.Q(next_try__gte=models.F("due")), name="schedule_never_early"),
            models.UniqueConstraint(fields=("version",), condition=models.Q(state__in=OPEN), name="schedule_open_once"),
        )
        indexes = (models.Index(fields=("state", "next_try"), name="schedule_due"),)

    def __str__(self) -> str:
        return f"{self.version}: {self.due:%Y-%m-%d %H:%M}"
