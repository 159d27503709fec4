"""Which sources a version names, by its citations: the index of what is frozen in them. Written as the version is."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from sources.frozen import FrozenModel, FrozenQuerySet

if TYPE_CHECKING:
    from .version import Version


class Role(models.TextChoices):
    """What a source is to a citation: whose page is cited, or from whom that one has it."""

    SOURCE = "source", _("source")
    ORIGIN = "origin", _("has it from")


class VersionSourceQuerySet(FrozenQuerySet["VersionSource"]):
    def index(self, versions: "Iterable[Version]") -> None:
        """A row for each source that these versions name. To be called by whoever saves them, in that transaction."""
        self.bulk_create([self.model(**row) for version in versions for row in named(version.pk, version.citations)])

    def naming(self, sources: Collection[int]) -> Self:
        """By which a version names any of these, as source or as origin."""
        return self.filter(source__in=sources)

    def cited(self) -> Self:
        """Of what a version cites itself."""
        return self.filter(role=Role.SOURCE)


def named(version: int, citations: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of each row of a version of these citations; a migration fills the table by them too."""
    return [
        {"version_id": version, "source_id": cited[role]["id"], "number": cited["number"], "role": str(role)}
        for cited in citations
        for role in Role
        if cited[role]
    ]


class VersionSource(FrozenModel):
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="sources")
    source = models.ForeignKey("sources.Source", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # of the citation
    role = models.CharField(max_length=10, choices=Role)

    objects = VersionSourceQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("source of a version")
        verbose_name_plural = _("sources of versions")
        default_permissions = ()
        constraints = (
            models.UniqueConstraint(fields=("version", "number", "role"), name="version_source_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="version_source_role_known"),
        )
        indexes = (models.Index(fields=("source", "role", "version"), name="version_source_naming"),)

    def __str__(self) -> str:
        return f"{self.version_id} [{self.number}] {self.role}: {self.source_id}"
