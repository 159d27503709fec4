"""By what two headlines, or two addresses of pages, are taken for the same. Pure.

Each is a hash of fixed length, kept beside the text, so that the database finds the others by an index.
"""

import hashlib
import re
from urllib.parse import parse_qsl, urlencode, urlsplit

from sources import addresses

from . import cleaning

_WORD = re.compile(r"\w+")
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|mc_cid|mc_eid", re.IGNORECASE)


def of_headline(text: str) -> str:
    """Letter case, punctuation and spaces aside; marks on letters make other words, so they count. "" of none."""
    return _hash(" ".join(_WORD.findall(cleaning.line(text).casefold())))


def of_url(url: str) -> str:
    """Scheme, "www.", last slash, fragment, order of the query and trackers aside. "" where it is no address."""
    try:
        place = addresses.parse(url)
    except addresses.BadAddress:
        return ""
    query = parse_qsl(urlsplit(url.strip()).query, keep_blank_values=True)
    kept = sorted((name, value) for name, value in query if not _TRACKING.fullmatch(name))
    return _hash(f"{place}?{urlencode(kept)}")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest() if text else ""
