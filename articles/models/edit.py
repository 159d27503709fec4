"""Who changed what of a working copy: written with every save, in the same transaction. So contributors are known."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel


class Edit(FrozenModel):
    SHARED = ""  # the language of a change that every language sees

    article = models.ForeignKey(
        "articles.Article", on_delete=models.PROTECT, related_name="edits", verbose_name=_("article")
    )
    language = models.CharField(_("language"), max_length=8, blank=True)
    fields = models.JSONField(_("fields"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, verbose_name=_("by"))
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta(FrozenModel.Meta):
        verbose_name = _("edit")
        verbose_name_plural = _("edits")
        indexes = (models.Index(fields=("article", "language"), name="edit_of_language"),)

    def __str__(self) -> str:
        return f"{self.article_id} {self.language or '*'}: {', '.join(self.fields)}"
