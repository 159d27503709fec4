"""Behind or not, by the numbers of versions alone."""

import pytest

from articles.outdated import behind


@pytest.mark.parametrize(
    ("live", "made_from", "left", "reached", "is_behind"),
    [
        # a translation made from 5
        (8, 5, 5, 9, True),  # 5 was corrected by 9
        (8, 5, 5, 7, True),  # by 7, which was submitted before the translation but was not what it was made from
        (8, 5, 3, 5, False),  # what it was made from is the corrected one
        (8, 5, 9, 12, True),  # a later correction, too
        (14, 12, 9, 12, False),  # made anew from the corrected one
        # the original, made beside nothing
        (2, None, 4, 6, True),
        (7, None, 4, 6, False),  # submitted after the corrected one
        # withdrawals
        (8, 5, 5, None, True),
        (8, 5, 9, None, True),  # corrected, then withdrawn: twice behind
        (12, None, 9, None, False),  # made after the withdrawal, beside nothing
        (2, None, 4, None, True),
        (14, 12, 9, None, False),  # made from what took the place of the withdrawn
    ],
)
def test_a_version_is_behind_what_it_was_not_made_from(
    live: int, made_from: int | None, left: int, reached: int | None, is_behind: bool
) -> None:
    assert behind(live, made_from, left, reached) is is_behind
