"""The canonical form, held against a reading of RFC 8785 of its own."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.digest import Plain, canonical, sha256

letters = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
keys = st.text(st.characters(max_codepoint=127), max_size=8)
whole = st.integers(-(2**53) + 1, 2**53 - 1)
scalars = st.none() | st.booleans() | whole | letters
plain: st.SearchStrategy[Any] = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4), max_leaves=20
)

SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def rfc8785(value: Any) -> str:
    """Sections 3.2.1 to 3.2.3, for what has no fraction."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int):
        return f"{value:d}"
    if isinstance(value, str):
        return '"' + "".join(SHORT.get(c, f"\\u{ord(c):04x}" if c < " " else c) for c in value) + '"'
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{rfc8785(key)}:{rfc8785(item)}" for key, item in ordered) + "}"
    return "[" + ",".join(rfc8785(item) for item in value) + "]"


def composed(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: composed(item) for key, item in value.items()}
    return [composed(item) for item in value] if isinstance(value, list) else value


def decomposed(value: Any) -> Any:
    return json.loads(unicodedata.normalize("NFD", json.dumps(value, ensure_ascii=False)))


@settings(deadline=None)
@given(plain)
def test_canonical_is_rfc_8785_of_nfc_text(value: Any) -> None:
    assert canonical(value).decode() == rfc8785(composed(value))


@settings(deadline=None)
@given(plain)
def test_canonical_can_be_read_back(value: Any) -> None:
    assert json.loads(canonical(value)) == composed(value)


@settings(deadline=None)
@given(st.dictionaries(keys, plain, max_size=6), st.randoms())
def test_the_order_of_keys_makes_no_difference(value: dict[str, Any], chance: Any) -> None:
    items = list(value.items())
    chance.shuffle(items)
    assert canonical(dict(items)) == canonical(value)


@settings(deadline=None)
@given(st.lists(plain, min_size=2, max_size=5, unique_by=rfc8785))
def test_the_order_of_a_list_makes_a_difference(value: list[Any]) -> None:
    assert canonical(value[::-1]) != canonical(value) or composed(value[::-1]) == composed(value)


@settings(deadline=None)
@given(plain)
def test_composed_and_decomposed_text_are_equal(value: Any) -> None:
    assert canonical(decomposed(composed(value))) == canonical(composed(value))


def test_a_vietnamese_text_is_the_same_however_it_was_typed() -> None:
    typed = {unicodedata.normalize(form, "Tiếng Việt: ở đâu") for form in ("NFC", "NFD")}
    assert len(typed) == 2
    assert len({canonical(text) for text in typed}) == 1


def test_a_tuple_is_a_list() -> None:
    assert canonical((1, ("a", None))) == canonical([1, ["a", None]]) == b'[1,["a",null]]'


@pytest.mark.parametrize(
    ("value", "form"),
    [
        # The string of RFC 8785, section 3.2.2, and what section 3.2.2.2 makes of it.
        ("\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'),
        ("\x00\x1f\x7f\u2028", '"\\u0000\\u001f\x7f\u2028"'),
        ({"b": [], "a": {}, "B": True, "": None}, '{"":null,"B":true,"a":{},"b":[]}'),
        (-0, "0"),
        (9007199254740991, "9007199254740991"),
    ],
)
def test_canonical_of_known_values(value: Plain, form: str) -> None:
    assert canonical(value).decode() == form


@pytest.mark.parametrize(
    ("value", "digest"),
    [
        ({}, "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"),
        ([], "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"),
    ],
)
def test_sha256_of_known_values(value: Plain, digest: str) -> None:
    assert sha256(value) == digest


@settings(deadline=None)
@given(plain, st.sampled_from([0.0, 1.0, 0.5, float("nan"), float("inf"), 2**53, -(2**53), b"bytes", {1}, 1j]))
def test_what_is_not_plain_is_refused_however_deep(value: Any, bad: Any) -> None:
    for holder in (bad, [value, bad], {"a": {"b": [bad]}, "c": value}):
        with pytest.raises(TypeError, match="not a plain value"):
            canonical(holder)


@pytest.mark.parametrize("key", ["é", "Đ", "\U0001f600", 1, None])
def test_keys_are_ascii_text(key: Any) -> None:
    with pytest.raises(TypeError, match="not a plain value"):
        canonical([{"fine": {key: "value"}}])


def test_half_a_surrogate_pair_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        canonical({"text": "\ud83d"})


def test_what_looks_alike_differs() -> None:
    alike: list[Plain] = [1, True, "1", "true", None, "", "null", [], {}, [None], 0, False]
    assert len({sha256(value) for value in alike}) == len(alike)
