from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.backup import Unfit, folder, restoring


class Command(BaseCommand):
    help = (
        "Fills an empty desk, made by migrate, from a backup, whichever engine that was made on. Everything is "
        "compared before and after; in between nothing is half there. The worker makes the sizes of pictures anew."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("backup", type=Path, help="a backup, or a folder of backups, of which the newest")
        parser.add_argument("--fingerprint", default="", help="what was noted when it was made")

    def handle(self, *args: Any, **options: Any) -> None:
        settings.DEBUG = False  # which would keep every statement in memory
        try:
            backup = folder.chosen(options["backup"])
            manifest = restoring.restore(backup, self.stdout.write, options["fingerprint"])
        except Unfit as unfit:
            raise CommandError(str(unfit)) from unfit
        except KeyboardInterrupt:
            raise CommandError("Stopped. No row was written; run it again.") from None
        self.stdout.write(f"The desk is as on {manifest.made_at}, and the record holds. Last: {manifest.head}")
        self.stdout.write("To be set here too, if they are still right: " + ", ".join(manifest.settings))
