"""The bytes of pictures in the storage of the site, whichever that is. What goes wrong with it is logged, and is one
fault to whoever asked: it may be right again the next time.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models.fields.files import FieldFile

from articles.imaging import Unusable
from articles.pixels import Fault

log = logging.getLogger(__name__)


@contextmanager
def _asked(name: str | None) -> Iterator[None]:
    """Raises FileNotFoundError where there is no such file, and Unusable where the storage does not answer."""
    try:
        yield
    except FileNotFoundError:
        log.warning("%s is not in the storage of pictures", name)
        raise
    except Exception as error:  # each storage has its own
        log.exception("the storage of pictures does not answer")
        raise Unusable(Fault.STORAGE) from error


def read(file: FieldFile) -> bytes:
    with _asked(file.name), file.open() as opened:
        data: bytes = opened.read()
        return data


def save(file: FieldFile, data: bytes) -> None:
    """Under a name of its own, in the row but not in the database. Where it fails, half a file is not left."""
    name = file.field.generate_filename(file.instance, "")
    try:
        with _asked(name):
            setattr(file.instance, file.field.attname, file.storage.save(name, ContentFile(data)))
    except (FileNotFoundError, Unusable) as error:  # not found is a folder above
        drop(name)
        raise Unusable(Fault.STORAGE) from error


def drop(name: str) -> None:
    """What cannot be deleted now is nobody's, and is pruned."""
    try:
        default_storage.delete(name)
    except Exception:
        log.exception("%s could not be deleted", name)


def names(folder: str) -> list[str]:
    """Of all that is stored in a folder; nothing where there is none yet."""
    try:
        with _asked(folder):
            return [f"{folder}/{each}" for each in default_storage.listdir(folder)[1]]
    except FileNotFoundError:
        return []


def stored_at(name: str) -> datetime:
    with _asked(name):
        return default_storage.get_modified_time(name)
