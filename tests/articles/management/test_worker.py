"""The worker and its tick: what is due is done, a failure stops nothing else, and it stops when it is told to."""

import os
import signal
from datetime import timedelta
from io import StringIO
from threading import Timer

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from django.utils.translation import gettext, override

from articles import workflow
from articles.models import Publication, Schedule
from articles.states import LiveState, Role
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk(transactional_db: None) -> factories.Desk:
    return factories.desk()


def due(marker: str, desk: factories.Desk) -> Publication:
    """Scheduled for a second ago."""
    publication = factories.approved(factories.article(desk.an, marker), desk=desk)
    workflow.schedule(publication, by=desk.chi, version=1, due=timezone.now() + timedelta(hours=1))
    past = timezone.now() - timedelta(seconds=1)
    Schedule.objects.filter(version__article=publication.article).update(due=past, next_try=past)
    publication.refresh_from_db()
    return publication


def tick() -> list[str]:
    out = StringIO()
    call_command("tick", stdout=out)
    return out.getvalue().splitlines()


def only_publishers() -> str:
    """As the desk reads it, in its own language."""
    with override(settings.LANGUAGE_CODE):
        return gettext("Only %(role)s may do this.") % {"role": Role.PUBLISHER.label}


def test_one_failure_stops_none_of_the_others_and_is_kept(desk: factories.Desk) -> None:
    one, two, three = (due(marker, desk) for marker in ("One", "Two", "Three"))
    other = factories.user("phuc")
    Schedule.objects.filter(publication=two).update(by=other)
    assert tick() == [
        "Headline One (en 1) · en: published",
        f"Headline Two (en 1) · en: {only_publishers()}",
        "Headline Three (en 1) · en: published",
    ]
    states = dict(Publication.objects.values_list("pk", "state"))
    assert states == {one.pk: LiveState.LIVE, two.pk: LiveState.NEVER, three.pk: LiveState.LIVE}
    kept = Schedule.objects.get(publication=two)
    assert (kept.state, kept.attempts, kept.last_error) == ("failed", 1, only_publishers())
    assert timedelta(seconds=50) < kept.next_try - timezone.now() <= timedelta(minutes=1)
    assert tick() == []  # not before its next try

    other.groups.set(desk.chi.groups.all())
    Schedule.objects.filter(pk=kept.pk).update(next_try=kept.due)
    assert [line.rpartition(": ")[2] for line in tick()] == ["published"]


def test_a_fault_that_is_no_refusal_is_logged_and_kept_in_plain_words(
    desk: factories.Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    publication = due("One", desk)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("a secret of the machine")

    with monkeypatch.context() as patch:
        patch.setattr(workflow, "_go_live", broken)
        [line] = tick()
    kept = Schedule.objects.get(publication=publication)
    assert "secret" not in line + kept.last_error
    assert "a secret of the machine" in caplog.text
    assert (kept.state, kept.attempts, Publication.objects.get().state) == ("failed", 1, LiveState.NEVER)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_the_worker_does_what_is_due_and_stops_when_it_is_told(sign: signal.Signals, desk: factories.Desk) -> None:
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    publication, out = due("One", desk), StringIO()
    timer = Timer(1.5, os.kill, (os.getpid(), sign))
    timer.start()
    try:
        call_command("worker", every=0.1, stdout=out)
    finally:
        timer.cancel()
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])
    publication.refresh_from_db()
    assert publication.state == LiveState.LIVE
    assert out.getvalue().count("published") == 1
