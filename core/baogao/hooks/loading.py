"""Load plugins one by one, so that a broken one is named and harms no other."""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import pluggy

from baogao.hooks import specs
from baogao.hooks.markers import PROJECT
from baogao.language import Message, near, say
from baogao.model.findings import Finding, Location

__all__ = ["HOOK_NAMES", "LoadedPlugin", "Selection", "load_plugins", "raised", "where"]

BLOCK_VARIABLE = "BAOGAO_BLOCK"
HOOK_NAMES: tuple[str, ...] = tuple(specs.__all__)

State = Literal["active", "blocked", "quarantined"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which plugins to load: `block` names, or `allow` only these; `local` files of the report folder."""

    block: frozenset[str] = frozenset()
    allow: frozenset[str] = frozenset()
    local: tuple[Path, ...] = ()

    @staticmethod
    def of_environment() -> Selection:
        """Return what the environment variable BAOGAO_BLOCK says: names parted by commas."""
        names = os.environ.get(BLOCK_VARIABLE, "").split(",")
        return Selection(block=frozenset(name.strip() for name in names if name.strip()))

    def and_also(self, other: Selection) -> Selection:
        """Return both selections together."""
        return Selection(self.block | other.block, self.allow | other.allow, (*self.local, *other.local))

    def admits(self, name: str) -> bool:
        """Tell whether a plugin of that name may load."""
        return name not in self.block and (not self.allow or name in self.allow)


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin as it was found; `given` holds what its hooks returned."""

    name: str
    distribution: str = ""
    version: str = ""
    origin: Literal["bundled", "installed", "local"] = "installed"
    state: State = "active"
    error: str = ""
    file: str = ""
    line: int | None = None
    hooks: tuple[str, ...] = ()
    given: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    problems: tuple[Finding, ...] = ()

    @property
    def title(self) -> str:
        """Return the plugin's name with its distribution and version."""
        made_by = f" ({self.distribution} {self.version})" if self.distribution else ""
        return f"{self.name}{made_by}"

    @property
    def folder(self) -> Path | None:
        """Return where its schemas and templates lie."""
        return Path(self.file).parent if self.file else None


def load_plugins(selection: Selection) -> tuple[LoadedPlugin, ...]:
    """Return every plugin found, loaded as far as the selection admits: our own first, then by name."""
    found: list[_Installed | _Local] = list(_installed())
    for path in selection.local:
        taken = {candidate.name for candidate in found}
        found.append(_Local(path, path.stem if path.stem not in taken else f"{path.stem}@{path.parent.name}"))
    return tuple(_load(candidate, selection) for candidate in found)


@dataclass(frozen=True, slots=True)
class _Installed:
    """An entry point of the group `baogao`."""

    entry: EntryPoint
    name: str

    def describe(self) -> LoadedPlugin:
        distribution = self.entry.dist.name if self.entry.dist else ""
        version = self.entry.dist.version if self.entry.dist else ""
        origin = "bundled" if distribution == PROJECT else "installed"
        return LoadedPlugin(self.name, distribution, version, origin)

    def load(self) -> Any:
        return self.entry.load()


@dataclass(frozen=True, slots=True)
class _Local:
    """A single file of the report folder, loaded only because report.yaml names it."""

    path: Path
    name: str

    def describe(self) -> LoadedPlugin:
        return LoadedPlugin(self.name, origin="local", file=str(self.path))

    def load(self) -> ModuleType:
        """Run the file; nothing is written beside it, and files of one name in two folders stay two modules."""
        source = self.path.read_bytes()
        module = ModuleType(f"baogao_local_{hashlib.sha256(str(self.path).encode()).hexdigest()[:16]}")
        module.__file__ = str(self.path)
        # Dataclasses and pickles look their module up by name.
        sys.modules[module.__name__] = module
        exec(compile(source, str(self.path), "exec"), module.__dict__)  # noqa: S102  # the user's own plugin
        return module


def _installed() -> Iterator[_Installed]:
    """Yield the entry points; a name another distribution has taken becomes `name@distribution`."""
    taken: set[str] = set()
    for entry in sorted(set(entry_points(group=PROJECT)), key=_order):
        name = f"{entry.name}@{entry.dist.name}" if entry.name in taken and entry.dist else entry.name
        taken.add(name)
        yield _Installed(entry, name)


def _order(entry: EntryPoint) -> tuple[bool, str, str]:
    distribution = entry.dist.name if entry.dist else ""
    return (distribution != PROJECT, entry.name, distribution)


def _load(candidate: _Installed | _Local, selection: Selection) -> LoadedPlugin:
    plugin = candidate.describe()
    if not selection.admits(plugin.name):
        return replace(plugin, state="blocked")
    try:
        # What a plugin prints while it loads must not mix with what we print.
        with contextlib.redirect_stdout(sys.stderr):
            module = candidate.load()
    except KeyboardInterrupt:
        raise
    except BaseException as exc:  # SystemExit too: a plugin may not end the program
        return _quarantined(
            plugin, "PLG-001", say("插件 {plugin} 无法加载：{error}", plugin=plugin.title, error=raised(exc)), exc
        )
    plugin = replace(plugin, file=_file(module) or plugin.file)
    return _register(plugin, module)


def _register(plugin: LoadedPlugin, module: object) -> LoadedPlugin:
    """Ask the plugin's hooks what they give, each apart from the others."""
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    try:
        manager.register(module, plugin.name)
        manager.check_pending()
    except pluggy.PluginValidationError as exc:
        message = say("插件 {plugin} 的钩子有误：{error}", plugin=plugin.title, error=_misspelt(module) or str(exc))
        return _quarantined(plugin, "PLG-002", message, exc)
    given: dict[str, tuple[Any, ...]] = {}
    for name in HOOK_NAMES:
        for implementation in getattr(manager.hook, name).get_hookimpls():
            answer = _ask(plugin, name, implementation.function)
            if isinstance(answer, LoadedPlugin):
                return answer
            given[name] = answer
    return replace(plugin, hooks=tuple(given), given=given)


def _ask(plugin: LoadedPlugin, hook: str, function: Callable[[], Any]) -> tuple[Any, ...] | LoadedPlugin:
    try:
        with contextlib.redirect_stdout(sys.stderr):
            answer = function()
            values = tuple(answer.items()) if isinstance(answer, Mapping) else tuple(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as exc:
        message = say("插件 {plugin} 的 {hook}() 出错：{error}", plugin=plugin.title, hook=hook, error=raised(exc))
        return _quarantined(plugin, "PLG-002", message, exc)
    try:
        wrong = next((_as_code(value) for value in values if not _fits(hook, value)), "")
    except Exception as exc:
        wrong = raised(exc)
    if not wrong:
        return values
    message = say("插件 {plugin} 的 {hook}() 返回了不能用的东西：{value}", plugin=plugin.title, hook=hook, value=wrong)
    code = getattr(function, "__code__", None)
    line = code.co_firstlineno if code else None
    return _quarantined(replace(plugin, line=line), "PLG-002", message)


def _as_code(value: object) -> str:
    """Return a value as Python shows it, or its type where it cannot be shown."""
    try:
        return repr(value)
    except Exception:
        return type(value).__name__


def _fits(hook: str, value: object) -> bool:
    """Tell whether a hook may return such a value."""
    from baogao.model.cells import CellType
    from baogao.model.forms import Form
    from baogao.model.jobs import Profile, Renderer
    from baogao.model.rules import ArtifactRule, Rule
    from baogao.model.sections import SectionProvider

    wanted: dict[str, Callable[[Any], bool]] = {
        "report_forms": lambda item: isinstance(item, Form),
        "section_providers": lambda item: isinstance(item, SectionProvider) and not isinstance(item, type),
        "validation_rules": lambda item: isinstance(item, Rule | ArtifactRule),
        "field_types": lambda item: isinstance(item[0], str) and isinstance(item[1], CellType),
        "renderers": lambda item: (
            isinstance(item, Renderer) and not isinstance(item, type) and _says_what_it_makes(item)
        ),
        "output_profiles": lambda item: isinstance(item, Profile),
        "source_readers": lambda item: callable(getattr(item, "read", None)) and _are_names(item.suffixes),
    }
    return wanted[hook](value)


def _says_what_it_makes(renderer: Any) -> bool:
    """Tell whether a renderer's name, needs and profiles are what they should be."""
    named = _are_names(renderer.profiles) and (not renderer.needs or _are_names(renderer.needs))
    return named and isinstance(renderer.needs, tuple | list) and isinstance(renderer.name, str)


def _are_names(names: Any) -> bool:
    return isinstance(names, tuple | list) and bool(names) and all(isinstance(name, str) for name in names)


def _misspelt(module: object) -> Message | None:
    """Name the hook that was meant by a marked function no hook is called like."""
    marked = [name for name in dir(module) if hasattr(getattr(module, name, None), f"{PROJECT}_impl")]
    for name in marked:
        if name not in HOOK_NAMES:
            return say("没有名为 {name} 的钩子{near}", name=name, near=near(name, HOOK_NAMES))
    return None


def _quarantined(plugin: LoadedPlugin, rule: str, message: Message, exc: BaseException | None = None) -> LoadedPlugin:
    file, line = where(exc) if exc else (plugin.file, plugin.line)
    file, line = (file, line) if file else (plugin.file, plugin.line)
    location = Location(file, line) if file else None
    problem = Finding(message, rule=rule, location=location)
    return replace(plugin, state="quarantined", error=message, file=file, line=line, problems=(problem,))


def raised(exc: BaseException) -> str:
    """Return an exception as one line: its type and the first line of what it says."""
    if exc.args and isinstance(exc.args[0], Message):
        return say("{type}: {said}", type=type(exc).__name__, said=exc.args[0])
    try:
        said = str(exc).strip().partition("\n")[0]
    except Exception:  # an exception whose own text fails
        said = ""
    return f"{type(exc).__name__}: {said}" if said else type(exc).__name__


def where(exc: BaseException) -> tuple[str, int | None]:
    """Return the file and line nearest to the plugin's own code, so that its author can go there."""
    if isinstance(exc, SyntaxError) and exc.filename:
        return exc.filename, exc.lineno
    frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if not _machinery(frame.filename)]
    return (frames[-1].filename, frames[-1].lineno) if frames else ("", None)


def _machinery(filename: str) -> bool:
    """Tell whether a frame is the engine's, the import system's or pluggy's."""
    folders = (Path(__file__).parents[1], Path(pluggy.__file__).parent, Path(importlib.util.__file__).parent)
    return filename.startswith("<") or any(Path(filename).parent.is_relative_to(folder) for folder in folders)


def _file(module: object) -> str:
    file = getattr(module, "__file__", None)
    if file is None:
        file = getattr(sys.modules.get(type(module).__module__), "__file__", None)
    return str(file or "")
