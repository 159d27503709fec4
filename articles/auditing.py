"""The audit sample: versions that chance picks to be judged, so that silence is never taken for "held".

The sole writer of Audit.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from math import ceil
from random import Random

from django.contrib.auth.models import User
from django.db import transaction

from articles.models import Audit, Version

LEAST_SHARE = Decimal("0.01")  # one that is drawn stands for a hundred, and no more


@dataclass(frozen=True, slots=True)
class Draw:
    drawn: list[Audit]
    among: int


@transaction.atomic
def draw(share: Decimal, *, seed: int, live_since: datetime, by: User | None = None) -> Draw:
    """Draw a `share` of what can be drawn, rounded up, each version as likely as the next: so many of so many is the
    chance that each had. The same seed and the same versions give the same sample. ValueError on a share that is none.
    """
    if not LEAST_SHARE <= share <= 1:
        raise ValueError(f"a share lies between {LEAST_SHARE} and 1, not {share}")
    frame = list(Version.objects.to_draw(live_since).values_list("pk", flat=True))
    count = ceil(share * len(frame))
    chosen = sorted(Random(seed).sample(frame, count))  # noqa: S311
    rows = [Audit(version_id=pk, chance=Decimal(count) / len(frame), seed=seed, by=by) for pk in chosen]
    return Draw(Audit.objects.bulk_create(rows), len(frame))
