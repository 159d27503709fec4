"""One checked claim of a source that held or failed: together they are its record."""

from decimal import Decimal

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel

from .source import Source


class SourceOutcome(FrozenModel):
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="outcomes", verbose_name=_("source"))
    held = models.BooleanField(_("held"))
    weight = models.DecimalField(
        _("weight"), max_digits=6, decimal_places=3, default=Decimal(1), validators=[MinValueValidator(0)]
    )
    reason = models.TextField(_("reason"))
    subject = models.CharField(_("what it came from"), max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("recorded by"))
    at = models.DateTimeField(_("recorded on"), default=timezone.now, editable=False)

    class Meta(FrozenModel.Meta):
        verbose_name = _("outcome")
        verbose_name_plural = _("outcomes")
        constraints = (models.CheckConstraint(condition=models.Q(weight__gte=0), name="outcome_weight_not_negative"),)

    def __str__(self) -> str:
        return f"{self.source_id}: {'held' if self.held else 'failed'}"
