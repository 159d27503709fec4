"""`manage.py calibrate`: what it prints, for people and for machines, and what it does not claim."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from articles import outcomes, workflow
from articles.calibration import calibrated
from articles.confidence import POLICY
from articles.fitting import fitted
from articles.models import Publication
from tests import factories
from tests.articles.steps import everything
from tests.factories import Desk, judge

pytestmark = pytest.mark.django_db


def calibrate(*arguments: str) -> tuple[str, str]:
    out, progress, before = StringIO(), StringIO(), everything()
    call_command("calibrate", *arguments, stdout=out, stderr=progress)
    assert everything() == before
    return out.getvalue(), progress.getvalue()


def judged(count: int, desk: Desk) -> None:
    """As many, one of them in three failed, at 58 %, and every other verified, at 83 %."""
    for number in range(count):
        article = factories.article(desk.an, f"No{number}")
        factories.cite(article, desk.an, factories.source(f"s{number}"))
        publication = factories.in_review(article, desk=desk)
        if number % 2:
            workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
        factories.approve(publication, desk=desk)
        workflow.publish(publication, by=desk.chi, version=1)
        judge(Publication.objects.get(pk=publication.pk), by=desk.binh, held=number % 3 > 0)


def test_without_outcomes_nothing_is_claimed(db: None) -> None:
    assert calibrate() == ("Rests on 0 outcomes; nothing is claimed below 30.\n", "")
    plain = json.loads(calibrate("--json")[0])
    assert plain == {"outcomes": 0, "brier": None, "log_loss": None, "error": None, "bins": []}


def test_twenty_nine_are_too_few_and_thirty_are_not(desk: Desk) -> None:
    judged(29, desk)
    assert calibrate()[0] == "Rests on 29 outcomes; nothing is claimed below 30.\n"
    article = factories.article(desk.an, "Last")
    factories.cite(article, desk.an, factories.source("last"))
    judge(factories.published(article, desk=desk), by=desk.binh)
    found = calibrated(outcomes.judged())
    lines = calibrate()[0].splitlines()
    assert lines[:2] == [
        "Rests on 30 outcomes; nothing is claimed below 30.",
        f"Brier score {found.brier:.4f}, log loss {found.log_loss:.4f}, expected calibration error {found.error:.4f}",
    ]
    assert [line.split()[0] for line in lines[4:]] == ["58.3%", "83.3%"]
    assert sum(int(line.split()[-2]) for line in lines[4:]) == 30
    assert json.loads(calibrate("--json")[0]) == json.loads(json.dumps(found.as_json()))


def test_a_proposal_stands_beside_what_is_published(desk: Desk) -> None:
    judged(4, desk)
    proposed = fitted(outcomes.judged_anew())
    out, progress = calibrate("--fit")
    assert progress == "Fitting 4 outcomes …\nDone.\n"
    rows = {line.split()[0]: line for line in out.splitlines()[3:-1]}
    assert set(rows) == set(POLICY.as_json()) - {"version", "log_odds"}
    assert rows["floor"].split() == ["floor", "45", "45"]
    assert rows["start"].split()[1:3] == ["0.333", f"{proposed.start:.3g}"]
    plain = json.loads(calibrate("--fit", "--json")[0])
    assert (plain["published"], plain["proposed"]) == (POLICY.as_json(), proposed.as_json())


def test_of_nothing_nothing_is_proposed_but_what_is_published(db: None) -> None:
    plain = json.loads(calibrate("--fit", "--json")[0])
    assert plain["proposed"] == plain["published"]
    lines = calibrate("--fit")[0].splitlines()
    assert not any(line.endswith("*") for line in lines)
    assert lines[-1] == "On fewer than 30 outcomes a proposal says little: it is not to be published."
