"""A section of the site."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sources.naming import Named, named


class CategoryQuerySet(models.QuerySet["Category"]):
    def at(self, language: str, slug: str) -> "Category | None":
        """The one at this address in `language`, else the one at it in another."""
        here = models.Q()
        for code, _label in settings.LANGUAGES:
            here |= models.Q(**{f"slug_{code}": slug})
        rows: list[Category] = list(self.filter(here))
        own = (row for row in rows if getattr(row, f"slug_{language}") == slug)
        return next(own, next(iter(rows), None))


class Category(models.Model):
    name = models.CharField(_("name"), max_length=100, blank=True)
    slug = models.SlugField(_("address"), max_length=100, unique=True, blank=True, null=True)
    description = models.TextField(_("description"), blank=True)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.named(get_language() or "").text or str(self.pk)

    def address(self, language: str) -> str:
        """Its slug in `language`, else in another; "" where it has none."""
        return named(self, "slug", language).text

    def named(self, language: str) -> Named:
        return named(self, "name", language)
