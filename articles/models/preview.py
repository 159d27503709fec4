"""A link by which one version can be read without an account, for a while; and each time that somebody did."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel

from .version import Version


class PreviewLink(models.Model):
    """`key` is what the address is signed over: a number would come back with a restored database."""

    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="previews", verbose_name=_("version"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)
    expires = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked on"), null=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("revoked by")
    )

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        default_permissions = ()  # whoever may see versions makes them, on a screen of the version
        constraints = (
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="preview_revoked_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.version_id} {self.expires:%Y-%m-%d}"

    def expired(self, now: datetime) -> bool:
        return now >= self.expires


class PreviewOpening(FrozenModel):
    link = models.ForeignKey(PreviewLink, on_delete=models.PROTECT, related_name="openings")
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta(FrozenModel.Meta):
        verbose_name = _("opening of a preview link")
        verbose_name_plural = _("openings of preview links")
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.link_id} {self.at:%Y-%m-%d %H:%M}"
