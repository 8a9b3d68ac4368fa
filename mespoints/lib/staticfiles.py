"""Where static files are found: the style sheet made from our sources, and the applications but for django-dsfr.

No build step: a finder makes the sheet, so that runserver, the tests and collectstatic serve the same one.
"""

import hashlib
import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import AppDirectoriesFinder, BaseFinder
from django.core.files.storage import FileSystemStorage

from mespoints.lib import stylesheet

#: What names the classes that end up in a page.
SOURCES = (
    *("templates/**/*.html", "templates/**/*.svg"),
    *("*/presenters.py", "*/presenters/*.py", "*/forms.py", "*/forms/*.py", "*/views.py", "*/views/*.py"),
)


class StylesheetFinder(BaseFinder):
    """Finds css/site.css, making it when a template, a form, a presenter or one of our sheets has changed."""

    @cached_property
    def storage(self) -> FileSystemStorage:
        """Where the sheet made from the present sources is."""
        base = Path(settings.BASE_DIR)
        own_sheets = sorted(base.glob("static/css/*.css"))
        sources = " ".join(path.read_text() for pattern in SOURCES for path in sorted(base.glob(pattern)))
        marque_etat: bool = settings.MESPOINTS_MARQUE_ETAT
        texts = [path.read_text() for path in [Path(stylesheet.__file__), *own_sheets]]
        inputs = [str(marque_etat), version("django-dsfr"), sources, *texts]
        digest = hashlib.sha256("\0".join(inputs).encode()).hexdigest()[:16]
        target = base / "var" / "css" / digest
        if not target.exists():
            words = set(re.findall(r"[A-Za-z0-9_@-]+", sources)) | {"html", "body", "root"}
            target.parent.mkdir(parents=True, exist_ok=True)
            draft = Path(tempfile.mkdtemp(dir=target.parent))
            stylesheet.build(draft, words=words, own_sheets=own_sheets, marque_etat=marque_etat)
            draft.chmod(0o755)
            try:
                draft.rename(target)
            except OSError:  # another process has made it meanwhile
                shutil.rmtree(draft)
        storage = FileSystemStorage(location=target)
        storage.prefix = "css"  # type: ignore[attr-defined]  # where collectstatic puts it
        return storage

    def check(self, **kwargs: Any) -> list[Any]:
        """Nothing to check before the sheet is asked for."""
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        """Give the file's path, or a list of it, or an empty list."""
        if not path.startswith("css/") or not self.storage.exists(path.removeprefix("css/")):
            return []
        found = self.storage.path(path.removeprefix("css/"))
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, FileSystemStorage]]:
        """Give every file for collectstatic."""
        for path in sorted(Path(self.storage.location).rglob("*")):
            if path.is_file():
                yield str(path.relative_to(self.storage.location)), self.storage


class AppsWithoutDsfr(AppDirectoriesFinder):
    """The package's own 1,609 files are not served."""

    def __init__(self, app_names: Iterable[str] | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__([app.name for app in apps.get_app_configs() if app.name != "dsfr"], *args, **kwargs)
