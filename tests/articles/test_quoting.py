"""The sentences that a citation's mark stands in."""

import time

import pytest

from articles.quoting import sentences


def mark(number: int) -> str:
    return f'<sup data-cite="{number}"></sup>'


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f"<p>One. Two{mark(1)}. Three.</p>", {1: ["Two."]}),
        (f"<p>One.{mark(1)} Two.</p>", {1: ["One."]}),
        (f"<p>One. {mark(1)} Two.</p>", {1: ["One."]}),
        (f"<p>“One.”{mark(2)}{mark(1)} Two.</p>", {2: ["“One.”"], 1: ["“One.”"]}),
        (f"<p>One{mark(1)} and two{mark(1)}.</p>", {1: ["One and two."]}),
        (f"<h2>Head{mark(1)}</h2><p>Body{mark(1)} of <em>3.5</em> kg.</p>", {1: ["Head", "Body of 3.5 kg."]}),
        (f"<p>{mark(3)}</p>", {3: [""]}),
        ("<p>Typed [1].</p>", {}),
    ],
)
def test_a_mark_belongs_to_the_sentence_it_stands_in_or_behind(html: str, found: dict[int, list[str]]) -> None:
    assert sentences(html) == found


@pytest.mark.parametrize("text", ["a. " * 60_000, "." * 190_000 + "a", '."' * 90_000 + "a", "a " * 90_000])
def test_texts_beyond_measure_are_read_in_bounded_time(text: str) -> None:
    started = time.process_time()
    sentences(f"<p>{text}{mark(1)}</p>")
    assert time.process_time() - started < 2
