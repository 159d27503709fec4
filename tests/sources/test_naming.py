"""A name in the reader's language, else in the other one and marked as such."""

import pytest

from sources.models import Source
from sources.naming import Named, named


@pytest.mark.parametrize(
    ("vi", "en", "language", "found"),
    [
        ("Tổ chức", "Body", "vi", Named("Tổ chức", "vi")),
        ("Tổ chức", "Body", "en", Named("Body", "en")),
        ("Tổ chức", "", "en", Named("Tổ chức", "vi")),
        ("Tổ chức", None, "en", Named("Tổ chức", "vi")),
        ("", "Body", "vi", Named("Body", "en")),
        (None, "Body", "vi", Named("Body", "en")),
        ("", "", "en", Named("", "en")),
        (None, None, "vi", Named("", "vi")),
        ("Tổ chức", "Body", "", Named("Tổ chức", "vi")),
        ("", "Body", "fr", Named("Body", "en")),
    ],
)
def test_a_name_falls_back_and_says_its_language(vi: str | None, en: str | None, language: str, found: Named) -> None:
    row = Source(name_vi=vi, name_en=en)
    assert named(row, "name", language) == row.named(language) == found


def test_each_field_falls_back_by_itself() -> None:
    row = Source(name_vi="Tên", name_en="Name", description_vi="Mô tả", description_en="")
    assert (row.named("en"), named(row, "description", "en")) == (Named("Name", "en"), Named("Mô tả", "vi"))
