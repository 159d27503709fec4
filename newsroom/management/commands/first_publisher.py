import getpass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from articles.states import Role
from newsroom.accounts import links


class Command(BaseCommand):
    help = (
        "Makes the first account of a desk, which publishes and makes the others: prints a link by which its password "
        "is set, once and soon, or with --ask asks for the password. Refuses where somebody can publish already."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", default="", help="as the desk will read it")
        parser.add_argument("--email", default="", help="to which a link for a lost password may be mailed")
        parser.add_argument("--ask", action="store_true", help="for the password, here and now, instead of a link")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.with_perm(f"articles.{Role.PUBLISHER.value}").exists():
            raise CommandError("Somebody can publish already, and can have accounts made. Nothing was done.")
        person = User(
            username=options["username"], last_name=options["name"], email=options["email"],
            is_staff=True, is_superuser=True,
        )  # fmt: skip
        person.set_password(self._password(person) if options["ask"] else None)
        try:
            person.full_clean(exclude=["password"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        person.save()
        person.groups.add(*Group.objects.filter(name="Publishers"))
        self.stdout.write(f"{person.username} is the first publisher of this desk.")
        if not options["ask"]:
            hours = settings.PASSWORD_RESET_TIMEOUT // 3600
            self.stdout.write(f"Open this to set the password. It works once, within {hours} hours:")
            self.stdout.write(links.to_set_a_password(person))
        if settings.NEWSROOM_SECOND_FACTOR:
            self.stdout.write("The first sign-in asks to set up a second factor: have a phone or a passkey ready.")

    def _password(self, person: User) -> str:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Once more: "):
            raise CommandError("These were two different passwords. Nothing was done.")
        try:
            validate_password(password, person)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        return password
