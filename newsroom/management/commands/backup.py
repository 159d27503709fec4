from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsroom.backup import Unfit, folder, making


class Command(BaseCommand):
    help = (
        "Makes a backup of the whole desk in a folder of backups, and reads it back. The desk goes on meanwhile. "
        "Stopped anywhere, run again it goes on. With --verify: reads a backup that is there."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="of the backups; with --verify also one of them")
        parser.add_argument("--keep", type=int, metavar="N", help="then delete all but the newest N")
        parser.add_argument("--verify", action="store_true", help="make none: read the newest, or the one named")
        parser.add_argument("--fingerprint", default="", help="with --verify: what was noted when it was made")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["keep"] is not None and options["keep"] < 1:
            raise CommandError("At least one backup is kept.")
        try:
            if options["verify"]:
                done = folder.chosen(options["folder"])
                manifest = folder.verified(done, options["fingerprint"])
            else:
                done = making.make(options["folder"], self.stdout.write)
                manifest = folder.Manifest.read(done)
        except Unfit as unfit:
            raise CommandError(str(unfit)) from unfit
        except KeyboardInterrupt:
            self.stdout.write("Stopped. Run it again to go on.")
            return
        rows = sum(part.count for part in manifest.tables.values())
        self.stdout.write(f"{done} is whole: {rows} rows, {manifest.media.count} pictures.")
        self.stdout.write(f"Its fingerprint, to be noted elsewhere: {folder.fingerprint(done)}")
        if options["keep"] and not options["verify"]:
            for gone in folder.thin(options["folder"], options["keep"]):
                self.stdout.write(f"{gone} is deleted.")
