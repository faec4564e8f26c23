"""Put plugins into the environment that runs this program, and take them out: by pip, or by uv without pip."""

from __future__ import annotations

import importlib.util
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from baogao import __version__
from baogao.hooks.markers import PROJECT
from baogao.language import Message, say

__all__ = [
    "InstallError",
    "Target",
    "distribution_of",
    "install",
    "installed_plugins",
    "needed_by",
    "plugins_of",
    "read_target",
    "uninstall",
]

GROUPS = (PROJECT, f"{PROJECT}.commands")
WHEEL = re.compile(r"([A-Za-z0-9][\w.]*?)-[0-9][^-]*(-[^-]+)*\.whl")
REQUIREMENT = re.compile(r"([A-Za-z0-9][\w.-]*)\s*((\[|[<>=!~]|@).*)?")


class InstallError(Exception):
    """The installer failed, or there is none; `said` is what it said itself, `hint` what to do."""

    def __init__(self, message: Message, hint: Message, said: str = "") -> None:
        """Take what is told to the user."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.said = said


@dataclass(frozen=True, slots=True)
class Target:
    """What is to be installed: as it is written, what the installer is told, and what the distribution is called.

    The name is "" for a folder that does not say it.
    """

    written: str
    argument: str
    name: str
    is_folder: bool = False
    is_wheel: bool = False


def read_target(written: str) -> Target:
    """Return what a word of the command line means; raise ValueError for what is no plugin's place or name."""
    path = Path(written)
    if path.is_dir():
        return Target(written, str(path.absolute()), _name_in(path), is_folder=True)
    if path.is_file():
        found = WHEEL.fullmatch(path.name)
        if found is None:
            raise ValueError(say("{path} 不是安装包；要 .whl 文件，或插件的文件夹", path=written))
        return Target(written, str(path.absolute()), _normal(found[1]), is_wheel=True)
    found = REQUIREMENT.fullmatch(written)
    if found is None or written.endswith(".whl"):
        raise ValueError(say("没有 {path}；写插件的名称、文件夹，或 .whl 文件", path=written))
    return Target(written, written, _normal(found[1]))


def _name_in(folder: Path) -> str:
    """Return what the distribution in a folder is called; raise ValueError where there is none."""
    path = folder / "pyproject.toml"
    if not path.is_file():
        raise ValueError(say("{folder} 里没有 pyproject.toml，不是插件的文件夹", folder=str(folder)))
    try:
        project: Any = tomllib.loads(path.read_text(encoding="utf-8")).get("project", {})
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise ValueError(say("{path} 读不出来：{error}", path=str(path), error=str(exc))) from exc
    return _normal(str(project.get("name", "")))


def _normal(name: str) -> str:
    """Return a distribution's name as packaging compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def install(targets: Sequence[Target], *, wheels: Path | None = None, editable: bool = False) -> None:
    """Install plugins, beside this very version of baogao; raise InstallError with what the installer said.

    `wheels` is a folder of wheels to install from, without a network.
    """
    offline = ("--no-index", "--find-links", str(wheels.absolute())) if wheels else ()
    wanted = [word for target in targets for word in (("--editable",) if editable else ()) + (target.argument,)]
    before = {target.name: _version(target.name) for target in targets}
    _call("install", *offline, *wanted, f"{PROJECT}=={__version__}")
    same = [target for target in targets if before[target.name] and before[target.name] == _version(target.name)]
    # An installer leaves a version that is there already alone, though the wheel may have been made anew.
    if again := [target.argument for target in same if target.is_wheel or (wheels and not target.is_folder)]:
        _call("install", *offline, "--force-reinstall", "--no-deps", *again)


def _version(name: str) -> str:
    """Return the version of a distribution that is installed, or ""."""
    found = distribution_of(name) if name else None
    return found.version if found else ""


def uninstall(name: str) -> None:
    """Take a distribution out of the environment; raise InstallError with what the installer said."""
    _call("uninstall", *(() if _lacks_pip() else ("--yes",)), name)


def _lacks_pip() -> bool:
    return importlib.util.find_spec("pip") is None


def _installer(action: str) -> list[str]:
    """Return the command that changes the running environment; raise InstallError where there is none."""
    if not _lacks_pip():
        return [sys.executable, "-m", "pip", action, "--disable-pip-version-check"]
    if uv := shutil.which("uv"):
        return [uv, "pip", action, "--python", sys.executable]
    raise InstallError(
        say("这个环境（{folder}）里没有 pip，也找不到 uv", folder=sys.prefix),
        say("先装 pip：{python} -m ensurepip；或装 uv", python=sys.executable),
    )


def _call(action: str, *arguments: str) -> None:
    command = [*_installer(action), *arguments]
    ran = subprocess.run(  # noqa: S603  # a program of this environment, and words that no shell reads
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    if ran.returncode:
        said = "\n".join(part.strip() for part in (ran.stdout, ran.stderr) if part.strip())
        tool = "uv" if _lacks_pip() else "pip"
        raise InstallError(say("没有成功：{tool} 的退出码是 {code}", tool=tool, code=ran.returncode), _hint(said), said)


def _hint(said: str) -> Message:
    """Return what to do about what the installer said."""
    if "externally-managed-environment" in said:
        return say("系统自己管着这个 Python；先建一个自己的环境：python3 -m venv .venv")
    if "conflict" in said.lower() and PROJECT in said:
        return say("插件要的不是现在的 baogao {version}；向提供它的部门要合适的版本", version=__version__)
    return say("看上面说缺什么；没有网络时，缺的安装包也要放进 --wheels 的文件夹")


def distribution_of(name: str) -> Distribution | None:
    """Return the distribution of a name, or the one that brings a plugin of that name."""
    every = list(distributions())
    named = next((found for found in every if _normal(found.name) == _normal(name)), None)
    return named or next((found for found in every if name in plugins_of(found)), None)


def needed_by(name: str) -> tuple[str, ...]:
    """Return the distributions that would not work without this one."""
    words = ((found.name, REQUIREMENT.match(one)) for found in distributions() for one in found.requires or ())
    return tuple(sorted({of for of, word in words if word and _normal(word[1]) == _normal(name)}))


def plugins_of(distribution: Distribution) -> tuple[str, ...]:
    """Return the names of the plugins and commands that a distribution brings."""
    return tuple(entry.name for entry in distribution.entry_points if entry.group in GROUPS)


def installed_plugins(names: frozenset[str]) -> Iterator[dict[str, Any]]:
    """Yield what `baogao plugins` says, in a fresh process, of the plugins of these distributions."""
    command = [sys.executable, "-m", PROJECT, "plugins", "--format", "json"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)  # noqa: S603  # ourselves
    for plugin in json.loads(ran.stdout):
        if _normal(plugin["distribution"]) in names:
            yield plugin
