"""A dated, reasoned judgement of a source. The latest one is its tier; none: "not rated"."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel
from sources.tiers import Tier, met

from .source import Source


class SourceAssessment(FrozenModel):
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="assessments", verbose_name=_("source"))
    tier = models.PositiveSmallIntegerField(_("tier"), choices=Tier)
    criteria = models.JSONField(_("criteria met"), default=list, blank=True)
    rationale = models.TextField(_("why"), blank=True)
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("assessed by"))
    at = models.DateTimeField(_("assessed on"), default=timezone.now, editable=False)
    review_by = models.DateField(_("assess again by"))

    class Meta(FrozenModel.Meta):
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = (models.CheckConstraint(condition=models.Q(tier__in=Tier.values), name="assessment_tier_known"),)

    def __str__(self) -> str:
        return f"{self.tier}: {self.get_tier_display()} ({self.at:%Y-%m-%d})"

    def reasons(self) -> list[tuple[str, str]]:
        """Why, in each language that has it."""
        told = [(code, getattr(self, f"rationale_{code}")) for code, _label in settings.LANGUAGES]
        return [(code, text) for code, text in told if text]

    def met(self) -> list[str]:
        """The criteria in words, in their order."""
        return met(self.criteria)
