"""One checked claim of a source that held or failed: together they are its record."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel, FrozenQuerySet

from .source import Source


def under(subject: str) -> Q:
    """Rows that came of `subject`, or of a part of it, which is named `subject/part`."""
    return Q(subject=subject) | Q(subject__startswith=f"{subject}/")


class SourceOutcomeQuerySet(FrozenQuerySet["SourceOutcome"]):
    def counting(self) -> Self:
        """What a record sums: the latest word on each subject of a source, and every word without a subject."""
        return self.exclude(_replaced())

    def with_replaced(self) -> Self:
        """Each with `replaced`: whether a later word on the same subject took its place."""
        return self.annotate(replaced=_replaced())


def _replaced() -> Q:
    later = SourceOutcome.objects.filter(source=OuterRef("source"), subject=OuterRef("subject"), pk__gt=OuterRef("pk"))
    return ~Q(subject="") & Q(Exists(later))


class SourceOutcome(FrozenModel):
    """A later row with the same source and subject takes the place of the earlier; its weight may be 0: none at all."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="outcomes", verbose_name=_("source"))
    held = models.BooleanField(_("held"))
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    reason = models.TextField(_("reason"))
    subject = models.CharField(_("what it came from"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("recorded by"))
    at = models.DateTimeField(_("recorded on"), default=timezone.now, editable=False)

    objects = SourceOutcomeQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = (models.CheckConstraint(condition=models.Q(weight__gte=0), name="outcome_weight_not_negative"),)
        indexes = (models.Index(fields=("source", "subject", "id"), name="outcome_latest_of_subject"),)

    def __str__(self) -> str:
        return f"{self.source_id}: {'held' if self.held else 'failed'}"
