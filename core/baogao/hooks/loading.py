"""Load plugins one by one, so that a broken one is named and harms no other."""

from __future__ import annotations

import hashlib
import inspect
import os
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, Literal, cast

import pluggy

from baogao.files.text import LARGEST, read_bytes
from baogao.hooks import specs
from baogao.hooks.discovery import Entry, canonical, installed
from baogao.hooks.fitting import WANTED, fitted
from baogao.hooks.guarding import Guard, Watch, safely
from baogao.hooks.markers import PROJECT
from baogao.hooks.plain import one_line
from baogao.language import Message, near, say
from baogao.model.findings import Finding, Location, Severity

__all__ = [
    "HOOK_NAMES",
    "MOST_TOLD",
    "LoadedPlugin",
    "Selection",
    "as_code",
    "load_entry",
    "load_plugins",
    "raised",
    "where",
]

ALLOW_VARIABLE = "BAOGAO_ALLOW"
BLOCK_VARIABLE = "BAOGAO_BLOCK"
HOOK_NAMES: tuple[str, ...] = tuple(specs.__all__)
SLOW = 2.0
"""From how many seconds on a plugin is told that it keeps everybody waiting."""
MOST = 10_000
"""How many things a hook may give: one that never ends must not fill the memory."""
MOST_TOLD = 500
"""Characters of what an exception says, and of a value that is shown."""
ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

Origin = Literal["bundled", "installed", "local"]
State = Literal["active", "blocked", "quarantined"]


@dataclass(frozen=True, slots=True)
class Selection:
    """Which plugins to load: without those that `block` names, and of others than our own only those in `allow`.

    `allow` is None where all are allowed; with `bundled_only` none but our own load. `local` are files of the report
    folder; with `without_local` none of them is run, whatever the report says.
    """

    block: frozenset[str] = frozenset()
    allow: frozenset[str] | None = None
    local: tuple[Path, ...] = ()
    bundled_only: bool = False
    without_local: bool = False

    @staticmethod
    def of_environment() -> Selection:
        """Return what the environment variables BAOGAO_BLOCK and BAOGAO_ALLOW say: names parted by commas."""
        return Selection(_names(BLOCK_VARIABLE), _names(ALLOW_VARIABLE) or None)

    def and_also(self, other: Selection) -> Selection:
        """Return both selections together: what either refuses is refused."""
        allowed = [names for names in (self.allow, other.allow) if names is not None]
        return Selection(
            self.block | other.block,
            frozenset.intersection(*allowed) if allowed else None,
            (*self.local, *other.local),
            self.bundled_only or other.bundled_only,
            self.without_local or other.without_local,
        )

    def refusal(self, name: str, origin: Origin, distribution: str = "") -> Message | None:
        """Return what keeps a plugin from being loaded, or None; one is called by its name or its distribution's."""
        called = {name, canonical(distribution)} if distribution and origin != "bundled" else {name}
        if called & self._both(self.block):
            return say("--block、BAOGAO_BLOCK 或 report.yaml 的 block 写了它")
        if origin == "bundled":
            return None
        if origin == "local" and self.without_local:
            return say("一批里不运行报告自带的插件；信得过的，加 --trust-plugins")
        if self.bundled_only:
            return say("写了 --no-plugins")
        if self.allow is not None and not called & self._both(self.allow):
            return say("BAOGAO_ALLOW 或 report.yaml 的 allow 里没有它")
        return None

    def _both(self, names: frozenset[str]) -> frozenset[str]:
        """Return names as they were written, and as the names of distributions are compared."""
        return names | {canonical(name) for name in names}


def _names(variable: str) -> frozenset[str]:
    names = os.environ.get(variable, "").split(",")
    return frozenset(name.strip() for name in names if name.strip())


@dataclass(frozen=True, slots=True)
class LoadedPlugin:
    """A plugin as it was found; `given` holds what its hooks returned.

    `problems` say why it cannot be used, or, of one that can, what it should mend; `refused` why it is blocked.
    """

    name: str
    distribution: str = ""
    version: str = ""
    origin: Origin = "installed"
    state: State = "active"
    error: str = ""
    file: str = ""
    line: int | None = None
    hooks: tuple[str, ...] = ()
    given: Mapping[str, tuple[Any, ...]] = field(default_factory=dict[str, tuple[Any, ...]])
    problems: tuple[Finding, ...] = ()
    refused: str = ""

    @property
    def title(self) -> str:
        """Return the plugin's name with its distribution and version."""
        made_by = f"{self.distribution} {self.version}".strip()
        return f"{self.name} ({made_by})" if made_by else self.name

    @property
    def folder(self) -> Path | None:
        """Return where its schemas and templates lie."""
        return Path(self.file).parent if self.file else None

    def broken(self, rule: str, message: Message) -> LoadedPlugin:
        """Return the plugin put aside, with the finding that says why."""
        location = Location(self.file, self.line) if self.file else None
        problem = Finding(message, rule=rule, location=location)
        return replace(self, state="quarantined", error=message, problems=(problem,))


