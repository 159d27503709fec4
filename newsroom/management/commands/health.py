from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError

from articles import ledger
from newsroom import health


class Command(BaseCommand):
    help = (
        "Says what is wrong with the desk: the database, the cache, the storage, a worker that stopped, schedules, "
        "mails and sizes of pictures that failed, too many dead links. Says nothing and exits 0 where all is well, so "
        "that cron mails what there is to mail."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--ledger", action="store_true", help="compute the whole record anew, too: once a day")
        parser.add_argument("--mail", nargs="+", default=[], metavar="ADDRESS", help="tell these people, too")

    def handle(self, *args: Any, **options: Any) -> None:
        wrong = [f"{name}: {fault}" for name, fault in health.all_faults().items() if fault]
        if options["ledger"] and not any(line.startswith(health.NEEDED) for line in wrong):
            wrong += [f"ledger: {fault.what} {fault.row}: {fault.says}" for fault in ledger.faults()]
        if not wrong:
            return
        if options["mail"]:
            subject = f"{settings.NEWSROOM_NAME}: {len(wrong)} things are wrong"
            EmailMessage(subject, "\n".join([*wrong, settings.NEWSROOM_URL, ""]), to=options["mail"]).send()
        raise CommandError("\n".join(wrong))
