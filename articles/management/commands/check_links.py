import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from articles import linking
from articles.models import Link
from articles.models.link import REST
from sources.fetching import Fetcher


class Command(BaseCommand):
    help = (
        "Looks at every cited link that is due, at most one a second of each host. Once a day is right; the worker "
        "does a few at a time as well. Stop it whenever you like: the next run goes on where this one stopped."
    )
    fetcher = Fetcher()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--all", action="store_true", help="also what is not due yet, but for what failed last time"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        linking.keep_cited()
        if options["all"]:
            linking.hasten()
        total, done = Link.objects.due(timezone.now()).count(), 0
        try:
            while Link.objects.due(timezone.now()).exists():
                if link := linking.look(self.fetcher.fetch):
                    done += 1
                    self.stdout.write(f"{done}/{max(done, total)} {link.url}: {self._said(link)}")
                else:
                    time.sleep(REST.total_seconds() / 4)  # every host that is left was asked just now
        except KeyboardInterrupt:
            text = _("Stopped after %(done)d of %(total)d; the next run goes on from here.")
            self.stdout.write(text % {"done": done, "total": total})

    def _said(self, link: Link) -> str:
        if link.last_error or link.attempts:
            return f"{link.get_state_display()} ({link.status or link.get_last_error_display()})"
        return link.get_state_display()