def load_plugins(selection: Selection) -> tuple[LoadedPlugin, ...]:
    """Return every plugin found, loaded as far as the selection admits: our own first, then by name."""
    found: list[_Installed | _Local] = [_Installed(entry, entry.name) for entry in installed()]
    for path in selection.local:
        taken = {candidate.name for candidate in found}
        found.append(_Local(path, path.stem if path.stem not in taken else f"{path.stem}@{path.parent.name}"))
    return tuple(_isolated(candidate, selection) for candidate in found)


@dataclass(frozen=True, slots=True)
class _Installed:
    """An entry point of the group `baogao`."""

    entry: Entry
    name: str

    def describe(self) -> LoadedPlugin:
        return described(self.entry)

    def load(self) -> Any:
        return self.entry.load()


def described(entry: Entry) -> LoadedPlugin:
    """Return what is known of an entry point before it is loaded; one with a fault is not to be."""
    origin: Origin = "bundled" if entry.bundled else "installed"
    place = entry.place or Location("")
    plugin = LoadedPlugin(entry.name, entry.distribution, entry.version, origin, file=place.file, line=place.line)
    if entry.fault is None:
        return plugin
    message = say("插件 {plugin} 没有加载：{error}", plugin=plugin.title, error=entry.fault.message)
    place = entry.fault.location or place
    return replace(plugin, file=place.file, line=place.line).broken(entry.fault.rule, message)


@dataclass(frozen=True, slots=True)
class _Local:
    """A single file of the report folder, loaded only because report.yaml names it."""

    path: Path
    name: str

    def describe(self) -> LoadedPlugin:
        return LoadedPlugin(self.name, origin="local", file=str(self.path))

    def load(self) -> ModuleType:
        """Run the file; nothing is written beside it, and files of one name in two folders stay two modules."""
        source = read_bytes(self.path, LARGEST + 1)
        if len(source) > LARGEST:
            raise ValueError(say("{file} 太大，超过 {limit} 字节", file=self.path.name, limit=LARGEST))
        module = ModuleType(f"baogao_local_{hashlib.sha256(str(self.path).encode()).hexdigest()[:16]}")
        module.__file__ = str(self.path)
        # Dataclasses and pickles look their module up by name.
        sys.modules[module.__name__] = module
        exec(compile(source, str(self.path), "exec"), module.__dict__)  # noqa: S102  # the user's own plugin
        return module


def _isolated(candidate: _Installed | _Local, selection: Selection) -> LoadedPlugin:
    """Return a plugin loaded, whatever its objects do when they are looked at."""
    plugin = candidate.describe()
    with Watch(plugin.title) as guard:
        plugin = _load(candidate, plugin, selection)
    if guard.error is None:
        return plugin
    message = say("插件 {plugin} 无法加载：{error}", plugin=plugin.title, error=raised(guard.error))
    return _quarantined(plugin, "PLG-001", message, guard.error)


def _load(candidate: _Installed | _Local, plugin: LoadedPlugin, selection: Selection) -> LoadedPlugin:
    if refusal := selection.refusal(plugin.name, plugin.origin, plugin.distribution):
        return replace(plugin, state="blocked", error="", problems=(), refused=refusal)
    if plugin.state == "quarantined":
        return plugin
    plugin, module, guard = _imported(plugin, candidate.load)
    return plugin if module is None else _register(plugin, module, guard)


def load_entry(entry: Entry) -> tuple[LoadedPlugin, Any]:
    """Return an entry point that has no hooks, such as a command, and what it names: None where it is broken."""
    plugin = described(entry)
    if plugin.state == "quarantined":
        return plugin, None
    plugin, loaded, guard = _imported(plugin, entry.load)
    plugin = _at(plugin, loaded)
    return replace(plugin, problems=(*plugin.problems, *_manners(plugin, guard, say("加载")))), loaded


def _imported(plugin: LoadedPlugin, load: Callable[[], Any]) -> tuple[LoadedPlugin, Any, Guard]:
    """Return the plugin with its module, or None where it cannot be imported, not even by ending the program."""
    module: Any = None
    with Guard(plugin.title) as guard:
        module = load()
    if guard.error is not None:
        message = say("插件 {plugin} 无法加载：{error}", plugin=plugin.title, error=raised(guard.error))
        return _quarantined(plugin, "PLG-001", message, guard.error), None, guard
    return replace(plugin, file=_file(module) or plugin.file, line=None), module, guard


