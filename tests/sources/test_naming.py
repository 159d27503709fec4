"""A name in the reader's language, else in the other one and marked as such."""

from importlib import import_module

import pytest
from django.apps import apps

from sources.models import Source
from sources.naming import Named, folded, named


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


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Báo Đời", "bao doi"),
        ("  BÁO\n Đời ", "bao doi"),
        ("đường ĐƯỜNG", "duong duong"),
        ("Straße", "strasse"),
        ("ﬁnance", "finance"),
        ("日報", "日報"),
        ("", ""),
    ],
)
def test_a_text_is_folded_for_search(text: str, found: str) -> None:
    assert folded(text) == folded(found) == found


@pytest.mark.django_db
def test_each_save_folds_the_names_and_so_does_the_migration() -> None:
    row = Source.objects.create(slug="bao", name_vi="Báo Đời", name_en="The Life")
    assert row.folded == "\nbao doi\nthe life\n"
    row.name_en = "Life"
    row.save(update_fields=["name_en"])
    assert Source.objects.get().folded == "\nbao doi\nlife\n"
    Source.objects.update(folded="", name_en=None)
    import_module("sources.migrations.0002_merged").fold(apps, None)
    assert Source.objects.get().folded == "\nbao doi\n\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("vi", "en", "alike"),
    [
        ("bao doi", "Another", True),
        ("Another", "BÁO ĐỜI", True),  # whichever language it is in
        ("The  life", None, True),
        ("Báo Đời Mới", "The Life of", False),
        ("Life", None, False),
        (None, "日報", False),
    ],
)
def test_sources_of_one_name_are_alike_marks_and_capitals_aside(vi: str | None, en: str | None, alike: bool) -> None:
    row = Source.objects.create(slug="bao", name_vi="Báo Đời", name_en="The Life")
    other = Source.objects.create(slug="other", name_vi=vi, name_en=en)
    Source.objects.create(slug="merged", name_vi="Báo Đời", merged_into=other)
    assert list(Source.objects.alike(row)) == [other] * alike
    assert list(Source.objects.alike(other)) == [row] * alike


@pytest.mark.django_db
def test_who_has_no_name_is_alike_to_nobody() -> None:
    row = Source.objects.create(slug="one")
    Source.objects.create(slug="two")
    assert list(Source.objects.alike(row)) == []
