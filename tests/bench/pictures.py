"""How long a picture of 12 megapixels takes from an editor's disk to the page: `make picture-time`. Exits with 1 if its
first size is not to be seen within the promised seconds.

The desk's own admin and the real worker, looking as often as it does by default, on a database and in a folder made
for this.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
PROMISED = 10  # seconds
LONGEST = 300


def prepare(folder: str) -> None:
    os.environ |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "NEWSROOM_CHECK_LINKS": "0"}
    os.environ |= {"DATABASE_URL": f"sqlite:///{folder}/desk.sqlite3", "MEDIA_ROOT": f"{folder}/media"}
    os.environ |= {"ALLOWED_HOSTS": "testserver", "STORAGE_URL": ""}
    import django

    django.setup()
    call_command("migrate", verbosity=0)


def picture() -> bytes:
    """Of as many details as a photograph: 4 to 5 MB."""
    from PIL import Image

    from tests.articles.pictures import encoded

    noise = Image.effect_noise((4000, 3000), 40).convert("RGB")
    return encoded(Image.blend(noise, Image.linear_gradient("L").resize(noise.size).convert("RGB"), 0.7), quality=90)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder)
        with subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=ROOT, stdout=subprocess.PIPE) as worker:
            try:
                assert worker.stdout is not None
                worker.stdout.readline()  # it looks from now on
                return timed()
            finally:
                worker.terminate()


def timed() -> int:
    from django.test import Client

    from articles.models import PhotoFile, Rendition
    from tests import factories
    from tests.articles.admin.conftest import form_at
    from tests.articles.pictures import upload

    browser = Client()
    browser.force_login(factories.desk().an)
    add = "/admin/articles/photo/add/"
    form = form_at(browser, add, {"credit": "Lan Vu"}) | {"upload": [upload(data := picture())]}
    began = time.monotonic()

    def say(what: str) -> float:
        taken = time.monotonic() - began
        print(f"{what:40} {taken:6.1f} s", flush=True)  # noqa: T201
        return taken

    answer = browser.post(add, form)
    assert answer.status_code == 302, answer.content.decode()
    say(f"saved: 12 megapixels, {len(data) / 1e6:.1f} MB")
    address = f"/pictures/{PhotoFile.objects.get().pk}/50-50-480.jpeg"
    while browser.get(address).headers["Content-Type"] != "image/jpeg":
        assert time.monotonic() < began + LONGEST
        time.sleep(0.1)
    first = say(f"the first size to be seen (promised: {PROMISED} s)")
    while Rendition.objects.exclude(state="done").exists() and time.monotonic() < began + LONGEST:
        time.sleep(0.1)
    say(f"all {Rendition.objects.count()} sizes")
    return int(first > PROMISED)


if __name__ == "__main__":
    sys.exit(main())
