"""A national desk on one machine, and what has to hold of it: `python -m tests.cluster`, or `make cluster`.

A PostgreSQL primary and a replica that follows it, Redis, two web processes, a worker, Varnish: installed from Debian
where missing, each on a port of its own (CLUSTER_PORT and the seven after it), all below var/cluster, all ended and
removed at the end, on a failure too. What is measured is printed; what does not hold ends it with 1.
"""

import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack

from tests.cluster.machines import EDGE, EDGE_DESK, EDGE_TLS, WEB_1, WEB_2, Cluster, installed, say, until
from tests.cluster.people import Person, read

BOTH = (WEB_1, WEB_2)
READERS = (WEB_1, WEB_2, EDGE)
TOLD = 12.0  # seconds, after which PostgreSQL tells what an idle connection has asked
WITHIN = 1.0  # seconds, in which what was withdrawn is gone from the edge
PAGES = [
    "/en/", "/vi/", "/en/sources/", "/en/corrections/", "/en/confidence/", "/en/ledger/", "/en/feed.atom",
    "/en/about/", "/en/search/?q=the", "/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml",
    "/trust.txt", "/robots.txt",
]  # fmt: skip
LIVE = """SELECT concat_ws(' ', publication.id, publication.article_id, version.slug)
FROM articles_publication AS publication JOIN articles_version AS version ON version.id = publication.live_id
WHERE publication.state = 'live' AND publication.language = 'en' AND version.kind <> 'page'
ORDER BY publication.id OFFSET {0} LIMIT 1"""


class Story:
    """One that is live in English."""

    def __init__(self, cluster: Cluster, number: int) -> None:
        publication, article, self.slug = str(cluster.primary.ask(LIVE.format(number))).split()
        self.path = f"/en/articles/{self.slug}/"
        self.form = f"/admin/articles/article/{article}/change/"
        self.screen = f"/admin/articles/publication/{publication}"


def holds(true: object, what: str) -> None:
    if not true:
        raise SystemExit(f"✗ {what}")
    say(f"✓ {what}")


def person(name: str) -> Person:
    return Person(BOTH, name)


def same(paths: list[str]) -> None:
    for path in paths:
        one, other, again = (read(port, path) for port in (*BOTH, WEB_1))
        if not one.status == other.status == again.status == 200 or not one.body == other.body == again.body:
            holds(False, f"{path} is the same by both: {one.status}, {other.status}")
    holds(True, f"{len(paths)} pages are the same by both processes, in turn")


def edited(story: Story) -> None:
    """From the login to the correction, no two requests by one process."""
    an, binh, chi = map(person, ("an", "binh", "chi"))
    words = "Said anew, of one process and of the other."
    for port in READERS:
        read(port, story.path)
    an.post(story.form, "summary_en", summary_en=words, _continue="1")
    kept = an.form(story.form, "summary_en")["summary_en"]
    holds(kept == [words], "saved by one process, it stands in the form of the other")
    an.post(story.form, "summary_en", _submit="en")
    binh.post(f"{story.screen}/review/", "seen", note="Read it all.", approve="1")
    chi.post(f"{story.screen}/correct/do/", "kind", kind="update", note="The summary was written anew.")
    by = [words.encode() in read(port, story.path).body for port in BOTH]
    holds(all(by), "written, reviewed and published in sessions that change processes, it is read by both at once")
    until(lambda: words.encode() in read(EDGE, story.path).body, "the correction is at the edge", WITHIN)


def withdrawn(story: Story, what: str, at: tuple[int, ...] = (EDGE,)) -> None:
    chi, note = person("chi"), "It was not so."
    read(EDGE, story.path)
    time.sleep(1.1)
    holds(read(EDGE, story.path).age >= 1, "the edge keeps a page")
    chi.post(f"{story.screen}/withdraw/do/", "version", note=note)
    waited = [until(lambda port=port: read(port, story.path).status == 410, f"{what}: gone", WITHIN) for port in at]
    notices = [read(port, story.path).body for port in at]
    holds(all(note.encode() in notice for notice in notices), f"{what}: gone after {1000 * max(waited):.0f} ms")


def behind(cluster: Cluster, story: Story) -> None:
    """A replica that heard nothing of it."""
    cluster.replica.ask("SELECT pg_wal_replay_pause()")
    until(lambda: cluster.replica.ask("SELECT pg_get_wal_replay_pause_state()") == "paused", "replay pauses", 10)
    withdrawn(story, "withdrawn while the replica stands still", READERS)
    listed = [story.slug.encode() in read(port, path).body for port in BOTH for path in ("/en/", "/sitemap-1.xml")]
    holds(not any(listed), "no list has it either")
    holds(
        cluster.replica.ask("SELECT count(*) FROM articles_publication WHERE state = 'withdrawn'")
        != cluster.primary.ask("SELECT count(*) FROM articles_publication WHERE state = 'withdrawn'"),
        "though the replica still has it live",
    )
    cluster.replica.ask("SELECT pg_wal_replay_resume()")
    until(cluster.level, "the replica came after", 20)


