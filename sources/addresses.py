"""Whose page a URL is: the grammar of addresses, pure. The look-up itself is `SourceAddress.objects.for_url`.

An address is a host, or a host and the path of an account on it. On a platform only the second names
anybody: a post's source is its author, never the platform.
"""

from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

SCHEMES = frozenset({"http", "https"})
LONGEST = 2000
LONGEST_HOST = 253  # of any name in the DNS
LONGEST_ACCOUNT = 200  # what an address of a source keeps

# Platform → how many parts of the path name the account, by the first part ("" = any other; 0 = no account is named:
# the address of a video or a photograph does not say whose it is).
PLATFORMS: dict[str, dict[str, int]] = {
    "x.com": {"": 1, "i": 0, "home": 0, "search": 0, "hashtag": 0, "intent": 0, "share": 0},
    "twitter.com": {"": 1},
    "facebook.com": {"": 1}
    | dict.fromkeys(["watch", "reel", "groups", "events", "hashtag", "share", "sharer", "photo", "photo.php"], 0)
    | dict.fromkeys(["permalink.php", "profile.php", "story.php"], 0),
    "fb.watch": {"": 0},
    "instagram.com": {"": 1, "p": 0, "reel": 0, "reels": 0, "tv": 0, "explore": 0, "stories": 2},
    "threads.net": {"": 1, "t": 0},
    "threads.com": {"": 1},
    "tiktok.com": {"": 1, "t": 0, "tag": 0, "music": 0},
    "youtube.com": {"": 1, "channel": 2, "c": 2, "user": 2}
    | dict.fromkeys(["watch", "shorts", "live", "playlist", "embed", "results", "post", "hashtag"], 0),
    "youtu.be": {"": 0},
    "linkedin.com": {"": 2, "feed": 0},
    "reddit.com": {"": 2},
    "bsky.app": {"": 2},
    "mastodon.social": {"": 1},
    "medium.com": {"": 1},
    "github.com": {"": 1},
    "t.me": {"": 1},
}
# Under a country's code, what stands for a kind of owner: the name registered is the one before it.
SECOND_LEVEL = frozenset(
    {"com", "co", "org", "or", "net", "ne", "gov", "go", "gouv", "gob", "edu", "ac", "mil", "info"}
)
SAME_HOST = {"twitter.com": "x.com", "threads.com": "threads.net"}


class BadAddress(ValueError):
    """The text is not a web address that a reader could follow; the message says why, in plain words."""


class Place(NamedTuple):
    """A host in lower case without "www.", and a path prefix without slashes at its ends ("" = the whole host)."""

    host: str
    path: str = ""

    def __str__(self) -> str:
        return f"{self.host}/{self.path}" if self.path else self.host


@lru_cache(maxsize=1_000)
def parse(url: str) -> Place:
    """The host and whole path of `url`. Raises BadAddress."""
    text = url.strip()
    if len(text) > LONGEST:
        raise BadAddress(_("The address is longer than %(most)d characters.") % {"most": LONGEST})
    if any(character.isspace() or not character.isprintable() or character == "\\" for character in text):
        raise BadAddress(_("The address contains a space or a character that no address may contain."))
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii").lower()
    except ValueError as error:  # UnicodeError is one
        raise BadAddress(_("“%(url)s” is not a web address.") % {"url": url}) from error
    if parts.scheme.lower() not in SCHEMES:
        raise BadAddress(_("The address must start with https:// or http://."))
    if "." not in host or len(host) > LONGEST_HOST or "@" in parts.netloc:
        raise BadAddress(_("“%(url)s” is not a web address.") % {"url": url})
    host = host.removeprefix("www.")
    return Place(SAME_HOST.get(host, host), parts.path.strip("/"))


def platform(host: str) -> str | None:
    """The platform that `host` belongs to (mobile and language hosts included), or None."""
    for name in PLATFORMS:
        if host == name or host.endswith("." + name):
            return SAME_HOST.get(name, name)
    return None


def account(url: str) -> Place:
    """The place that names who published `url`: the host, or on a platform host and account.

    Raises BadAddress, also for a platform's page that belongs to no account.
    """
    place = parse(url)
    name = platform(place.host)
    if name is None:
        return Place(place.host)
    parts = [part for part in place.path.split("/") if part]
    depth = PLATFORMS[name].get(parts[0].lower(), PLATFORMS[name][""]) if parts else 0
    if not depth or len(parts) < depth:
        raise BadAddress(
            _(
                "%(host)s is a platform: the source of a post is its author. "
                "Give the address of the post or of the account."
            )
            % {"host": name}
        )
    path = "/".join(parts[:depth]).lower()
    if len(path) > LONGEST_ACCOUNT:
        raise BadAddress(_("“%(url)s” is not a web address.") % {"url": url})
    return Place(name, path)


def site(host: str) -> str:
    """The registered name that `host` belongs to, as far as its form tells: "a.example.com.vn" → "example.com.vn"."""
    labels = host.split(".")
    national = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND_LEVEL
    return ".".join(labels[-3 if national else -2 :])


def candidates(url: str) -> list[Place]:
    """Every place whose owner could be the source of `url`, the most specific first. Raises BadAddress."""
    place = parse(url)
    name = platform(place.host)
    hosts = [name] if name else [place.host.split(".", n)[-1] for n in range(place.host.count("."))]
    parts = [part for part in place.path.lower().split("/") if part]
    paths = ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]
    return [Place(host, path) for host in hosts for path in [*paths, *([] if name else [""])]]
