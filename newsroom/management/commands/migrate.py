"""Django's `migrate`, and then the triggers that were lost on the way: SQLite drops them in silence where it rebuilds a
table, also in a migration that nobody wrote by hand, as that of another language.
"""

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from sources import frozen


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        frozen.mend(connections[options["database"]])
