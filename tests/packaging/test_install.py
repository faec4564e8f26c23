"""`baogao install` and `uninstall` change the environment that runs them, and say what came of it."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import shutil
import subprocess
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

SECTION = "from baogao import hookimpl, section\n@hookimpl\ndef section_providers():\n    return [section('visits')]\n"


@dataclass(frozen=True)
class Environment:
    """An environment with baogao, and the folder of wheels beside it."""

    folder: Path
    scripts: Path

    def run(self, *words: object) -> tuple[int, str]:
        """Call `baogao WORDS` there; return how it ended, and all it said."""
        command = [str(self.scripts / "baogao"), *map(str, words)]
        ran = subprocess.run(
            command, cwd=self.folder, capture_output=True, stdin=subprocess.DEVNULL, encoding="utf-8", check=False
        )
        return ran.returncode, ran.stdout + ran.stderr

    def plugins(self) -> dict[str, str]:
        """Return the state of each plugin that is not ours."""
        listed = json.loads(self.run("plugins", "--format", "json")[1])
        return {plugin["name"]: plugin["state"] for plugin in listed if plugin["origin"] != "bundled"}


def made_wheel(folder: Path, name: str, code: str = "", requires: str = "", version: str = "1.0") -> Path:
    """Write the wheel of a plugin that is one module; without code it is no plugin."""
    info, module = f"{name}-{version}.dist-info", f"{name}.py"
    needs = f"Requires-Dist: {requires}\n" if requires else ""
    files = {
        module: code,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name.replace('_', '-')}\nVersion: {version}\n{needs}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{info}/entry_points.txt": f"[baogao]\n{name} = {name}\n" if code else "",
    }
    if code == SECTION:
        files["schemas/visits.yaml"] = "section: visits\ntitle: 来访\ntext: {}\n"
    hashes = {path: hashlib.sha256(text.encode()).digest() for path, text in files.items()}
    lines = [f"{path},sha256={base64.urlsafe_b64encode(hashes[path]).decode().rstrip('=')}," for path in files]
    files[f"{info}/RECORD"] = "\n".join([*lines, f"{info}/RECORD,,", ""])
    path = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        for inside, text in files.items():
            wheel.writestr(inside, text)
    return path


def environment(folder: Path, *, pip: bool) -> Environment:
    """Make an environment with baogao out of the wheels, with pip or without."""
    root = folder / "env"
    venv.create(root, with_pip=pip)
    scripts = root / ("Scripts" if os.name == "nt" else "bin")
    tool = [scripts / "python", "-m", "pip", "install"]
    if not pip:
        tool = [shutil.which("uv"), "pip", "install", "--python", scripts / "python"]
    command = [*tool, "-q", "--no-index", "--find-links", folder / "安装包", "baogao"]
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    return Environment(folder, scripts)


@pytest.fixture
def there(offline: Path) -> Environment:
    return environment(offline, pip=True)


def test_a_wheel_is_installed_and_uninstalled_by_the_name_of_its_plugin(there: Environment) -> None:
    made_wheel(there.folder / "安装包", "dept_visits", SECTION)
    code, said = there.run("install", "dept-visits", "--wheels", "安装包")

    assert (code, said.splitlines()) == (
        0,
        [
            "正在安装 dept-visits……",
            "已安装 dept-visits 1.0",
            "  插件 dept_visits 可用，钩子：section_providers",
            "  章节：visits（在 report.yaml 的 sections 里写上才出现）",
        ],
    )
    code, said = there.run("uninstall", "dept_visits")
    assert (code, "不在终端里，不能问；确定要卸载 dept-visits，加 --yes" in said) == (2, True)
    assert there.run("uninstall", "dept_visits", "--yes") == (0, "已卸载 dept-visits 1.0（插件 dept_visits）\n")
    assert there.plugins() == {}


def test_a_wheel_made_anew_is_installed_though_its_version_is_the_same(there: Environment) -> None:
    wheels = there.folder / "安装包"
    made_wheel(wheels, "dept_visits", SECTION)
    there.run("install", "dept-visits", "--wheels", wheels)
    later = made_wheel(wheels, "dept_visits", "raise RuntimeError('坏了')\n")

    assert there.run("install", "dept-visits", "--wheels", wheels)[0] == 3
    assert there.plugins() == {"dept_visits": "quarantined"}
    made_wheel(wheels, "dept_visits", SECTION)
    assert there.run("install", later)[0] == 0
    assert there.plugins() == {"dept_visits": "active"}


def test_what_goes_wrong_is_said_and_changes_nothing_else(there: Environment) -> None:
    wheels = there.folder / "安装包"
    broken = made_wheel(there.folder, "dept_broken", "raise RuntimeError('坏了')\n")
    plain = made_wheel(there.folder, "dept_plain")
    later = made_wheel(there.folder, "dept_later", SECTION, "baogao>=99")
    made_wheel(wheels, "baogao", SECTION, version="99.0")

    code, said = there.run("install", broken)
    assert (code, "已安装 dept-broken 1.0" in said, "dept_broken.py:1: " in said, "坏了" in said) == (
        3,
        True,
        True,
        True,
    )
    assert there.plugins() == {"dept_broken": "quarantined"}
    code, said = there.run("install", plain)
    assert (code, "它不是 baogao 的插件" in said) == (3, True)
    code, said = there.run("install", later, "--wheels", wheels)
    assert (code, "向提供它的部门要合适的版本" in said) == (3, True)
    code, said = there.run("install", "dept-nowhere", "--wheels", wheels)
    assert (code, "dept-nowhere" in said, "缺的安装包也要放进 --wheels 的文件夹" in said) == (3, True, True)
    assert there.run("--version") == (0, "baogao, version 0.1.0\n")
    assert there.plugins() == {"dept_broken": "quarantined"}


@pytest.mark.skipif(not shutil.which("uv"), reason="there is no uv")
def test_without_pip_uv_installs_and_uninstalls(offline: Path) -> None:
    there = environment(offline, pip=False)
    wheel = made_wheel(there.folder, "dept_visits", SECTION)

    assert subprocess.run([there.scripts / "python", "-c", "import pip"], check=False, capture_output=True).returncode
    code, said = there.run("install", wheel)
    assert (code, there.plugins()) == (0, {"dept_visits": "active"}), said
    assert there.run("uninstall", "dept-visits", "--yes")[0] == 0
    assert there.plugins() == {}
