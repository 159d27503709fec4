"""Passwords that were stolen somewhere, looked up in a file: no stranger is asked about a password."""

import hashlib
import mmap
from pathlib import Path

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def stands_in(path: Path, digest: bytes) -> bool:
    """Whether a line of the file begins with `digest`, in upper-case hexadecimal as the lines are, and in whose order
    they stand. Of the file, some forty lines are read, however long it is.
    """
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        low, high = 0, len(lines)  # starts of lines, or the end: before `low` all are smaller, from `high` on none is
        while low < high:
            start = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
            end = lines.find(b"\n", start) + 1 or len(lines)
            if lines[start : start + len(digest)] < digest:
                low = end
            else:
                high = start
        return lines[low : low + len(digest)] == digest


class BreachedPasswordValidator:
    def __init__(self, path: str) -> None:
        self.path = Path(path)

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        digest = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
        if stands_in(self.path, digest):
            raise ValidationError(_("This password is known from a theft elsewhere: choose another."), code="breached")

    def get_help_text(self) -> str:
        return _("Your password can’t be one that is known from a theft elsewhere.")
