"""One stylesheet from many: the readers' pages ask for a single file, the house keeps one file per component."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

NAME = "css/site/bundle.css"  # beside its parts, so that their relative addresses hold in it
FIRST = ("layers", "tokens", "base", "page")  # in this order; then the components by name


class BundleFinder(BaseFinder):
    """Finds `css/site/bundle.css`, written from the parts beside it whenever a part of it is newer."""

    folder = Path(settings.BASE_DIR) / "static" / "css" / "site"
    storage = FileSystemStorage(location=Path(settings.BASE_DIR) / "var" / "static")

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path != NAME:
            return []
        whole = str(self.bundle())
        return [whole] if find_all else whole

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        self.bundle()
        yield NAME, self.storage

    def bundle(self) -> Path:
        names = {part.stem: part for part in self.folder.glob("*.css")}
        parts = [names.pop(name) for name in FIRST] + [names[name] for name in sorted(names)]
        whole = Path(self.storage.path(NAME))
        css = "\n".join(part.read_text("utf-8") for part in parts)
        if not whole.exists() or whole.read_text("utf-8") != css:
            whole.parent.mkdir(parents=True, exist_ok=True)
            whole.write_text(css, "utf-8")
        return whole
