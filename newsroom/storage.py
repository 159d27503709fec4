"""Where pictures and cards are kept: in folders of this machine, or in a bucket of an S3-compatible store.

    s3://KEY:SECRET@host[:port]/bucket[/folder][?region=…]     s3+http://… without TLS, on a network of one's own

Without KEY:SECRET they are found as Amazon's library finds them. What is wrong with an address is said without any part
of it: it holds a secret.
"""

import re
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

SCHEMES = {"s3": "https", "s3+http": "http"}
REGION = "us-east-1"  # what stores that have none are content with
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PLAIN = re.compile(r"[\w.-]+", re.ASCII)

Storages = dict[str, dict[str, Any]]


def kept(url: str, *, cards: Path) -> Storages:
    """The entries of STORAGES for pictures and for cards; in folders where there is no `url`. Raises ValueError with a
    sentence for whoever wrote it.
    """
    if not url:
        folder = "django.core.files.storage.FileSystemStorage"
        return {
            "default": {"BACKEND": folder},
            "cards": {"BACKEND": folder, "OPTIONS": {"location": cards, "allow_overwrite": True}},
        }
    within, options = _store(url)
    bucket = "storages.backends.s3.S3Storage"
    return {
        "default": {"BACKEND": bucket, "OPTIONS": options | {"location": within, "file_overwrite": False}},
        "cards": {"BACKEND": bucket, "OPTIONS": options | {"location": f"{within}cards/", "file_overwrite": True}},
    }


def _store(url: str) -> tuple[str, dict[str, Any]]:
    """The folder within the bucket, and what the library is told of the store."""
    at = _split(url)
    bucket, _slash, folder = at.path.strip("/").partition("/")
    if not _BUCKET.fullmatch(bucket):
        raise ValueError("behind the host stands a bucket: 3 to 63 of a to z, 0 to 9, dots and hyphens")
    if not all(map(_PLAIN.fullmatch, folder.split("/") if folder else ())):
        raise ValueError("behind the bucket may stand a folder, of letters, digits, dots and hyphens")
    asked = parse_qs(at.query, keep_blank_values=True)
    region = asked.pop("region", [REGION])
    if asked or at.fragment or len(region) > 1 or not _PLAIN.fullmatch(region[0]):
        raise ValueError("behind the bucket may stand ?region=… and nothing else")
    try:
        import storages  # noqa: F401  (missed at start, not at the first picture)
        from botocore.config import Config
    except ImportError:
        raise ValueError("a library is missing: pip install -r requirements-s3.lock") from None
    return f"{folder}/" if folder else "", {
        "access_key": at.username and unquote(at.username),
        "secret_key": at.password and unquote(at.password),
        "bucket_name": bucket,
        "endpoint_url": f"{SCHEMES[at.scheme]}://{at.netloc.rpartition('@')[2]}",
        "region_name": region[0],
        "client_config": Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},  # every store knows it; names of hosts it must be told
            connect_timeout=3,
            read_timeout=15,
            retries={"total_max_attempts": 2},
            request_checksum_calculation="when_required",  # Amazon's own are not known everywhere
            response_checksum_validation="when_required",
        ),
    }


def _split(url: str) -> SplitResult:
    """`url` in its parts, each of them there. An error of the parser's would name what it could not read."""
    try:
        at = urlsplit(url)
        whole = at.scheme in SCHEMES and at.hostname and _PLAIN.fullmatch(at.hostname) and at.port != 0
    except ValueError:
        whole = False
    if not whole or "@" in at.path + at.query + at.fragment:
        raise ValueError(
            "it reads s3://KEY:SECRET@host/bucket, or s3+http:// without TLS; in KEY and SECRET, "
            "/ is written %2F, @ %40, : %3A, ? %3F, # %23 and % itself %25"
        )
    if bool(at.username) != bool(at.password):
        raise ValueError("a key comes with its secret: KEY:SECRET@, or neither")
    return at
