"""A section of the site."""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from sources.models.slug import KeptSlug, Slugged
from sources.naming import Named, named


class Category(Slugged):
    slug_per_language = True

    name = models.CharField(_("name"), max_length=100, blank=True)
    slug = models.SlugField(
        _("address"),
        max_length=100,
        unique=True,
        blank=True,
        null=True,
        help_text=_("Left empty, it is made from the name."),
    )
    description = models.TextField(_("description"), blank=True)

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

    def name_for_slug(self, language: str) -> str:
        return getattr(self, f"name_{language}") or ""


class CategorySlug(KeptSlug):
    of = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="kept_slugs")
