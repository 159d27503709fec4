"""A section of the site."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sources.naming import Named, named


class Category(models.Model):
    name = models.CharField(_("name"), max_length=100, blank=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True, blank=True, null=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.named(get_language() or "").text or str(self.pk)

    def named(self, language: str) -> Named:
        return named(self, "name", language)
