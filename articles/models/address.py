"""An address of an article in a language: reserved at submission, unique for ever, never given to another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel


class Address(FrozenModel):
    language = models.CharField(_("language"), max_length=8)
    slug = models.SlugField(_("address"), max_length=100)
    article = models.ForeignKey("articles.Article", on_delete=models.PROTECT, related_name="addresses")

    class Meta(FrozenModel.Meta):
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = (models.UniqueConstraint(fields=("language", "slug"), name="address_once"),)

    def __str__(self) -> str:
        return f"{self.language}/{self.slug}"
