import json
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from articles import policies, workflow
from articles.confidence import Policy
from articles.models import Publication


class Command(BaseCommand):
    help = (
        "Publishes constants, as `calibrate --fit --json` proposes them, as a new policy. Tells first how many live "
        "articles would show something else and asks; these wait on the desk to be reassessed, and show what they do "
        "until then."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="what calibrate wrote, or a policy as record.json has it")
        parser.add_argument("name", help="the version to publish it under, as in 2027.1")
        parser.add_argument("--by", required=True, help="the account of whoever publishes it")
        parser.add_argument("--note", required=True, help="why; readers are shown it")
        parser.add_argument("--yes", action="store_true", help="do not ask")

    def handle(self, *args: Any, **options: Any) -> None:
        policy = replace(_read(options["file"]), version=options["name"])
        by = User.objects.filter(username=options["by"]).first()
        if by is None:
            raise CommandError(_("There is no account “%(name)s”.") % {"name": options["by"]})
        with transaction.atomic():
            try:
                policies.publish(policy, by=by, note=options["note"])
            except ValidationError as error:
                raise CommandError(" ".join(error.messages)) from error
            workflow.unsettle()
            rows = Publication.objects.unsettled().values_list("article", "language")
            articles, languages = ({row[part] for row in rows} for part in (0, 1))
            text = _(
                "Live articles that say something else by policy %(policy)s than they show, and so wait to be "
                "reassessed: %(articles)d, in languages: %(languages)d."
            )
            told = {"policy": policy.version, "articles": len(articles), "languages": len(languages)}
            self.stdout.write(text % told)
            if not options["yes"] and input(_("Publish it? Type its version:") + " ") != policy.version:
                transaction.set_rollback(True)
                self.stdout.write(_("Nothing was published."))
                return
        self.stdout.write(_("Policy %(policy)s is in use.") % {"policy": policy.version})


def _read(file: Path) -> Policy:
    try:
        plain = json.loads(file.read_text("utf-8"))
        return Policy.from_json(plain.get("proposed", plain))
    except OSError as error:
        raise CommandError(_("%(file)s cannot be read: %(why)s.") % {"file": file, "why": error.strerror}) from error
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise CommandError(_("%(file)s holds no policy: %(why)s.") % {"file": file, "why": error}) from error
