"""Whether the claim of a version that is or was public stood, by a reviewer's word. Append-only."""

from decimal import Decimal
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.kinds import Occasion
from sources.frozen import FrozenModel, FrozenQuerySet

from .audit import Audit
from .correction import Correction
from .review import ReviewStatus
from .version import Version


class VerdictQuerySet(FrozenQuerySet["Verdict"]):
    def standing(self) -> Self:
        """The latest of each version, the oldest first."""
        later = Verdict.objects.filter(version=OuterRef("version"), pk__gt=OuterRef("pk"))
        return self.filter(~Exists(later)).order_by("pk")


class Verdict(FrozenModel):
    """A later one on the same version takes its place. `approval` is the row whose number it judges; `citations` says
    of each citation's number whether what it reports held: true, false, or null for not judged.
    """

    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="verdicts", verbose_name=_("version"))
    approval = models.ForeignKey(ReviewStatus, on_delete=models.PROTECT, related_name="+")
    held = models.BooleanField(_("the claim stood"))
    occasion = models.CharField(_("occasion"), max_length=10, choices=Occasion)
    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, null=True, related_name="verdicts")
    audit = models.ForeignKey(Audit, on_delete=models.PROTECT, null=True, related_name="verdicts")
    weight = models.DecimalField(_("weight"), max_digits=6, decimal_places=3, default=Decimal(1))
    note = models.TextField(_("why"))
    citations = models.JSONField(_("citations"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = VerdictQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("verdict")
        verbose_name_plural = _("verdicts")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=~Q(note=""), name="verdict_says_why"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="verdict_weighs_something"),
            models.CheckConstraint(
                condition=Q(occasion=Occasion.REVIEW, correction=None, audit=None)
                | Q(occasion__in=(Occasion.CORRECTION, Occasion.WITHDRAWAL), correction__isnull=False, audit=None)
                | Q(occasion=Occasion.AUDIT, correction=None, audit__isnull=False),
                name="verdict_occasion_known",
            ),
        )
        indexes = (models.Index(fields=("version", "id"), name="verdict_latest_of_version"),)

    def __str__(self) -> str:
        return f"{self.version_id}: {'held' if self.held else 'failed'}"
