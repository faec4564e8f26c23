"""Lexicons: what can be used is used, and what cannot is named with its file and line; the rest still runs."""

from __future__ import annotations

from pathlib import Path

import pytest

import baogao
from baogao.definitions.lexicons import read_lexicon
from baogao.model.findings import Location, Severity
from baogao.model.lexicons import Word
from reports import MARK, Edit, Run, marked_place, sample

LISTED: Edit = ("outputs:", "lexicons: [词表/词.yaml]\noutputs:")
GOOD = """\
name: 本县错敏词
kind: confusion
words:
- {word: 布署, replacement: 部署, level: info, note: 错别字}
- {word: 农业部, kind: outdated, except: [农业部门]}
- 帐户
"""


def lexicon(folder: Path, text: str) -> Path:
    return sample(folder, {"report.yaml": LISTED, "词表/词.yaml": text})


def test_every_entry_is_read_with_what_the_file_says_for_all(tmp_path: Path):
    report = baogao.load(lexicon(tmp_path, GOOD))

    assert report.lexicon == (
        Word("布署", "confusion", "部署", Severity.INFO, "错别字", (), Location("词表/词.yaml", 4, 3)),
        Word("农业部", "outdated", exceptions=("农业部门",), location=Location("词表/词.yaml", 5, 3)),
        Word("帐户", "confusion", location=Location("词表/词.yaml", 6, 3)),
    )
    assert report.input_findings == ()