def _register(plugin: LoadedPlugin, module: object, loading: Guard) -> LoadedPlugin:
    """Ask the plugin's hooks what they give, each apart from the others."""
    problems = list(_manners(plugin, loading, say("加载")))
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(specs)
    with Guard(plugin.title) as guard:
        manager.register(module, plugin.name)
        manager.check_pending()
    if guard.error is not None:
        return _unregistered(plugin, module, guard.error)
    given: dict[str, tuple[Any, ...]] = {}
    for name in HOOK_NAMES:
        for implementation in getattr(manager.hook, name).get_hookimpls():
            answer, hooked = _ask(plugin, name, implementation.function)
            if isinstance(answer, LoadedPlugin):
                return replace(answer, problems=(*answer.problems, *problems))
            given[name] = answer
            problems.extend(_manners(plugin, hooked, f"{name}()"))
    problems.extend(_unmarked(plugin, module, given))
    return replace(plugin, hooks=tuple(given), given=given, problems=tuple(problems))


def _unregistered(plugin: LoadedPlugin, module: object, error: BaseException) -> LoadedPlugin:
    """Return the plugin whose hooks are not as they should be: misspelt, asking for what nobody gives, or worse."""
    said = raised(error)
    function: object = None
    if isinstance(error, pluggy.PluginValidationError):
        unknown = next((name for name in _marked(module) if name not in HOOK_NAMES), "")
        named = next((name for name in HOOK_NAMES if f"'{name}'" in str(error)), "")
        function = safely(lambda: getattr(module, unknown or named, None), None)
        said = say("{name}() 带了参数；钩子不带参数", name=named)
        if unknown:
            said = say("没有名为 {name} 的钩子{near}", name=unknown, near=near(unknown, HOOK_NAMES))
    message = say("插件 {plugin} 的钩子有误：{error}", plugin=plugin.title, error=said)
    return _quarantined(_at(plugin, function), "PLG-002", message, None if function else error)


def _ask(plugin: LoadedPlugin, hook: str, function: Callable[[], Any]) -> tuple[tuple[Any, ...] | LoadedPlugin, Guard]:
    """Return what a hook gives, or the plugin put aside because of it."""
    values: tuple[Any, ...] = ()
    with Guard(plugin.title) as guard:
        answer = function()
        things = answer.items() if isinstance(answer, Mapping) else (None,) if answer is None else answer
        values = tuple(islice(things, MOST + 1))
    if guard.error is not None:
        error = raised(guard.error)
        message = say("插件 {plugin} 的 {hook}() 出错：{error}", plugin=plugin.title, hook=hook, error=error)
        return _quarantined(_at(plugin, function), "PLG-002", message, guard.error), guard
    values, wrong = _fitting(plugin, hook, values)
    if not wrong:
        return values, guard
    message = say(
        "插件 {plugin} 的 {hook}() 返回了不能用的东西：{value}；应是{wanted}",
        plugin=plugin.title,
        hook=hook,
        value=wrong,
        wanted=say(WANTED[hook]),
    )
    return _quarantined(_at(plugin, function), "PLG-002", message), guard


def _fitting(plugin: LoadedPlugin, hook: str, values: tuple[Any, ...]) -> tuple[tuple[Any, ...], str]:
    """Return the values as the engine keeps them, and the first that a hook may not give, "" where all are right."""
    if len(values) > MOST:
        return (), say("{count} 样以上，没有尽头", count=MOST)
    kept: list[Any] = []
    wrong = ""
    with Guard(plugin.title) as guard:
        kept = [fitted(hook, value) for value in values]
        wrong = next((as_code(value) for value, one in zip(values, kept, strict=True) if one is None), "")
    return tuple(kept), raised(guard.error) if guard.error else wrong


def _manners(plugin: LoadedPlugin, guard: Guard, what: str) -> Iterator[Finding]:
    """Yield what a plugin should not have done while it was called, though it did no harm."""
    place = Location(plugin.file, plugin.line) if plugin.file else None
    names = {"plugin": plugin.title, "what": what}
    if guard.seconds >= SLOW and plugin.origin != "bundled":
        message = say("插件 {plugin} 的{what}用了 {seconds} 秒", **names, seconds=f"{guard.seconds:.1f}")
        hint = say("钩子只交出东西：读文件、连网络、计算，放到 provide()、check() 里去做")
        yield Finding(message, rule="PLG-011", severity=Severity.WARNING, hint=hint, location=place)
    if guard.printed:
        printed = one_line(guard.printed, 40)
        message = say("插件 {plugin} 在{what}时往标准输出打印“{text}”", **names, text=printed)
        yield Finding(message, rule="PLG-012", severity=Severity.WARNING, location=place)


