"""When a worker, or cron's tick, last looked for what is due, by the database's clock. One row: it is written over."""

from datetime import timedelta
from typing import Self

from django.db import models
from django.db.models.functions import Now

ONLY = 1
EVERY = timedelta(seconds=30)  # between two writes of it, however often a worker looks
LATE = timedelta(minutes=3)  # cron's looks are a minute apart


class HeartbeatQuerySet(models.QuerySet["Heartbeat"]):
    def within(self, time: timedelta) -> Self:
        return self.filter(pk=ONLY, at__gt=Now() - time)

    def beat(self) -> None:
        if not self.within(EVERY).exists() and not self.filter(pk=ONLY).update(at=Now()):
            self.bulk_create([self.model(pk=ONLY)], ignore_conflicts=True)  # another may be the first as well


class Heartbeat(models.Model):
    at = models.DateTimeField(db_default=Now())

    objects = HeartbeatQuerySet.as_manager()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.at}"
