"""What stands for a page where somebody shares it: the site's sign, and for an article a card of its own.

Cards are kept as files under the hash of all that is drawn, so that each costs one drawing, whatever number of
processes serve it and however often they start anew. A cache would forget: whoever asked for all cards in turn would
have them drawn again and again. A file that is lost, or half there, is drawn anew; without a place to keep it, each
request draws it.
"""

import logging
from io import BytesIO

from django.conf import settings
from django.core.files import File
from django.core.files.storage import Storage, storages
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext

from articles import digest, drawing, wording
from articles.confidence import Stance, State
from articles.drawing import Card, Fact
from articles.reading import Reading, Review
from articles.structured import Picture

logger = logging.getLogger(__name__)

SIGN = ("icon-512.png", 512)
KEY = 12  # digits of the hash in the address: who asks is sent on where it is another
END = b"IEND\xaeB`\x82"  # of every whole PNG


def sign(request: HttpRequest) -> Picture:
    name, side = SIGN
    return Picture(request.build_absolute_uri(static(name)), side, side, settings.NEWSROOM_NAME)


def card(reading: Reading) -> Card:
    """In the language of its words, whatever that of the reader."""
    with override(reading.language):
        facts = (_tier(reading), _confidence(reading), _review(reading.review))
    return Card(settings.NEWSROOM_NAME, reading.headline, facts)


def alt(card: Card) -> str:
    """What the picture says, but for the name of the site."""
    return ". ".join([card.headline, *(f"{fact.word}: {fact.detail}" for fact in card.facts)])


def fingerprint(card: Card) -> str:
    """SHA-256 over all that is drawn and how: 64 hexadecimal digits."""
    facts = [[fact.word, fact.detail, fact.tone] for fact in card.facts]
    return digest.sha256([drawing.VERSION, card.site, card.headline, facts])


def key(card: Card) -> str:
    return fingerprint(card)[:KEY]


def picture(card: Card) -> bytes:
    """The PNG, as it was kept, else drawn and kept."""
    storage, name = storages["cards"], _name(fingerprint(card))
    if (found := _kept(storage, name)) is not None:
        return found
    drawn = drawing.png(card)
    try:
        storage.save(name, File(BytesIO(drawn)))
    except Exception:  # whatever storage it is: the reader gets the picture all the same
        logger.warning("card_not_kept", exc_info=True)
    return drawn


def _name(fingerprint: str) -> str:
    return f"{fingerprint[:2]}/{fingerprint}.png"


def _kept(storage: Storage, name: str) -> bytes | None:
    """None, too, while another process is still writing it, or where one was stopped at that."""
    try:
        with storage.open(name) as file:
            found: bytes = file.read()
    except FileNotFoundError:
        return None
    except Exception:
        logger.warning("card_not_read", exc_info=True)
        return None
    return found if found.endswith(END) else None


def _tier(reading: Reading) -> Fact:
    workings = reading.workings
    if not workings.voices:
        return Fact(_("No sources"), _("nothing cited supports the claim"), "warn")
    first_hand = any(row.first_hand for row in workings.rows if row.stance == Stance.SUPPORTS)
    best = workings.best_tier
    word = _("Tier %(best)s · sources") % {"best": best} if best else _("Not rated · sources")
    detail = f"{wording.hand(first_hand)}, {wording.voices(workings.voices)}"
    return Fact(word, detail, "ok" if best == 1 else "")


def _confidence(reading: Reading) -> Fact:
    workings = reading.workings
    if not reading.shows_number:
        kind = capfirst(str(reading.kind.label))
        detail = _("%(kind)s: makes no claim of fact that a number could be of") % {"kind": kind}
        return Fact(_("No confidence shown"), detail)
    if not reading.likelihood:
        unsourced = workings.state == State.UNSOURCED
        why = (
            _("no source is cited for or against the claim")
            if unsourced
            else _("none of its sources has been assessed yet")
        )
        return Fact(str(wording.STATES[workings.state]), why, "warn")
    words = wording.likelihood_words(reading.likelihood)
    number = _("%(percent)d%% confidence") % {"percent": workings.percent}
    return Fact(number, f"{words}, {workings.low}–{workings.high}%", "tell")


def _review(review: Review | None) -> Fact:
    assert review is not None  # nothing is published without
    who = pgettext("reviewed", "by %(name)s") % {"name": review.by} if review.by else _("by a reviewer of this desk")
    word = _("Self-reviewed") if review.self_review else _("Reviewed")
    return Fact(
        word, f"{who}, {date_format(localtime(review.at), 'DATE_FORMAT')}", "warn" if review.self_review else "ok"
    )
