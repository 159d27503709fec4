from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from articles import ledger


class Command(BaseCommand):
    help = "Computes every digest and the whole chain of the ledger anew. Exit 1, and each broken row, on a break."

    def handle(self, *args: Any, **options: Any) -> None:
        broken = 0
        for fault in ledger.faults(self.told):
            broken += 1
            self.stderr.write(f"{fault.what} {fault.row}: {fault.says}")
        if broken:
            raise CommandError(_("The record does not hold: %(count)d faults.") % {"count": broken})
        head = ledger.head()
        self.stdout.write(
            _("The record holds. Rows: %(count)d. Last: %(hash)s") % {"count": head.count, "hash": head.hash}
        )

    def told(self, done: int) -> None:
        self.stdout.write(_("%(count)d rows looked at …") % {"count": done})
