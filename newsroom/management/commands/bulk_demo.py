import gc
from argparse import ArgumentParser
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from newsroom.demo import bulk


class Command(BaseCommand):
    help = (
        "Fills the desk with made-up articles to be measured by, in Vietnamese and English, through the code that "
        "freezes every other. Stopped anywhere, run again it goes on."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, required=True, help="how many there are in the end")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same words")
        parser.add_argument(
            "--beside-other-articles", action="store_true", help="on a desk that has others, which will be dated before"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("Nobody wrote these articles: they are made with DEBUG=1 alone.")
        settings.DEBUG = False  # which would keep every statement in memory
        gc.disable()  # the rows of a batch all live until it is written: a look through them frees nothing
        number, start, first = options["articles"], perf_counter(), None
        try:
            for done in bulk.fill(number, seed=options["seed"], beside=options["beside_other_articles"]):
                gc.collect()
                if first is None:
                    first, start = done, perf_counter()  # the first batch pays for the sources
                else:
                    rate = (done - first) / (perf_counter() - start)
                    self.stdout.write(f"{done}/{number} articles, {rate:.0f} a second")
        except bulk.NotThisDesk as error:
            raise CommandError(f"{error} Choose an empty database.") from error
        except KeyboardInterrupt:
            self.stdout.write("Stopped. Run it again to go on.")
            return
        finally:
            gc.enable()
        self.stdout.write(f"The desk has {number} articles more to be measured by.")
