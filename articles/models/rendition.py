"""A crop of a kept picture in one size and format, as readers' browsers ask for it: wanted by whoever says how a
picture is to be cut, made by a worker (`picturing`). The row is the truth: a worker that is gone has lost one.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles import pixels

from .photo import Photo, PhotoFile, random_name

TAKEN = timedelta(minutes=1)  # whoever takes one and is not heard of again has had it for so long
MOST_ATTEMPTS = 5


class RenditionState(models.TextChoices):
    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class RenditionQuerySet(models.QuerySet["Rendition"]):
    def want(self, photo: Photo) -> None:
        """A row for each size and format of the picture as it is to be cut now; what failed is tried again."""
        cut = {"file": photo.file, "focal_x": photo.focal_x, "focal_y": photo.focal_y}
        rows: list[Any] = [
            self.model(**cut, ratio=ratio, width=width, file_format=file_format)
            for ratio, width, file_format in photo.sizes
        ]
        self.bulk_create(rows, ignore_conflicts=True)
        self.of(photo).filter(state=RenditionState.FAILED).update(
            state=RenditionState.WAITING, attempts=0, due=timezone.now()
        )

    def of(self, photo: Photo) -> Self:
        """As it is to be cut now."""
        return self.filter(file=photo.file_id, focal_x=photo.focal_x, focal_y=photo.focal_y)

    def due(self, now: datetime) -> Self:
        """The small ones first, so that there is something of each crop soon; what failed comes after its pause."""
        return self.filter(state=RenditionState.WAITING, due__lte=now).order_by("attempts", "width", "pk")

    def given_up(self) -> Self:
        return self.filter(state=RenditionState.FAILED).order_by("-pk")


class Rendition(models.Model):
    file = models.ForeignKey(PhotoFile, on_delete=models.PROTECT, related_name="renditions")
    focal_x = models.PositiveSmallIntegerField()
    focal_y = models.PositiveSmallIntegerField()
    ratio = models.CharField(max_length=5, default=pixels.WIDE, choices=[(name, name) for name in pixels.RATIOS])
    width = models.PositiveSmallIntegerField(_("width"))
    file_format = models.CharField(_("format"), max_length=5, choices=[(name, name.upper()) for name in pixels.HOW])
    state = models.CharField(_("state"), max_length=10, choices=RenditionState, default=RenditionState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    due = models.DateTimeField(_("due"), default=timezone.now)
    last_error = models.CharField(_("why it failed"), max_length=200, blank=True)
    stored = models.FileField(upload_to=random_name, blank=True)

    objects = RenditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("size of a picture")
        verbose_name_plural = _("sizes of pictures")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(
                fields=("file", "focal_x", "focal_y", "ratio", "width", "file_format"), name="rendition_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=RenditionState.values), name="rendition_state_known"),
            models.CheckConstraint(
                condition=models.Q(state=RenditionState.DONE) ^ models.Q(stored=""), name="rendition_done_is_stored"
            ),
        )
        indexes = (
            models.Index(fields=("due", "id"), condition=models.Q(state=RenditionState.WAITING), name="rendition_due"),
        )

    def __str__(self) -> str:
        return f"{self.ratio} {self.width} {self.file_format}"
