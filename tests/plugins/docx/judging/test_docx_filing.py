"""A paper that is filed has a number of its year, and says to whom it goes."""

from pathlib import Path

import pytest

from reports import Run, sample

WHOLE = "number: 洛统〔2021〕2号, to: 洛龙区人民政府"


@pytest.mark.parametrize(
    ("output", "told"),
    [
        (f"{{renderer: docx, profile: filing, {WHOLE}}}", []),
        ("docx", []),
        (
            "{renderer: docx, profile: filing}",
            [("FMT-007", "report.yaml:21:11", "报送件没有写发文字号（number）、主送机关（to）")],
        ),
        (
            "{renderer: docx, profile: filing, number: 洛统〔2021〕2号, to: '：'}",
            [("FMT-007", "report.yaml:21:11", "报送件没有写主送机关（to）")],
        ),
        (
            "{renderer: docx, profile: filing, number: 洛统〔2019〕2号, to: 洛龙区人民政府}",
            [("FMT-008", "report.yaml:21:53", "“洛统〔2019〕2号”是 2019 年的号，成文日期在 2021 年")],
        ),
    ],
)
def test_number_and_addressee(run: Run, tmp_path: Path, output: str, told: list[tuple[str, str, str]]):
    report = sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", f"outputs: [{output}, html]")})

    checked = run("check", report, "--format", "json")
    assert checked.code == 0
    found = checked.json["findings"]
    assert [finding["message"] for finding in found] == [message for _, _, message in told]
    assert [(said.rule, said.place) for said in checked.findings] == [(rule, place) for rule, place, _ in told]
    assert all(finding["severity"] == "warning" for finding in found)
