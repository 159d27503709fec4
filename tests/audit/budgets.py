"""What a first visit may weigh, compressed: the budgets of the readers' pages."""

import gzip
from collections import Counter
from collections.abc import Iterable

BYTES = {"document": 15_000, "stylesheet": 8_000, "script": 0, "font": 70_000}
BYTES_IN_ALL, BYTES_WITH_PICTURES = 120_000, 200_000
REQUESTS = 8


def weighed(loaded: Iterable[tuple[str, bytes]]) -> Counter[str]:
    """Bytes by kind of resource, of what a page loads as (kind, plain body); fonts and pictures are compressed."""
    sizes: Counter[str] = Counter()
    for kind, body in loaded:
        sizes[kind] += len(body) if kind in {"font", "image"} else len(gzip.compress(body, 6))
    return sizes


def overweight(loaded: Iterable[tuple[str, bytes]], *, pictures: bool = False) -> list[str]:
    loaded = list(loaded)
    sizes = weighed(loaded)
    over = [f"{kind}: {sizes[kind]} bytes" for kind, most in BYTES.items() if sizes[kind] > most]
    if sizes.total() > (BYTES_WITH_PICTURES if pictures else BYTES_IN_ALL):
        over.append(f"in all: {sizes.total()} bytes")
    if len(loaded) > REQUESTS:
        over.append(f"{len(loaded)} requests")
    return over
