"""The canonical form of plain values and SHA-256 over it. Knows no model; made from values, never from stored bytes."""

import hashlib
import json
import unicodedata
from collections.abc import Mapping, Sequence

Plain = None | bool | int | str | Sequence["Plain"] | Mapping[str, "Plain"]

# The shape of the object that is digested. What has no picture keeps the first shape, and so its digest: nothing that
# was frozen before there were pictures, and nothing that is submitted again unchanged, is other than it was.
SCHEMA = 1
WITH_PICTURES = 2  # "pictures" beside the rest


def canonical(value: Plain) -> bytes:
    """`value` as RFC 8785 canonical JSON, UTF-8, with NFC text.

    Raises TypeError on a float (write decimals as strings), on an integer beyond 2^53 and on keys that are
    not ASCII: their order would need UTF-16.
    """
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(value: Plain) -> str:
    """The SHA-256 of the canonical form: 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _plain(value: object) -> object:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < 2**53:
        return int(value)
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping) and all(isinstance(key, str) and key.isascii() for key in value):
        return {key: _plain(item) for key, item in value.items()}
    raise TypeError(f"not a plain value: {value!r}")