def by_the_replica(cluster: Cluster) -> None:
    """The primary asks nothing of its tables but the stamp."""
    count = "SELECT sum(seq_scan + coalesce(idx_scan, 0)) FROM pg_stat_user_tables WHERE relname = 'articles_version'"

    def asked(database: object) -> Callable[[], object]:
        return lambda: database.ask(count)  # type: ignore[attr-defined]

    flushed(cluster)
    cluster.worker.stop()  # whose place is the primary
    time.sleep(TOLD)
    before = cluster.primary.ask(count), cluster.replica.ask(count)
    for port in BOTH:
        for path in ("/en/search/?q=the", "/sitemap-1.xml", "/en/?before="):
            read(port, path)
    until(lambda: cluster.replica.ask(count) != before[1], "the replica is asked", 20)
    time.sleep(TOLD)
    holds(cluster.primary.ask(count) == before[0], "search, lists and sitemaps are asked of the replica alone")
    cluster.worker.start()


def flushed(cluster: Cluster) -> None:
    """No page is known to anybody: Redis empty, the edge too, the web processes new."""
    import redis

    redis.Redis.from_url(cluster.environment["CACHE_URL"]).flushall()
    holds(read(EDGE_DESK, "/", "PURGE", **{"Surrogate-Key": "site"}).status == 200, "the edge and Redis are emptied")


def without_primary(cluster: Cluster, stories: list[Story]) -> None:
    flushed(cluster)
    cluster.primary.stop()
    say("the primary is stopped")
    paths = [*PAGES, *(story.path for story in stories)]
    for port in READERS:
        told = {path: read(port, path).status for path in paths}
        if set(told.values()) != {200}:
            holds(False, f"readers are served: {told}")
    holds(True, f"{len(paths)} pages that nobody had kept are served, by both processes and the edge")
    longest = max(_time(port, path) for port in BOTH for path in paths[:4])
    holds(longest < WITHIN, f"a known page takes {1000 * longest:.0f} ms at most")
    holds(read(WEB_1, "/admin/", Cookie=f"sessionid={'x' * 32}").status == 503, "the desk is not")
    cluster.primary.start()
    until(lambda: person("an"), "the desk works again", 20)
    same(paths)


def _time(port: int, path: str) -> float:
    began = time.monotonic()
    read(port, path)
    return time.monotonic() - began


def without_each(cluster: Cluster, story: Story) -> None:
    for stopped, what in (
        (cluster.replica, "the replica"),
        (cluster.redis, "Redis"),
        (cluster.web[0], "a web process"),
    ):
        ports = READERS if stopped is not cluster.web[0] else (EDGE,)
        stopped.stop()
        told = [
            read(port, path).status for port in ports for path in (story.path, "/en/search/?q=of", "/sitemap-1.xml")
        ]
        holds(set(told) == {200}, f"without {what} readers are served")
        stopped.start()
    read(EDGE, story.path)
    for each in cluster.web:
        each.stop()
    time.sleep(1)
    holds(read(EDGE, story.path).status == 200, "without any web process the edge serves what it kept")
    for each in cluster.web:
        each.start()


def doors(story: Story) -> None:
    """What the edge believes of whom."""
    told = read(EDGE, "/en/", "PURGE", **{"Surrogate-Key": "site"}).status
    holds(told == 405, f"a reader's PURGE is answered {told}")
    secure, plain = b'rel="canonical" href="https://', b'rel="canonical" href="http://'
    for _time in range(2):
        forged = read(EDGE, story.path, **{"X-Forwarded-Proto": "https"}).body
        with socket.create_connection(("127.0.0.1", EDGE_TLS), 30) as connection, connection.makefile("rb") as answer:
            who = "PROXY TCP4 203.0.113.7 203.0.113.1 40000 443"
            request = f"{who}\r\nGET {story.path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            connection.sendall(request.encode())
            through_tls = answer.read()
        if not (plain in forged and secure in through_tls and secure not in forged):
            holds(False, "https is what came by the door for it")
    holds(True, "https is what came by the door for it, not what a reader says")


def main() -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    installed()
    with ExitStack() as stack:
        cluster = Cluster(stack)
        cluster.up()
        stories = [Story(cluster, number) for number in range(5)]
        same([*PAGES, *(story.path for story in stories)])
        doors(stories[3])
        edited(stories[0])
        withdrawn(stories[1], "withdrawn", READERS)
        behind(cluster, stories[2])
        by_the_replica(cluster)
        without_primary(cluster, stories[3:])
        without_each(cluster, stories[3])
        withdrawn(stories[4], "withdrawn after all that", READERS)
        cluster.manage("verify_ledger")
        holds(True, "the ledger is whole")
        cluster.journeys()
        holds(True, "the journeys pass")
        say("everything is stopped and removed")


if __name__ == "__main__":
    main()
