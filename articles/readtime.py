"""How long a text takes to read."""

import html
import math
import re

WORDS_A_MINUTE = {"en": 238, "vi": 280}  # English: Brysbaert 2019; Vietnamese counts syllable-words
USUAL = 238
_INSIDE = re.compile(r"</?(?:a|em|span|strong|sup)\b[^>]*>")  # may stand within a word or before its full stop
_TAG = re.compile(r"<[^>]*>")


def words(*texts: str) -> int:
    """The number of words in plain or rich texts."""
    return sum(len(html.unescape(_TAG.sub(" ", _INSIDE.sub("", text))).split()) for text in texts)


def minutes(language: str, *texts: str) -> int:
    """Whole minutes, rounded up, at least one."""
    return max(1, math.ceil(words(*texts) / WORDS_A_MINUTE.get(language, USUAL)))
