"""The public name of a writer or a reviewer. A user name is never shown."""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from sources.models.slug import KeptSlug, Slugged


class AuthorQuerySet(models.QuerySet["Author"]):
    def published(self) -> Self:
        """In whose byline, as readers have it, they stand: in any language."""
        from .publication import Publication
        from .version_author import VersionAuthor

        live = Exists(Publication.objects.live().order_by().filter(live=OuterRef("version")))
        return self.filter(Exists(VersionAuthor.objects.filter(live, author=OuterRef("pk"))))


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

    objects = AuthorQuerySet.as_manager()

    class Meta:
        verbose_name = _("author")
        verbose_name_plural = _("authors")
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name

    def name_for_slug(self, language: str) -> str:
        return self.name


class AuthorSlug(KeptSlug):
    of = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="kept_slugs")
