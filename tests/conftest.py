"""What all tests share: hypothesis repeats itself, and the program is called in process."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings

from reports import Ran, Run

settings.register_profile(
    "baogao",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("baogao")


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("BAOGAO_ALLOW", "BAOGAO_BLOCK", "BAOGAO_LANG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the program as `baogao ARGUMENTS` would; a traceback fails the test."""

    def call(*arguments: object) -> Ran:
        from baogao.cli.main import main

        capsys.readouterr()
        with pytest.raises(SystemExit) as left:
            main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        assert isinstance(left.value.code, int)
        return Ran(left.value.code, said.out, said.err)

    return call
