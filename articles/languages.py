"""What languages are called: in their own words, and in those of whoever reads. Django's own list is not NFC."""

import re

from django.conf import settings
from django.utils.translation import get_language_info, gettext_noop
from django.utils.translation import gettext as _

# With the country whose spelling it is: Open Graph knows no language without one.
LOCALES = {"vi": "vi_VN", "en": "en_GB"}
_VIETNAMESE = re.compile("[đơưĐƠƯẠ-ỹ]")  # letters that none of our other languages writes
CATALOGUED = (gettext_noop("Vietnamese"), gettext_noop("English"))


def own_name(code: str) -> str:
    """As in "Tiếng Việt"."""
    return str(dict(settings.LANGUAGES)[code])


def name(code: str) -> str:
    """As in "Vietnamese", in the active language."""
    return _(str(get_language_info(code)["name"]))


def of_name(text: str) -> str:
    """The language that a name is spelt in, where its letters tell: it says how to read it aloud. Else nothing."""
    return "vi" if _VIETNAMESE.search(text) else ""
