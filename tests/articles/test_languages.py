"""How a name is spelt, and so read aloud; which words Vietnamese could spell so at all."""

import pytest

from articles import languages


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("Nguyễn Hoài An", "vi"), ("Lê Minh Chi", "vi"), ("Hà Nội", "vi"), ("Hoàng Lan", "vi"),
        ("Báo Tuổi Trẻ Online", "vi"),
        ("Mai Lan", ""), ("Hanoi Times", ""), ("José Inés", ""), ("Médecins Sans Frontières", ""), ("Zoë Hélène", ""),
        ("São Paulo", ""), ("Sèvres", ""), ("René Kármán", ""), ("", ""), ("2026 — 漢字", ""),
    ],
)  # fmt: skip
def test_a_name_says_its_language_where_its_letters_tell(name: str, language: str) -> None:
    assert languages.of_name(name) == language


@pytest.mark.parametrize(
    ("words", "spelt"),
    [
        ("nghiêng khuya quýt thuyền ngoẹo rượu quốc giếng gì ỷ uống yêu ngoài xoong khúc khuỷu đặt lịch ý huơ", True),
        ("the can long", True),  # of one sound in either language: what stands beside them tells
        ("of published this sources words which not that english review at back", False),
        ("đat lich hóàng tổc blog zalo wiki phone", False),
    ],
)
def test_a_word_is_vietnamese_where_it_is_a_syllable_of_it(words: str, spelt: bool) -> None:
    assert {word for word in words.split() if languages.is_vietnamese(word) is not spelt} == set()
