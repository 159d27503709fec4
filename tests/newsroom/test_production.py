"""With the settings of production: every static file is found, and Django's own deployment check is content."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from pytest_django import Settings

from newsroom import stylesheet


def test_every_file_that_the_stylesheets_name_is_collected(settings: Settings, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
    }
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "js", "svg", "map", "json", "txt", "md"]  # takes a while
    call_command("collectstatic", interactive=False, verbosity=0)
    bundle = next((tmp_path / stylesheet.NAME).parent.glob("bundle.*.css")).read_text("utf-8")
    assert bundle.count("source-serif-4-") == 2
    assert bundle.index("@layer tokens {") < bundle.index("@layer base {") < bundle.index("@layer components {")


@pytest.mark.parametrize("argument", ["--deploy", "--database=default"])
def test_the_deployment_check_is_content(argument: str) -> None:
    ours = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}  # the journeys'
    environment = {**ours, "DEBUG": "0", "HTTPS": "1", "ALLOWED_HOSTS": "desk.example.org"}
    environment |= {"SECRET_KEY": "a-key-of-many-different-signs-0123456789-abcdefghijklmnopqrstuvw"}
    environment |= {"DATABASE_URL": "sqlite://:memory:"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "manage.py", "check", argument, "--fail-level", "WARNING"],
        cwd=settings.BASE_DIR,
        env={**environment, "DJANGO_SETTINGS_MODULE": "newsroom.settings"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
