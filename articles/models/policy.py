"""A policy that somebody published in the place of the one before. What its constants mean: `articles.confidence`."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel


class PublishedPolicy(FrozenModel):
    version = models.CharField(_("version"), max_length=40, unique=True)
    constants = models.JSONField(_("constants"))
    note = models.TextField(_("public note"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta(FrozenModel.Meta):
        verbose_name = _("policy")
        verbose_name_plural = _("policies")
        default_permissions = ("add",)
        constraints = (models.CheckConstraint(condition=~models.Q(note=""), name="policy_says_why"),)

    def __str__(self) -> str:
        return self.version
