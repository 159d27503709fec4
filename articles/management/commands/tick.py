from typing import Any

from django.core.management.base import BaseCommand

from articles import due, notifications


class Command(BaseCommand):
    help = "Does once whatever is due, for cron: every minute is right. Safe to run beside itself and beside a worker."

    def handle(self, *args: Any, **options: Any) -> None:
        for outcome in due.run():
            said = outcome.error or "published"
            self.stdout.write(f"{outcome.publication}: {said}")
        if sent := notifications.send_due():
            self.stdout.write(f"{sent} sent by mail")
