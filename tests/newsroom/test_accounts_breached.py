"""A password that was stolen elsewhere is found in a file of this machine's own, however its lines end."""

import hashlib
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from newsroom.accounts import breached
from newsroom.accounts.breached import BreachedPasswordValidator, stands_in


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper()


def deployed() -> dict[str, Any]:
    return runpy.run_path(str(Path(site.BASE_DIR, "newsroom", "settings.py")))


STOLEN = [f"stolen elsewhere {n}" for n in range(1000)]
LINES = sorted(f"{sha1(each)}:{n}" for n, each in enumerate(STOLEN))


@pytest.fixture(params=["\r\n", "\n"])
def stolen(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "stolen.txt"
    path.write_bytes(request.param.join([*LINES, ""]).encode())
    return path


def test_every_password_that_stands_in_the_file_is_refused_and_no_other(stolen: Path, english: None) -> None:
    validator = BreachedPasswordValidator(str(stolen))
    for password in STOLEN:
        with pytest.raises(ValidationError, match="known from a theft elsewhere"):
            validator.validate(password)
    for n in range(1000):
        validator.validate(f"nobody stole this {n}")


def test_a_desk_that_names_a_file_looks_in_it_whoever_sets_a_password(
    stolen: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings, english: None
) -> None:
    assert not any("theft" in each for each in password_validators_help_texts())
    monkeypatch.setenv("BREACHED_PASSWORDS", str(stolen))
    settings.AUTH_PASSWORD_VALIDATORS = deployed()["AUTH_PASSWORD_VALIDATORS"]
    assert any("theft" in each for each in password_validators_help_texts())
    with pytest.raises(ValidationError, match="known from a theft elsewhere"):
        validate_password(STOLEN[0])


def test_a_file_that_is_not_there_stops_the_start_and_one_that_went_lets_nothing_pass(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = str(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        BreachedPasswordValidator(path).validate("x")
    monkeypatch.setenv("BREACHED_PASSWORDS", path)
    with pytest.raises(ImproperlyConfigured, match="BREACHED_PASSWORDS"):
        deployed()


@given(
    st.sets(st.text("0123456789ABCDEF", min_size=4, max_size=4)),
    st.text("0123456789ABCDEF", min_size=4, max_size=4),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["", ":1", ":12345678"]),
    st.booleans(),
)
def test_a_line_is_found_if_and_only_if_it_is_there(
    tmp_path_factory: pytest.TempPathFactory, lines: set[str], digest: str, end: str, count: str, ended: bool
) -> None:
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    path.write_bytes((end.join(line + count for line in sorted(lines)) + end * (ended and bool(lines))).encode())
    assert stands_in(path, digest.encode()) == (digest in lines)


def test_a_file_is_not_read_whole(stolen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten halvings find one line among a thousand."""
    looked: list[int] = []

    class Watched(breached.mmap.mmap):
        def rfind(self, *args: object) -> int:
            looked.append(1)
            return super().rfind(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(breached.mmap, "mmap", Watched)
    for password in STOLEN[:50]:
        looked.clear()
        assert stands_in(stolen, sha1(password).encode())
        assert len(looked) <= 17
