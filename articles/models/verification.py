"""A reviewer's word that a citation's content was checked. It carries over until that content changes."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from articles import digest
from sources.frozen import FrozenModel


def content_hash(citation: Mapping[str, Any], source: int | None = None) -> str:
    """SHA-256 of what a verification is of: source, URL, quote, locator, stance of a citation as a Version has it; with
    `source`, as it would be under that number of the same source.
    """
    return digest.sha256(
        {
            "source": source or citation["source"]["id"],
            **{name: citation[name] for name in ("url", "quote", "locator", "stance")},
        }
    )


class Verification(FrozenModel):
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="verifications")
    content = models.CharField(_("citation content"), max_length=64)
    checked = models.CharField(_("what was checked"), max_length=400)
    withdrawn = models.BooleanField(pgettext_lazy("of a verification", "withdrawn"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta(FrozenModel.Meta):
        verbose_name = _("verification")
        verbose_name_plural = _("verifications")
        indexes = (models.Index(fields=("article", "content"), name="verification_of_content"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.content[:8]}: {self.checked}"
