"""In which languages a person may act: those named here, or all where none is. What they may do, their role says."""

from django.conf import settings
from django.contrib.auth.models import User
from django.db import models
from django.utils.translation import gettext_lazy as _


class WorkingLanguage(models.Model):
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="working_languages", verbose_name=_("account")
    )
    language = models.CharField(_("language"), max_length=8)

    class Meta:
        verbose_name = _("working language")
        verbose_name_plural = _("working languages")
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("user", "language"), name="working_language_once"),)

    def __str__(self) -> str:
        return self.language


def working_languages(person: User) -> list[str]:
    """The languages that `person` is limited to; none: no limit. Read once for each object, as permissions are."""
    models.prefetch_related_objects([person], "working_languages")
    return [row.language for row in person.working_languages.all()]


def works_in(person: User, language: str) -> bool:
    return language in (working_languages(person) or [language])
