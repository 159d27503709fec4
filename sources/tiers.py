"""What a tier means and by which criteria it is given: words, no rule of arithmetic."""

from collections.abc import Collection

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Tier(IntegerChoices):
    AUTHORITATIVE = 1, _("authoritative: first-hand or with a long clean record")
    RELIABLE = 2, _("reliable")
    MIXED = 3, _("mixed or little known")
    UNRELIABLE = 4, _("unreliable or unknown")


class Criterion(TextChoices):
    """After NewsGuard, the Journalism Trust Initiative and the Trust Project."""

    OWNERSHIP = "ownership", _("says who owns it")
    NEWS_OPINION = "news-opinion", _("separates news from opinion")
    CORRECTIONS = "corrections", _("corrects openly")
    NAMES_SOURCES = "names-sources", _("names its sources")
    NO_FALSEHOODS = "no-falsehoods", _("no repeated falsehoods")
    IDENTITY = "identity", _("a person: is who they say")
    FIRST_HAND = "first-hand", _("a person: speaks of what they did or know at first hand")


PERSONAL = frozenset({Criterion.IDENTITY, Criterion.FIRST_HAND})


def met(criteria: Collection[str]) -> list[str]:
    """These criteria in words, in their order."""
    return [str(each.label) for each in Criterion if each in criteria]
