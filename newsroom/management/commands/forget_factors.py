from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from newsroom.accounts import factors, links, sessions


class Command(BaseCommand):
    help = (
        "For who lost their second factor and their recovery codes, where nobody else keeps the accounts, or after "
        "SECRET_KEY was changed: forgets them all and ends their sessions. --link prints a link for a new password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--link", action="store_true", help="by which a new password is set, once and soon")

    def handle(self, *args: Any, **options: Any) -> None:
        person = User.objects.filter(username=options["username"]).first()
        if person is None:
            raise CommandError(f"There is nobody called {options['username']}.")
        factors.forget(person)
        sessions.end_all(person)
        self.stdout.write(f"{person.username} has no second factor now, and is signed in nowhere.")
        if options["link"]:
            self.stdout.write(links.to_set_a_password(person))
