from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from articles import searching
from articles.models import Publication
from articles.searching import Progress


class Command(BaseCommand):
    help = (
        "Writes the index that readers search anew, from what is live. Every move keeps it, so this is for an index "
        "that was lost or is of an older release. The desk may go on meanwhile, and so may readers."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--after", type=int, default=0, metavar="NUMBER", help="go on after this number, as a stopped run told it"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = Publication.objects.filter(pk__gt=options["after"]).count()
        done = Progress(0, 0, options["after"])
        try:
            for done in searching.rebuild(options["after"]):
                self.stdout.write(f"{done.looked_at}/{max(done.looked_at, total)} looked at, {done.live} live")
        except KeyboardInterrupt:
            self.stdout.write(f"Stopped. Go on with: manage.py rebuild_search --after {done.last}")
            return
        self.stdout.write(f"The index is whole: {done.live} live of {done.looked_at} looked at.")
