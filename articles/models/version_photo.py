"""Which pictures a version shows, and by which file: the index of what is frozen in it, and what holds those files.
Written as the version is.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from articles.states import Status
from sources.frozen import FrozenModel, FrozenQuerySet

if TYPE_CHECKING:
    from .version import Version


class VersionPhotoQuerySet(FrozenQuerySet["VersionPhoto"]):
    def index(self, versions: "Iterable[Version]") -> None:
        """A row for each picture of these versions. To be called by whoever saves them, in that transaction."""
        self.bulk_create([self.model(**row) for version in versions for row in shown(version.pk, version.pictures)])

    def readable(self, now: datetime) -> Self:
        """Of versions that readers can read: public, also as an older one of what is live; or by a link that is open.
        Of what was withdrawn, none.
        """
        from .publication import Publication
        from .review import ReviewStatus

        of_it = {"article": OuterRef("version__article"), "language": OuterRef("version__language")}
        live = Exists(Publication.objects.live().order_by().filter(**of_it))
        public = Exists(ReviewStatus.objects.filter(version=OuterRef("version"), status=Status.PUBLISHED))
        links = Q(version__previews__revoked_at=None, version__previews__expires__gt=now)
        return self.filter(public & live | ~public & links)


def shown(version: int, pictures: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The fields of each row of a version of these pictures."""
    return [{"version_id": version, "photo_id": each["photo"], "file_id": each["hash"]} for each in pictures]


class VersionPhoto(FrozenModel):
    version = models.ForeignKey("articles.Version", on_delete=models.PROTECT, related_name="photos")
    photo = models.ForeignKey("articles.Photo", on_delete=models.PROTECT, related_name="+")
    file = models.ForeignKey("articles.PhotoFile", on_delete=models.PROTECT, related_name="+")

    objects = VersionPhotoQuerySet.as_manager()  # type: ignore[misc]

    class Meta(FrozenModel.Meta):
        verbose_name = _("picture of a version")
        verbose_name_plural = _("pictures of versions")
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("version", "photo"), name="version_photo_once"),)

    def __str__(self) -> str:
        return f"{self.version_id}: {self.photo_id}"
