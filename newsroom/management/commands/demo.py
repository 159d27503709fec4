from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from articles.models import Article
from newsroom.demo import desk


class Command(BaseCommand):
    help = "Sets up the demo desk: three accounts, sources, bilingual articles. A second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo's passwords are public: it runs with DEBUG=1 alone.")
        for name in desk.build():
            self.stdout.write(f"  {name}")
        self.stdout.write(f"The demo desk has {Article.objects.count()} articles. Its accounts:")
        for username, (name, groups, password) in desk.PEOPLE.items():
            self.stdout.write(f"  {username:5} {password:22} {name}, {' and '.join(groups)}")
