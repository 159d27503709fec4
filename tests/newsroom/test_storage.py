"""STORAGE_URL: what it may say, what the storages make of it, and that no error tells the secret in it."""

import re
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from newsroom import storage

CARDS = Path("/desk/cards")
FOLDERS = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "cards": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": CARDS, "allow_overwrite": True},
    },
}


def kept(url: str) -> tuple[dict[str, Any], dict[str, Any], Any]:
    """The options of pictures and of cards, and what both tell the library about its requests."""
    made = storage.kept(url, cards=CARDS)
    assert {each["BACKEND"] for each in made.values()} == {"storages.backends.s3.S3Storage"}
    pictures, cards = dict(made["default"]["OPTIONS"]), dict(made["cards"]["OPTIONS"])
    config = pictures.pop("client_config")
    assert cards.pop("client_config") is config
    return pictures, cards, config


def test_without_an_address_both_are_folders_of_this_machine() -> None:
    assert storage.kept("", cards=CARDS) == FOLDERS


def test_an_address_says_all_that_a_store_is_asked_with() -> None:
    pictures, cards, config = kept("s3://a%2Fb:c%40d%3A%25@store.example:9000/desk-pictures/one/two?region=hn-1")
    both = {
        "access_key": "a/b",
        "secret_key": "c@d:%",
        "bucket_name": "desk-pictures",
        "endpoint_url": "https://store.example:9000",
        "region_name": "hn-1",
    }
    assert pictures == both | {"location": "one/two/", "file_overwrite": False}
    assert cards == both | {"location": "one/two/cards/", "file_overwrite": True}
    assert (config.connect_timeout, config.read_timeout, config.retries) == (3, 15, {"total_max_attempts": 2})


def test_what_is_not_said_is_what_most_stores_want() -> None:
    pictures, cards, _config = kept("s3+http://127.0.0.1/pictures")
    assert pictures == {
        "access_key": None,
        "secret_key": None,
        "bucket_name": "pictures",
        "endpoint_url": "http://127.0.0.1",
        "region_name": "us-east-1",
        "location": "",
        "file_overwrite": False,
    }
    assert cards["location"] == "cards/"


WRONG = {
    "HIDDEN": "it reads s3://KEY:SECRET@host/bucket",
    "file:///HIDDEN": "it reads s3://",
    "https://key:HIDDEN@host/bucket": "it reads s3://",
    "s3:///HIDDEN": "it reads s3://",
    "s3://key:HIDDEN@/bucket": "it reads s3://",
    "s3://key:HIDDEN@host:port/bucket": "it reads s3://",
    "s3://key:HIDDEN@[::1/bucket": "it reads s3://",
    "s3://key:HID/DEN@host/bucket": "/ is written %2F",
    "s3://key:HID?DEN@host/bucket": "? %3F",
    "s3://key:HID#DEN@host/bucket": "# %23",
    "s3://HIDDEN@host/bucket": "a key comes with its secret",
    "s3://:HIDDEN@host/bucket": "a key comes with its secret",
    "s3://key:@host/HIDDEN": "a key comes with its secret",
    "s3://key:HIDDEN@host": "behind the host stands a bucket",
    "s3://key:HIDDEN@host/": "behind the host stands a bucket",
    "s3://key:HIDDEN@host/Bucket": "behind the host stands a bucket",
    "s3://key:HIDDEN@host/bucket/a b": "behind the bucket may stand a folder",
    "s3://key:HIDDEN@host/bucket/a//b": "behind the bucket may stand a folder",
    "s3://key:HIDDEN@host/bucket?zone=HIDDEN": "region=… and nothing else",
    "s3://key:HIDDEN@host/bucket?region=": "region=… and nothing else",
    "s3://key:HIDDEN@host/bucket?region=a&region=b": "region=… and nothing else",
    "s3://key:HIDDEN@host/bucket#HIDDEN": "region=… and nothing else",
}


@pytest.mark.parametrize(("url", "why"), WRONG.items())
def test_what_is_wrong_with_it_is_said(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=re.escape(why)):
        storage.kept(url, cards=CARDS)


@given(
    st.text(), st.sampled_from(["s3://", "s3+http://", ""]), st.sampled_from(["", "@host/bucket", "/bucket?region=x"])
)
def test_no_part_of_it_is_told(sign: str, before: str, behind: str) -> None:
    told = ""
    try:
        storage.kept(f"{before}key:{sign}hidden{sign}{behind}", cards=CARDS)
    except ValueError as error:
        told = str(error)
    assert "hidden" not in told


def settings_with(monkeypatch: pytest.MonkeyPatch, url: str) -> dict[str, Any]:
    monkeypatch.setenv("STORAGE_URL", url)
    return runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))


def test_the_setting_is_read_at_the_start_and_leaves_the_other_files_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    folders, bucket = settings_with(monkeypatch, ""), settings_with(monkeypatch, "s3://host/bucket")
    assert folders["STORAGES"]["default"] == FOLDERS["default"]
    assert bucket["STORAGES"]["default"]["OPTIONS"]["bucket_name"] == "bucket"
    assert bucket["STORAGES"]["staticfiles"] == folders["STORAGES"]["staticfiles"]


@pytest.mark.parametrize("url", WRONG)
def test_a_wrong_one_stops_the_start_with_a_sentence_and_no_secret(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"^STORAGE_URL: ") as caught:
        settings_with(monkeypatch, url)
    assert not {"HIDDEN", "HID", "DEN"} & set(re.findall("[A-Z]+", str(caught.value)))
    assert (caught.value.__cause__, caught.value.__suppress_context__) == (None, True)


def test_without_the_library_it_is_named_and_without_an_address_it_is_not_missed() -> None:
    """In a process of its own, which cannot import it."""
    code = (
        "import sys; sys.modules['storages'] = sys.modules['botocore'] = None\n"
        "from pathlib import Path; from newsroom import storage\n"
        "print(len(storage.kept('', cards=Path('.'))))\n"
        "try: storage.kept('s3://host/bucket', cards=Path('.'))\n"
        "except ValueError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=site.BASE_DIR, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["2", "a library is missing: pip install -r requirements-s3.lock"]


def test_the_library_is_not_imported_by_default() -> None:
    code = (
        "import sys, django; django.setup(); import newsroom.urls; print({'storages', 'botocore'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=site.BASE_DIR,
        env={"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "set()"
