"""The public name of a writer or a reviewer. A user name is never shown."""

from dataclasses import replace
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from articles.reading import Pictured
from sources.models.slug import KeptSlug, Slugged


class AuthorQuerySet(models.QuerySet["Author"]):
    def published(self) -> Self:
        """In whose byline, as readers have it, they stand: in any language."""
        from .publication import Publication
        from .version_author import VersionAuthor

        live = Exists(Publication.objects.live().order_by().filter(live=OuterRef("version")))
        return self.filter(Exists(VersionAuthor.objects.filter(live, author=OuterRef("pk"))))

    def seen_in(self, file: str, x: int, y: int) -> Self:
        """Whose portrait is this file as it is cut so now."""
        return self.filter(portrait__file=file, portrait__focal_x=x, portrait__focal_y=y)


class Author(Slugged):
    name = models.CharField(_("name"), max_length=150)
    slug = models.SlugField(
        _("address"), max_length=100, unique=True, blank=True, help_text=_("Left empty, it is made from the name.")
    )
    bio = models.TextField(_("biography"), blank=True)
    expertise = models.CharField(_("expertise"), max_length=200, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="author",
        verbose_name=_("account"),
        help_text=_("The account of this person, if there is one: nobody approves what carries their name."),
    )

    portrait = models.ForeignKey(
        "articles.Photo", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("portrait")
    )

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def pictured(self, language: str) -> Pictured | None:
        """The portrait: it shows this person, whatever else is said of it."""
        if self.portrait is None:
            return None
        shown = self.portrait.pictured(language)
        return replace(shown, alt=shown.alt or self.name, caption="")

    def name_for_slug(self, language: str) -> str:
        return self.name


class AuthorSlug(KeptSlug):
    of = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="kept_slugs")
