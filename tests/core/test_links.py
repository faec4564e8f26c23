"""A link out of the report's folder is no part of the report."""

from pathlib import Path

import pytest

from reports import Run, sample


@pytest.mark.parametrize("name", ["others.md", "requests.yaml", "preface.md"])
def test_a_link_out_of_the_folder_is_not_followed(run: Run, tmp_path: Path, name: str):
    report = sample(tmp_path, {name: None})
    (tmp_path / "secret").write_text("别处的内容", "utf-8")
    (report / name).symlink_to(tmp_path / "secret")

    ran = run("check", report, "--format", "json")
    [told] = [found for found in ran.json["findings"] if found["rule"] == "SRC-002"]
    assert ran.code == 1
    assert told["message"] == f"{name} 是指向报告文件夹以外的链接，没有读"
    assert told["hint"] == "把文件本身放进报告文件夹"
    assert told["location"]["file"] == name
    assert "别处的内容" not in ran.out


def test_a_link_within_the_folder_and_one_to_the_folder_are_followed(run: Run, tmp_path: Path):
    report = sample(tmp_path)
    (report / "others.md").rename(report / "其他.txt")
    (report / "others.md").symlink_to("其他.txt")
    (tmp_path / "link").symlink_to(report)

    assert run("check", tmp_path / "link", "--format", "json").findings == []


def test_a_draft_is_offered_only_where_it_would_be_written(run: Run, tmp_path: Path):
    gap = sample(tmp_path / "a", {"others.md": "【待填】"})
    template = sample(tmp_path / "b", {"templates/overview.html": "{{ section.titel }}"})

    assert "加 --draft" in run("build", gap).err
    assert "加 --draft" not in run("build", template).err


def test_a_title_that_a_template_leaves_out_is_said_to_be_missing(run: Run, tmp_path: Path):
    report = sample(tmp_path, {"templates/overview.html": "<section>{{ section.body }}</section>"})

    said = [said.words.splitlines()[0] for said in run("build", report, "--format", "json").findings]
    assert [words for words in said if "应为" in words and "“标题”" in words and words.endswith("没有印出")]