BAD = {
    "not a mapping": ("▸- 布署\n", "SRC-013", "words:"),
    "empty": ("▸", "SRC-013", "words:"),
    "no words": ("▸name: 词表\n", "SRC-013", "words:"),
    "words are no list": ("▸words: 布署\n", "SRC-013", "words:"),
    "words are a mapping": ("▸words: {布署: 部署}\n", "SRC-013", "words:"),
    "unknown key of the file": ("level: error\nkinds: ▸sensitive\nwords: [好词]\n", "SRC-013", "是否想写“kind”"),
    "bad level of the file": ("level: ▸fatal\nwords: [好词]\n", "SRC-013", "error、warning、info"),
    "bad kind of the file": ("kind: ▸错敏词\nwords: [好词]\n", "SRC-013", "sensitive、confusion、outdated、expression"),
    "unknown key of a word": (
        "words:\n- 好词\n- {word: 布署, replace: ▸部署}\n",
        "SRC-013",
        "是否想写“replacement”",
    ),
    "bad level": ("words:\n- 好词\n- {word: 布署, level: ▸严重}\n", "SRC-013", "error、warning、info"),
    "level that is a list": ("words:\n- 好词\n- {word: 布署, level: ▸[error]}\n", "SRC-013", "error、warning、info"),
    "bad kind": ("words:\n- 好词\n- {word: 布署, kind: ▸typo}\n", "SRC-013", "sensitive"),
    "no word": ("words:\n- 好词\n- ▸{replacement: 部署}\n", "SRC-013", "至少要有 2 个字"),
    "blank word": ("words:\n- 好词\n- {▸word: , replacement: 部署}\n", "SRC-013", "至少要有 2 个字"),
    "word of one character": ("words:\n- 好词\n- {word: ▸的}\n", "SRC-013", "至少要有 2 个字"),
    "word in blanks": ("words:\n- 好词\n- {word: ▸' 布署'}\n", "SRC-013", "不能有空格"),
    "number for a word": ("words:\n- 好词\n- {word: ▸2020}\n", "SRC-013", "数字请加引号"),
    "bare number": ("words:\n- 好词\n- ▸2020\n", "SRC-013", "这一项应是一个词"),
    "list for a word": ("words:\n- 好词\n- ▸[布署, 部署]\n", "SRC-013", "这一项应是一个词"),
    "same replacement": ("words:\n- 好词\n- {word: 布署, replacement: ▸布署}\n", "SRC-013", "一样"),
    "number for a replacement": ("words:\n- 好词\n- {word: 布署, replacement: ▸12}\n", "SRC-013", "应是文字"),
    "exceptions are no list": ("words:\n- 好词\n- {word: 布署, except: ▸布署图}\n", "SRC-013", "更长的词"),
    "exception without the word": ("words:\n- 好词\n- {word: 布署, except: ▸[部署图]}\n", "SRC-013", "更长的词"),
    "duplicate word": (
        "words:\n- 好词\n- ▸{word: 好词, replacement: 词}\n",
        "SRC-013",
        "写了两次，前一次在 词表/词.yaml:2:3",
    ),
    "duplicate key": ("words:\n- {word: 布署, word: 部署▸}\n", "SRC-005", "写了两次"),
    "broken YAML": ("words▸：\n- 布署: [\n", "SRC-004", "全角"),
    "alias": ("words:\n- &a 布署\n", "SRC-006", "锚点"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_lexicon_is_named_with_its_line(case: str, tmp_path: Path, run: Run):
    text, rule, words = BAD[case]
    report = lexicon(tmp_path, text)
    place = marked_place(report)
    ran = run("check", report, "--format", "json")
    found = [finding for finding in ran.findings if finding.rule == rule]

    assert len(found) == 1
    assert words in found[0].words
    assert found[0].place.startswith(place.rpartition(":")[0] if rule != "SRC-013" else place)
    assert ran.json["findings"] == [it for it in ran.json["findings"] if it["rule"] == rule]


@pytest.mark.parametrize("case", [case for case, (text, *_) in BAD.items() if "好词" in text])
def test_the_other_words_are_still_used(case: str, tmp_path: Path):
    report = lexicon(tmp_path, BAD[case][0].replace(MARK, ""))

    assert [word.text for word in baogao.load(report).lexicon] == ["好词"]


def test_a_missing_lexicon_is_named_where_it_is_asked_for(tmp_path: Path, run: Run):
    listed = ("outputs:", "lexicons:\n- 词表/有.yaml\n- ▸词表/没有.yaml\noutputs:")
    report = sample(tmp_path, {"report.yaml": listed, "词表/有.yaml": "words: [好词]\n"})
    place = marked_place(report)

    assert [(it.rule, it.place) for it in run("check", report, "--format", "json").findings] == [("SRC-001", place)]
    assert [word.text for word in baogao.load(report).lexicon] == ["好词"]


def test_a_word_of_two_lexicons_counts_once(tmp_path: Path, run: Run):
    listed = ("outputs:", "lexicons: [甲.yaml, 乙.yaml]\noutputs:")
    files = {"report.yaml": listed, "甲.yaml": "words: [好词]\n", "乙.yaml": "words: [好词, 另一词]\n"}
    report = sample(tmp_path, files)
    found = run("check", report, "--format", "json").findings

    assert [(it.rule, it.place) for it in found] == [("SRC-013", "乙.yaml:1:9")]
    assert [word.text for word in baogao.load(report).lexicon] == ["好词", "另一词"]


def test_reports_that_name_the_same_words_share_them_until_the_words_change(tmp_path: Path):
    one, other = (lexicon(tmp_path / name, "words: [甲词, 乙词]\n") for name in ("甲", "乙"))
    assert baogao.load(one).lexicon is baogao.load(other).lexicon

    (other / "词表" / "词.yaml").write_text("words: [甲词, 丙词]\n", "utf-8")
    assert [word.text for word in baogao.load(other).lexicon] == ["甲词", "丙词"]


@pytest.mark.parametrize("name", ["../词.yaml", "/词.yaml", "C:/词.yaml"])
def test_a_lexicon_outside_the_folder_is_refused(name: str, tmp_path: Path, run: Run):
    report = sample(tmp_path, {"report.yaml": ("outputs:", f"lexicons: [{name}]\noutputs:")})

    assert [it.rule for it in run("check", report).findings] == ["SRC-008"]


def test_five_thousand_words_are_read_within_a_second(tmp_path: Path):
    path = tmp_path / "词.yaml"
    words = "".join(f"- {{word: 词{number:04d}, replacement: 改, level: error}}\n" for number in range(5000))
    path.write_text("words:\n" + words, encoding="utf-8")

    assert len(read_lexicon(path, "词.yaml").words) == 5000
