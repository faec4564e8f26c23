"""The search path of schemas and templates: report folder, then the plugin that gives the section, then ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path

from baogao.model.jobs import ResourceKind

__all__ = ["SearchPath", "bundled_folder", "shown_path"]


MOST_KEPT = 4096
"""How many answers are kept; so memory is the same for ten reports and ten thousand."""


@cache
def bundled_folder() -> Path:
    """Return the folder of our own `schemas/` and `templates/`: in the package, or in the checkout."""
    package = Path(__file__).parents[1]
    packed = package / "_data"
    return packed if packed.is_dir() else package.parents[1]


@dataclass(frozen=True, slots=True)
class SearchPath:
    """Where schemas and templates are looked for; in each place `<form>/<edition>/`, `<form>/`, then the place itself.

    `givers` are the folders of the plugins that give the sections, by section id. In each place the folders of the
    editions it extends (`bases`) come after its own.
    """

    report: Path | None
    form: str = ""
    edition: str = ""
    givers: Mapping[str, Path] = field(default_factory=dict[str, Path])
    others: tuple[Path, ...] = ()
    bases: tuple[tuple[str, str], ...] = ()

    def places(self, section: str = "") -> tuple[Path, ...]:
        """Return the places in their order, each once."""
        giver = self.givers.get(section)
        named = (self.report, giver, *self.others, bundled_folder())
        return tuple(dict.fromkeys(place for place in named if place is not None))

    def brings(self, kind: ResourceKind) -> bool:
        """Tell whether the report folder or a plugin has a folder of this kind."""
        others = dict.fromkeys((self.report, *self.givers.values(), *self.others))
        return any((place / kind).is_dir() for place in others if place is not None and place != bundled_folder())

    def find(self, kind: ResourceKind, name: str, section: str = "") -> Path | None:
        """Return the first file of that name, or None."""
        return next(self.find_all(kind, name, section), None)

    def find_all(self, kind: ResourceKind, name: str, section: str = "") -> Iterator[Path]:
        """Yield every file of that name, the one that counts first."""
        for place in self.places(section):
            known = _bundled_files if place == bundled_folder() else _files
            yield from known(self._folders(place, kind), name)

    def _folders(self, place: Path, kind: ResourceKind) -> tuple[Path, ...]:
        return _folders(place, kind, ((self.form, self.edition), *self.bases))

    def editions(self, form: str) -> dict[str, Path]:
        """Return the form.yaml of every edition of a form that can be found.

        Our own folder counts only where `others` names a plugin that brings forms.
        """
        found: dict[str, Path] = {}
        for place in self.places() if self.others else filter(None, [self.report]):
            for path in sorted((place / "schemas" / form).glob("*/form.yaml")):
                found.setdefault(path.parent.name, path)
        return found

    def forms(self) -> tuple[str, ...]:
        """Return the ids of all forms that can be found."""
        places = self.places() if self.others else filter(None, [self.report])
        paths = (path for place in places for path in sorted((place / "schemas").glob("*/*/form.yaml")))
        return tuple(dict.fromkeys(path.parents[1].name for path in paths))

    def rule_files(self, place: Path) -> Iterator[Path]:
        """Yield every `*.rules.yaml` of one place that is for this form and edition."""
        for folder in self._folders(place, "schemas"):
            yield from sorted(folder.glob("*.rules.yaml"))


@lru_cache(maxsize=MOST_KEPT)
def _folders(place: Path, kind: ResourceKind, editions: tuple[tuple[str, str], ...]) -> tuple[Path, ...]:
    """Return the folders of one place in which these editions look, whether they are there or not; its own last."""
    root, found = place / kind, list[Path]()
    for form, edition in editions:
        found.extend([root / form / edition] if form and edition else [])
        found.extend([root / form] if form else [])
    return (*found, root)


def _files(folders: tuple[Path, ...], name: str) -> tuple[Path, ...]:
    if not folders[-1].is_dir():
        return ()
    return tuple(path for folder in folders if (path := folder / name).is_file())


@lru_cache(maxsize=MOST_KEPT)
def _bundled_files(folders: tuple[Path, ...], name: str) -> tuple[Path, ...]:
    """Return what lies in our own folders: it stays the same as long as the program runs."""
    return _files(folders, name)


def shown_path(path: Path) -> str:
    """Return a schema's path from its `schemas` folder on, the same on every machine."""
    parts = path.parts
    first = len(parts) - 1 - parts[::-1].index("schemas") if "schemas" in parts else -1
    return "/".join(parts[first:])
