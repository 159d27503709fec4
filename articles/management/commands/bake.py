from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles import baking

EACH = 1_000  # articles and lists after which it says how far it is


class Command(BaseCommand):
    help = (
        "Writes every page for readers into BAKED_ROOT anew, compressed too, for a server of files. Moves and the "
        "worker keep it: this is for a folder that was lost or changed by others. Stopped, the worker goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--verify", action="store_true", help="only say what is stale, missing or extra, with exit code 1"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.BAKED_ROOT:
            raise CommandError("Set BAKED_ROOT in the environment: the folder to bake into.")
        if options["verify"]:
            self.verify()
        else:
            self.bake()

    def bake(self) -> None:
        failed = done = 0
        for done, baked in enumerate(baking.bake_anew(), 1):
            if baked.error:
                failed += 1
                self.stderr.write(baked.error)
            if done % EACH == 0:
                self.stdout.write(f"{done} articles and lists baked")
        if failed:
            raise CommandError(f"Not baked: {failed} of {done} articles and lists.")
        self.stdout.write(f"Baked: {done} articles and lists.")

    def verify(self) -> None:
        """What is found is looked at twice: the desk may go on meanwhile."""
        found = 0
        for address, fault in list(baking.faults()):
            if fault == "extra" or (fault := baking.fault_of(address)):
                found += 1
                self.stdout.write(f"{fault}: {address}")
        if found:
            raise CommandError(
                f"Not as it should be: {found} pages. The worker mends what it knows of; bake, the rest."
            )
        self.stdout.write("Every page is baked, and none but those.")
