"""The cases of a plugin as tests, and golden files.

pytest loads this in every project where baogao is installed: baogao itself is imported when a test asks for it.
"""

from __future__ import annotations

from collections.abc import Callable
from difflib import unified_diff
from pathlib import Path
from typing import Any

import pytest

__all__ = ["baogao_golden", "pytest_addoption", "pytest_configure", "pytest_generate_tests"]

MARK = "baogao"
CASE = "baogao_case"
OPTION = "--baogao-golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that writes golden files."""
    group = parser.getgroup("baogao", "baogao 插件的测试")
    group.addoption(OPTION, action="store_true", help="baogao_golden 写下现在的文字，不比较")


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known."""
    config.addinivalue_line("markers", f"{MARK}(plugin): 检验这个 baogao 插件的一切，用于带 {CASE} 的测试")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make a test with `baogao_case` one test for each case of the plugin its mark names."""
    if CASE not in metafunc.fixturenames:
        return
    from baogao import say
    from baogao.testing import cases_of

    mark = metafunc.definition.get_closest_marker(MARK)
    if mark is None or not mark.args:
        test = metafunc.definition.nodeid
        raise pytest.UsageError(say('{test}：要写 @pytest.mark.baogao("插件的名字")', test=test))
    named = [(name, case) for name in mark.args for case in cases_of(name)]
    ids = [case.name if len(mark.args) == 1 else f"{name}-{case.name}" for name, case in named]
    metafunc.parametrize(CASE, [case for _, case in named], ids=ids)


@pytest.fixture
def baogao_golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Return what compares a text with the file `golden/NAME` beside the test, or writes it with `--baogao-golden`."""
    folder = request.path.parent / "golden"
    writes = bool(request.config.getoption(OPTION))

    def compare(text: str, name: str) -> None:
        __tracebackhide__ = True
        _refuse_bytes(text)
        path = folder / name
        if writes:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        else:
            _compare(path, text)

    return compare


def _refuse_bytes(text: Any) -> None:
    """Raise TypeError for the bytes of a file: two ZIP archives of one document need not be equal."""
    from baogao import say

    if not isinstance(text, str):
        kind = type(text).__name__
        raise TypeError(say("baogao_golden 比较文字，不比较 {kind}；用 try_report(…).text(…)", kind=kind))


def _compare(path: Path, text: str) -> None:
    __tracebackhide__ = True
    from baogao import say

    if not path.exists():
        how = say("没有 {path}；核对过下面的文字，用 pytest {option} 写下它", path=str(path), option=OPTION)
        pytest.fail(f"{how}\n{text}", pytrace=False)
    wanted = path.read_text(encoding="utf-8")
    if wanted != text:
        lines = unified_diff(wanted.splitlines(), text.splitlines(), str(path), say("现在的文字"), lineterm="")
        how = say("改得对的，用 pytest {option} 写下新的", option=OPTION)
        pytest.fail("\n".join([*lines, how]), pytrace=False)
