from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from articles.models import Article
from newsroom.demo import desk


class Command(BaseCommand):
    help = "Sets up the demo desk: three accounts, sources, bilingual articles. A second run changes nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=8000, help="where it will be served")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are public: it runs with DEBUG=1 alone.")
        for name in desk.build():
            self.stdout.write(f"  {name}")
        site = f"http://127.0.0.1:{options['port']}"
        self.stdout.write(f"Readers: {site}/vi/ and {site}/en/\nThe desk: {site}/admin/")
        self.stdout.write(f"The demo desk has {Article.objects.count()} articles. Its accounts:")
        for username, (name, groups, password) in desk.PEOPLE.items():
            self.stdout.write(f"  {username:5} {password:22} {name}, {' and '.join(groups)}")
