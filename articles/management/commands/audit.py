from argparse import ArgumentParser, ArgumentTypeError
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from secrets import randbits
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import auditing


def share(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise ArgumentTypeError(f"{text} is no number") from error
    if number.is_nan() or not auditing.LEAST_SHARE <= number <= 1:
        raise ArgumentTypeError(f"a share lies between {auditing.LEAST_SHARE} and 1, not {text}")
    return number


def seed(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:20]) < 2**63):
        raise ArgumentTypeError(f"{text} is no seed: take a whole number below 2⁶³")
    return int(text)


def days(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ArgumentTypeError(f"{text} is no number of days")
    return int(text)


class Command(BaseCommand):
    help = (
        "Draws published versions at random, for a reviewer to judge whether their claims stood: they wait on the "
        "desk. What was judged or drawn before is not drawn again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--share", type=share, default=Decimal("0.1"), help="the part to be drawn (0.1)")
        parser.add_argument("--days", type=days, default=30, help="only what has been live for so many days (30)")
        parser.add_argument("--seed", type=seed, help="draws the same sample again from the same versions")

    def handle(self, *args: Any, share: Decimal, days: int, seed: int | None, **options: Any) -> None:
        seed = randbits(32) if seed is None else seed
        done = auditing.draw(share, seed=seed, live_since=timezone.now() - timedelta(days=days))
        told = {"drawn": len(done.drawn), "among": done.among, "seed": seed}
        self.stdout.write(_("Versions drawn: %(drawn)d of %(among)d, with the seed %(seed)d.") % told)
        for row in done.drawn:
            self.stdout.write(f"  {row.version}")