def _unmarked(plugin: LoadedPlugin, module: object, given: Mapping[str, object]) -> Iterator[Finding]:
    """Yield what was meant for a hook and is none: a function of its name without the mark, or nothing at all."""
    functions = [
        name
        for name in HOOK_NAMES
        if name not in given and inspect.isfunction(inspect.getattr_static(module, name, None))
    ]
    for name in functions:
        message = say("插件 {plugin} 的 {name}() 上面没有 @hookimpl，没有调用它", plugin=plugin.title, name=name)
        there = _at(plugin, inspect.getattr_static(module, name))
        place = Location(there.file, there.line)
        hint = say("在 def {name}() 的上一行写 @hookimpl；不是钩子的，换一个名字", name=name)
        yield Finding(message, rule="PLG-013", severity=Severity.WARNING, hint=hint, location=place)
    if not given and not functions:
        message = say("插件 {plugin} 什么也没有交出：没有一个函数写着 @hookimpl", plugin=plugin.title)
        yield Finding(message, rule="PLG-013", severity=Severity.WARNING, location=Location(plugin.file))


def as_code(value: object) -> str:
    """Return a value as Python shows it, without where it is in memory, or its type where it cannot be shown."""
    return safely(lambda: one_line(ADDRESS.sub("", repr(value)), MOST_TOLD), _type_name(value))


def _type_name(value: object) -> str:
    return safely(lambda: one_line(type(value).__name__, MOST_TOLD), "?")


def _marked(module: object) -> Iterator[str]:
    """Yield the names of the functions that bear our mark."""
    for name in safely(lambda: [one for one in dir(module) if type(one) is str], []):
        marked = False
        with Watch(name):  # what a plugin calls its attributes may raise when it is looked at
            marked = hasattr(getattr(module, name, None), f"{PROJECT}_impl")
        if marked:
            yield name


def _at(plugin: LoadedPlugin, function: object) -> LoadedPlugin:
    """Return the plugin with the place where one of its functions begins."""
    code = safely(lambda: getattr(inspect.unwrap(cast("Any", function)), "__code__", None), None)
    return replace(plugin, file=code.co_filename, line=code.co_firstlineno) if isinstance(code, CodeType) else plugin


def _quarantined(plugin: LoadedPlugin, rule: str, message: Message, exc: BaseException | None = None) -> LoadedPlugin:
    file, line = where(exc) if exc else ("", None)
    return (replace(plugin, file=file, line=line) if file else plugin).broken(rule, message)


def raised(exc: BaseException) -> str:
    """Return an exception as one line: its type and the first line of what it says; raise nothing."""
    name = _type_name(exc)
    said = safely(lambda: _first_line(exc), "")
    return say("{type}: {said}", type=name, said=said) if said else name


def _first_line(exc: BaseException) -> str:
    first = exc.args[0] if exc.args else None
    if type(first) is Message:
        return one_line(first, MOST_TOLD)
    return one_line(str(exc).strip().partition("\n")[0], MOST_TOLD)


def where(exc: BaseException) -> tuple[str, int | None]:
    """Return the file and line nearest to the plugin's own code, so that its author can go there; raise nothing."""
    return safely(lambda: _where(exc), ("", None))


def _where(exc: BaseException) -> tuple[str, int | None]:
    if isinstance(exc, SyntaxError) and exc.filename and isinstance(cast("Any", exc.filename), str):
        return one_line(exc.filename), exc.lineno if isinstance(cast("Any", exc.lineno), int) else None
    frames = [frame for frame in traceback.extract_tb(exc.__traceback__) if not _machinery(frame.filename)]
    return (one_line(frames[-1].filename), frames[-1].lineno) if frames else ("", None)


def _machinery(filename: str) -> bool:
    """Tell whether a frame is the engine's, pluggy's or of Python's own library: not the plugin author's to mend."""
    path = Path(filename)
    if filename.startswith("<") or path.is_relative_to(Path(__file__).parents[1]):
        return True
    folder = path.parent
    if folder.is_relative_to(Path(pluggy.__file__).parent):
        return True
    library = folder.is_relative_to(Path(os.__file__).parent)
    return library and not {"site-packages", "dist-packages"}.intersection(folder.parts)


def _file(module: object) -> str:
    """Return the file of a module, or of the module that an object, a class or a function is from."""
    homes = (safely(lambda: getattr(module, "__module__", None), None), type(module).__module__)
    known = (module, *(sys.modules.get(home) for home in homes if isinstance(home, str)))
    files = (safely(lambda one=one: getattr(one, "__file__", None), None) for one in known)
    return next((one_line(file) for file in files if isinstance(file, str) and file), "")
