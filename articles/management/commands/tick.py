import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from articles import baking, due, linking, notifications, picturing, purging
from articles.models import Heartbeat
from sources.fetching import Fetcher

MAKING = 10  # seconds in which another size of a picture is begun
BAKING = 20  # seconds in which another page is baked
LOOKING = 3  # seconds in which another look at a link is begun: what is due goes out within the minute


class Command(BaseCommand):
    help = "Does once whatever is due, for cron: every minute is right. Safe to run beside itself and beside a worker."

    fetcher = Fetcher()

    def handle(self, *args: Any, **options: Any) -> None:
        Heartbeat.objects.beat()
        for outcome in due.run():
            said = outcome.error or "published"
            self.stdout.write(f"{outcome.publication}: {said}")
        purging.purge_due()
        if sent := notifications.send_due():
            self.stdout.write(f"{sent} sent by mail")
        if settings.BAKED_ROOT:
            for baked in baking.bake_due(BAKING):
                if baked.error:
                    self.stdout.write(baked.error)
        ends = time.monotonic() + MAKING
        while time.monotonic() < ends and picturing.make_next():
            pass
        ends = time.monotonic() + LOOKING if settings.NEWSROOM_CHECK_LINKS else 0.0
        while time.monotonic() < ends and linking.look(self.fetcher.fetch):
            pass
