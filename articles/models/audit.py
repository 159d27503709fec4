"""A version that chance picked to be judged: whether its claim stood is asked of it and of the others drawn with it."""

from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel, FrozenQuerySet

from .version import Version


class AuditQuerySet(FrozenQuerySet["Audit"]):
    def to_judge(self) -> Self:
        """Drawn, and the version not judged since, on whatever occasion."""
        return self.filter(version__verdicts=None)


class Audit(FrozenModel):
    """`chance` is how likely each version of that draw was to be drawn; nobody drew it (`by`) if a machine did."""

    version = models.OneToOneField(Version, on_delete=models.PROTECT, related_name="audit", verbose_name=_("version"))
    chance = models.DecimalField(_("chance of being drawn"), max_digits=7, decimal_places=6)
    seed = models.BigIntegerField(_("seed"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("drawn on"), default=timezone.now)

    objects = AuditQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("audit")
        verbose_name_plural = _("audits")
        default_permissions = ()
        constraints = (
            models.CheckConstraint(condition=models.Q(chance__gt=0, chance__lte=1), name="audit_chance_within_one"),
        )

    def __str__(self) -> str:
        return f"{self.version_id}: {self.chance}"
