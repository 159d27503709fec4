"""The command: all that is due, with its progress, from a real server; stopped half-way, it goes on from the rows."""

from collections.abc import Iterator
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone, translation

from articles.management.commands import check_links, tick
from articles.models import Link
from sources.fetching import Fetched, Fetcher, Limits
from tests import factories
from tests.factories import Desk
from tests.sources.hostile import HOME, Hostile, hostile, page, redirect


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def server() -> Iterator[Hostile]:
    with hostile() as one:
        yield one


def fetcher(server: Hostile) -> Fetcher:
    """The strict one, but that every name is the server, which may be reached."""
    return Fetcher(lambda host, port: [HOME], HOME.__eq__, frozenset({server.port}), Limits(1.0, 1.0))


def run(server: Hostile, *args: str) -> list[str]:
    out, command = StringIO(), check_links.Command()
    command.fetcher = fetcher(server)
    call_command(command, *args, stdout=out)
    return out.getvalue().splitlines()


def cited(desk: Desk, server: Hostile, **answers: bytes) -> None:
    article = factories.article(desk.an)
    for name, answer in answers.items():
        factories.cite(article, desk.an, url=f"http://{name}.test:{server.port}/{name}")
        server.answers[f"/{name}"] = answer


def due() -> None:
    Link.objects.update(next_check=timezone.now(), taken_at=None)


def test_every_cited_link_is_looked_at_and_told(desk: Desk, server: Hostile) -> None:
    cited(desk, server, a=page(), b=page(status="404 Gone"), c=redirect("/a"), d=b"")
    assert run(server) == []  # cited just now
    due()
    at = f"test:{server.port}"
    assert run(server) == [
        f"1/4 http://a.{at}/a: open to readers",
        f"2/4 http://b.{at}/b: not known (404)",
        f"3/4 http://c.{at}/c: leads to another address",
        f"4/4 http://d.{at}/d: not known (The answer broke off or could not be understood.)",
    ]
    assert run(server) == []
    hosts = len(server.asked)
    assert len(run(server, "--all")) == 2  # what failed keeps its day
    assert len(server.asked) == hosts + 3


def test_two_pages_of_one_host_are_a_second_apart(desk: Desk, server: Hostile) -> None:
    article = factories.article(desk.an)
    server.answers = {"/1": page(), "/2": page()}
    for path in server.answers:
        factories.cite(article, desk.an, url=f"http://a.test:{server.port}{path}")
    run(server)
    due()
    assert len(run(server)) == 2
    first, second = Link.objects.order_by("taken_at").values_list("taken_at", flat=True)
    assert second - first >= timedelta(seconds=1)


def test_stopped_half_way_it_goes_on_with_the_rest(desk: Desk, server: Hostile) -> None:
    cited(desk, server, a=page(), b=page(), c=page())
    run(server)
    due()

    class Stopping(Fetcher):
        def fetch(self, url: str) -> Fetched:
            if "/b" in url:
                raise KeyboardInterrupt
            return fetcher(server).fetch(url)

    out, command = StringIO(), check_links.Command()
    command.fetcher = Stopping()
    call_command(command, stdout=out)
    assert out.getvalue().splitlines()[-1] == "Stopped after 1 of 3; the next run goes on from here."
    Link.objects.filter(state="unknown").update(taken_at=None)
    assert [line.rpartition("/")[2] for line in run(server)] == ["c: open to readers"]
    Link.objects.filter(state="unknown").update(next_check=timezone.now())
    assert [line.rpartition("/")[2] for line in run(server)] == ["b: open to readers"]


@pytest.mark.parametrize(("looks", "state"), [(True, "live"), (False, "unknown")])
def test_a_tick_looks_at_what_is_due_where_the_desk_wants_it_and_says_nothing_of_it(
    looks: bool, state: str, desk: Desk, server: Hostile
) -> None:
    cited(desk, server, a=page(), b=page())
    run(server)
    due()
    out, command = StringIO(), tick.Command()
    command.fetcher = fetcher(server)
    with override_settings(NEWSROOM_CHECK_LINKS=looks):
        call_command(command, stdout=out)
    assert (out.getvalue(), [*Link.objects.values_list("state", flat=True)]) == ("", [state, state])
