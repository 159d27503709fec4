from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from articles import imaging, picturing


class Command(BaseCommand):
    help = (
        "Deletes the files of pictures that no picture and no version needs any more, once they are a day old. What "
        "a version shows is kept. Stop it whenever you like: the next run goes on where this one stopped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be deleted, and delete nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        try:
            for each in picturing.prune(dry_run=options["dry_run"]):
                count += 1
                self.stdout.write(each)
        except imaging.Unusable as unusable:
            raise CommandError(unusable.reason) from unusable
        self.stdout.write(f"{count} would be deleted" if options["dry_run"] else f"{count} deleted")
