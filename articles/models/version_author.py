"""Whose name stands in the byline of a version: the index of what is frozen in it. Written as the version is."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel, FrozenQuerySet

if TYPE_CHECKING:
    from .version import Version


class VersionAuthorQuerySet(FrozenQuerySet["VersionAuthor"]):
    def index(self, versions: "Iterable[Version]") -> None:
        """A row for each author of these versions. To be called by whoever saves them, in that transaction."""
        self.bulk_create([self.model(**row) for version in versions for row in signed(version.pk, version.byline)])

    def by(self, author: int) -> Self:
        """Of which versions this one is an author."""
        return self.filter(author=author)


def signed(version: int, byline: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of each row of a version of this byline; a migration fills the table by them too."""
    return [{"version_id": version, "author_id": author["id"]} for author in byline]


class VersionAuthor(FrozenModel):
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="authors")
    author = models.ForeignKey("articles.Author", on_delete=models.PROTECT, related_name="+")

    objects = VersionAuthorQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("author of a version")
        verbose_name_plural = _("authors of versions")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("version", "author"), name="version_author_once"),)
        indexes = (models.Index(fields=("author", "version"), name="version_author_signing"),)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.author_id}"
