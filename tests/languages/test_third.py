"""A third language by configuration alone: French in a scratch copy of the project, as the README's recipe has it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import polib
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
COPIED = ("manage.py", "newsroom", "articles", "sources", "templates", "static", "tests/factories.py",
          "tests/languages/french.py")  # fmt: skip
FRENCH = {"Skip to main content": "Aller au contenu", "Sources": "Les sources"}


def copied(to: Path) -> None:
    for name in COPIED:
        there = to / name
        there.parent.mkdir(parents=True, exist_ok=True)
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, there, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, there)


def catalogue(to: Path) -> None:
    """As `makemessages` and a translator would leave it, begun."""
    po = polib.POFile()
    po.metadata = {"Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    po.extend(polib.POEntry(msgid=english, msgstr=french) for english, french in FRENCH.items())
    folder = to / "newsroom" / "locale" / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    po.save_as_mofile(str(folder / "django.mo"))


def test_french_is_added_without_touching_code_and_an_article_is_published_in_it(tmp_path: Path) -> None:
    copied(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.py")}
    catalogue(tmp_path)
    settings_of = {
        "DEBUG": "1", "HTTPS": "0", "NEWSROOM_LANGUAGES": "vi,en,fr", "DATABASE_URL": "sqlite://:memory:",
        "ALLOWED_HOSTS": "testserver", "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings", "NEWSROOM_CHECK_LINKS": "0",
    }  # fmt: skip
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "TMPDIR"}}
    done = subprocess.run(
        [sys.executable, "tests/languages/french.py"],
        cwd=tmp_path,
        env=kept | settings_of,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told == {
        "migrations": ["articles", "sources"],
        "left to migrate": [],
        "live": ["fr"],
        "byline": ["Les sources", "Aller au contenu"],
        "answers": {
            "/fr/": 200,
            "/fr/articles/le-titre/": 200,
            "/fr/categories/la-technique/": 200,
            "/fr/authors/mai-lan/": 200,
            "/fr/sources/": 200,
            "/fr/sources/example/": 200,
            "/fr/archive/": 302,
            "/fr/corrections/": 200,
            "/fr/confidence/": 200,
            "/fr/feed.atom": 200,
            "/sitemap-1.xml": 200,
            "/en/articles/le-titre/": 200,
            "/admin/articles/article/add/": 200,
            "/admin/articles/category/add/": 200,
            "/admin/": 200,
        },
        "lang": "fr",
        "words": True,
        "editions": ["vi", "en", "fr"],
        "elsewhere": "This article is not in English yet. You are reading it in French.",
        "fields": [
            "body_fr", "claim_fr", "headline_fr", "slug_fr", "summary_fr", "translator_fr",
        ],
        "corrected": "Le titre, corrigé",
        "scoped": "You work in French: in English somebody else has to do this.",
    }  # fmt: skip
    changed = {path for path, code in before.items() if path.read_bytes() != code}
    made = {path.parent.parent.name for path in tmp_path.rglob("*.py") if path not in before}
    assert (changed, made) == (set(), {"articles", "sources"})
