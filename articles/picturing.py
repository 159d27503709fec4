"""Pictures taken in, and made into the sizes that readers get. The sole writer of files; what is said of a picture is
saved by whoever says it.

Any number of workers may run at once: a size is taken by a conditional update before it is made, and each is saved by
itself, so that whoever is stopped has lost one.
"""

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import imaging, storing
from articles.models import Photo, PhotoFile, Rendition, VersionPhoto
from articles.models.photo import FOLDER
from articles.models.rendition import MOST_ATTEMPTS, TAKEN, RenditionState
from articles.pixels import Fault

YOUNG = timedelta(days=1)  # a form may still be open that carries it
PAUSE = timedelta(minutes=1)  # before what failed is tried again; each time twice as long

log = logging.getLogger(__name__)


def take_in(upload: UploadedFile) -> PhotoFile:
    """The file that is kept of an upload; the same picture again is the same file. Raises Unusable.

    Not to be called within a transaction: it takes seconds, and others wait to write.
    """
    if (upload.size or 0) > imaging.MOST_BYTES:
        raise imaging.Unusable(Fault.LARGE)
    kept = imaging.keep(upload.read())
    sha256 = hashlib.sha256(kept.data).hexdigest()
    if there := PhotoFile.objects.filter(pk=sha256).first():
        return there
    row = PhotoFile(sha256=sha256, width=kept.width, height=kept.height, colour=kept.colour)
    storing.save(row.kept, kept.data)
    try:
        storing.save(row.preview, kept.preview)
    except imaging.Unusable:
        storing.drop(str(row.kept.name))
        raise
    file, made = PhotoFile.objects.get_or_create(pk=sha256, defaults={name: getattr(row, name) for name in _FIELDS})
    if not made:  # somebody took in the same at the same moment
        for stored in (row.kept, row.preview):
            storing.drop(str(stored.name))
    return file


_FIELDS = ("kept", "preview", "width", "height", "colour")


# --- sizes -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the sizes of a picture are, as it is to be cut now; `errors` are the sentences of those that failed."""

    done: int
    wanted: int
    errors: Sequence[str]

    @property
    def whole(self) -> bool:
        return self.done == self.wanted


def progress(photo: Photo) -> Progress:
    rows = list(Rendition.objects.of(photo).order_by("pk"))
    failed = [row.last_error for row in rows if row.state == RenditionState.FAILED]
    return Progress(sum(row.state == RenditionState.DONE for row in rows), len(rows), sorted(set(failed)))


def make_next() -> Rendition | None:
    """Make the size that waits the longest. None where none is due, or the machine or the storage is not up to it."""
    now = timezone.now()
    while row := Rendition.objects.due(now).select_related("file").first():
        untaken = Rendition.objects.filter(pk=row.pk, state=RenditionState.WAITING, due=row.due)
        if row.attempts >= MOST_ATTEMPTS:  # whoever took it never came back, each time
            untaken.update(state=RenditionState.FAILED, last_error=str(imaging.SAID[Fault.TIME]))
        elif untaken.update(due=now + TAKEN, attempts=row.attempts + 1):
            row.attempts += 1
            return row if _made(row) else None
    return None


def _made(row: Rendition) -> bool:
    """Whoever is stopped in here leaves it waiting; after so many times it is as one that failed. False where it waits
    for no fault of its own: that is no attempt, and the others have to wait as well.
    """
    passing, changed = False, dict[str, Any]()
    try:
        how = (row.focal_x, row.focal_y, row.width, row.file_format, row.ratio)
        data = imaging.render(storing.read(row.file.kept), *how)
        storing.save(row.stored, data)
        changed = {"state": RenditionState.DONE, "stored": row.stored.name, "last_error": ""}
    except Exception as error:  # whatever it was, the others are made
        log.exception("rendition %d could not be made", row.pk)
        fault = _("A fault stopped it; the log of the worker says more.")
        changed = {"last_error": error.reason if isinstance(error, imaging.Unusable) else fault}
        if passing := isinstance(error, imaging.Unusable) and error.passing:
            changed |= {"due": timezone.now() + PAUSE, "attempts": row.attempts - 1}
        elif row.attempts >= MOST_ATTEMPTS:
            changed["state"] = RenditionState.FAILED
        else:
            changed["due"] = timezone.now() + PAUSE * 2 ** (row.attempts - 1)
    if not Rendition.objects.filter(pk=row.pk, state=RenditionState.WAITING).update(**changed) and row.stored:
        storing.drop(str(row.stored.name))  # it counted as lost, and another made it meanwhile
    row.refresh_from_db()
    return not passing


# --- what nobody needs any more ----------------------------------------------------------------------


def prune(*, dry_run: bool = False) -> Iterator[str]:
    """Delete what no picture and no version needs: files of replaced or abandoned uploads, sizes of cuts given up, and
    what is stored under a name that no row knows; of all that, what is older than a day. Says each as it goes. Stopped
    anywhere, the next run goes on.
    """
    before = timezone.now() - YOUNG
    shown = Exists(VersionPhoto.objects.filter(file=OuterRef("pk")))
    for file in PhotoFile.objects.filter(~shown, photos=None, added_at__lt=before).iterator():
        yield f"{file.pk} ({file})"
        if not dry_run:
            for row in file.renditions.all():
                _drop(row)
            names = [file.kept.name, file.preview.name]
            file.delete()  # protected, should anybody have taken it meanwhile
            for name in filter(None, names):
                storing.drop(name)
    of_a_version = Exists(VersionPhoto.objects.filter(file=OuterRef("file")))
    cut = {name: OuterRef(name) for name in ("file", "focal_x", "focal_y")}
    given_up = Rendition.objects.filter(~of_a_version, ~Exists(Photo.objects.filter(**cut)), file__added_at__lt=before)
    for row in given_up.exclude(file__photos=None).iterator():
        yield f"{row.file_id} {row.focal_x}, {row.focal_y}: {row}"
        if not dry_run:
            _drop(row)
    yield from _unnamed(before, dry_run)


def _drop(row: Rendition) -> None:
    name = row.stored.name
    row.delete()
    if name:
        storing.drop(name)


def _unnamed(before: datetime, dry_run: bool) -> Iterator[str]:
    """Stored by whoever was stopped before the row was there, or after it was gone."""
    named = {*PhotoFile.objects.values_list("kept", flat=True), *PhotoFile.objects.values_list("preview", flat=True)}
    named |= {*Rendition.objects.values_list("stored", flat=True)}
    for name in storing.names(FOLDER):
        if name not in named and storing.stored_at(name) < before:
            yield name
            if not dry_run:
                storing.drop(name)
