import logging
import signal
from threading import Event
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError, close_old_connections

log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Does whatever is due, again and again, until it is told to stop. Any number may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--every", type=float, default=5, help="seconds between two looks (5)")

    def handle(self, *args: Any, **options: Any) -> None:
        stop = Event()
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, lambda *_: stop.set())  # what is in hand is finished first
        self.stdout.write("The worker looks for what is due. Stop it with Ctrl-C.")
        while not stop.is_set():
            close_old_connections()
            try:
                call_command("tick", stdout=self.stdout)
            except DatabaseError:
                log.exception("the database did not answer; looking again")
            stop.wait(options["every"])
