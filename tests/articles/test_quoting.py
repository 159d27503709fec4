"""The sentences that a citation's mark stands in."""

import time

import pytest

from articles.quoting import sentences, unmarked


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
    unmarked(f"<p>{text}</p>" + "<p>a</p>" * 400)
    assert time.process_time() - started < 2


@pytest.mark.parametrize(
    ("html", "found"),
    [
        (f"<p>One{mark(1)}.</p><p>Two &amp; <em>three</em>.</p>", ["Two & three."]),
        (f"<p>One.</p><p>{mark(2)}Two.</p><p>Three.</p>", ["One.", "Three."]),
        ("<h2>Head</h2><p>1 2 3 4 5 6 7 8</p><h3>Head <em>two</em></h3>", ["1 2 3 4 5 6 7 8"]),
        ("<p>1 2 3 4 5 6 7 8 9</p>", ["1 2 3 4 5 6 7 8…"]),
        (f"<ul><li><p>One</p></li><li>Two{mark(1)}</li><li>Three</li></ul>", ["One", "Three"]),
        (f"<blockquote><p>One</p><p>Two{mark(1)}</p></blockquote>", ["One"]),
        (f"<p>One<br>two{mark(1)}</p><p>Three<br>four</p>", ["Three four"]),
        (f"<h2>Head{mark(1)}</h2><p>Body</p>", ["Body"]),
        ("<p></p><p> <br> </p>", []),
        ("<p>Typed [1].</p>", ["Typed [1]."]),
        ("", []),
    ],
)
def test_a_paragraph_without_a_mark_is_told_by_its_opening_words(html: str, found: list[str]) -> None:
    assert unmarked(html) == found
