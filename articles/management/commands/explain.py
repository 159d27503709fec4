from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import override

from articles import explaining


class Command(BaseCommand):
    help = "Prints why an article has its number: the claim, every row with its points, what would change it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="The address of an article, as in a browser; its host may be left out.")
        parser.add_argument(
            "--language", choices=[code for code, _name in settings.LANGUAGES], help="By default the article's own."
        )

    def handle(self, *args: Any, url: str, language: str | None, **options: Any) -> None:
        publication = explaining.found(url)
        if publication is None:
            raise CommandError(_("No article was ever published at %(url)s.") % {"url": url})
        with override(language or publication.language):
            for line in explaining.lines(publication):
                self.stdout.write(line)
