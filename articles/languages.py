"""What languages are called: in their own words, and in those of whoever reads. Django's own list is not NFC."""

import re
import unicodedata

from django.conf import settings
from django.utils.translation import get_language_info, gettext_noop, to_locale
from django.utils.translation import gettext as _

LOCALES = {"vi": "vi_VN", "en": "en_GB"}  # with the country whose spelling it is
_OWN = re.compile("[đơưĐƠƯẠ-ỹ]")  # letters that none of our other languages writes
_WORD = re.compile(r"[^\W\d_]+")
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")  # grave, acute, tilde, hook, dot below
_SYLLABLE = re.compile(
    "(?:ngh|ng|gh|gi|kh|nh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]|)"
    "(?:uyê|oai|oay|oao|oeo|uây|uyu|uya|iêu|yêu|uôi|ươi|ươu|[ao]i|[ao][aeo]|au|ay|âu|ây|eo|êu|i[aêu]|oă|ôi|ơi|u[aâêiôơy]"
    "|ư[aiơu]|yê|[aăâeêioôơuư]|(?<![bcdđgnpqrx])y)"
    "(ch|ng|nh|[cmnpt]|)"
)
CATALOGUED = (gettext_noop("Vietnamese"), gettext_noop("English"))


def own_name(code: str) -> str:
    """As in "Tiếng Việt"."""
    return str(dict(settings.LANGUAGES)[code])


def name(code: str) -> str:
    """As in "Vietnamese", in the active language."""
    return _(str(get_language_info(code)["name"]))


def locale(code: str) -> str:
    """As Open Graph has it, which knows no language of ours without a country."""
    return LOCALES.get(code) or to_locale(code)


def is_vietnamese(word: str) -> bool:
    """Whether Vietnamese could spell `word` so: one syllable, one tone at most, and before c, ch, p, t a sharp or heavy
    one. English words pass now and then ("can", "long"); those with a mark of another language hardly do.
    """
    tones = _TONES.findall(whole := unicodedata.normalize("NFD", word.lower()))
    syllable = _SYLLABLE.fullmatch(unicodedata.normalize("NFC", _TONES.sub("", whole)))
    stopped = syllable and syllable[1] in ("c", "ch", "p", "t")
    return syllable is not None and len(tones) < 2 and (not stopped or tones in (["\u0301"], ["\u0323"]))


def of_name(text: str) -> str:
    """The language that a name is spelt in, where its letters tell: it says how to read it aloud. Else nothing."""
    spelt = not text.isascii() and all(map(is_vietnamese, _WORD.findall(text)))
    return "vi" if spelt or _OWN.search(text) else ""
