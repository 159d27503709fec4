"""Pictures taken in. The sole writer of their files; what is said of a picture is saved by whoever says it."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile

from articles import imaging
from articles.models import PhotoFile
from articles.pixels import Fault


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
    row.kept.save("", ContentFile(kept.data), save=False)
    row.preview.save("", ContentFile(kept.preview), save=False)
    file, made = PhotoFile.objects.get_or_create(pk=sha256, defaults={name: getattr(row, name) for name in _FIELDS})
    if not made:  # somebody took in the same at the same moment
        for stored in (row.kept, row.preview):
            stored.delete(save=False)
    return file


_FIELDS = ("kept", "preview", "width", "height", "colour")
