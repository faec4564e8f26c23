"""The form `website`: its official grid, what its answers may be, and what is printed and read back."""

from __future__ import annotations

import io
import json
from pathlib import Path

import docx
import jsonschema
import lxml.html
import pytest

import baogao
from baogao.files.yaml import parse_yaml
from baogao.hooks.loading import Selection
from baogao.hooks.registry import open_registry
from baogao.proving import prove_rules
from reports import EXAMPLE, Edit, Run, sample

NAME = "website-2024"
BOXES = "■搜索即服务 □多语言版本 ■无障碍浏览 □千人千网"


def found(folder: Path, old: str, new: str, file: str = "site.yaml") -> list[tuple[str, str]]:
    """Return rule and path of what is found where one line of the example is changed."""
    edit: Edit = (f"\n{old}\n", f"\n{new}\n")
    outcome = baogao.check(baogao.load(sample(folder, {file: edit}, of=NAME)))
    return [(finding.rule, finding.path) for finding in outcome.findings]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> baogao.Report:
    outcome = baogao.build(sample(tmp_path_factory.mktemp("website"), of=NAME))
    assert outcome.findings == ()
    return outcome


def rows_of(table: docx.table.Table) -> list[list[str]]:
    """Return the texts of a table, those of merged cells once."""
    return [list(dict.fromkeys(cell.text.replace("\n", "") for cell in row.cells)) for row in table.rows]


def test_the_document_prints_groups_pairs_and_boxes(built):
    word, _ = built.artifacts
    site, signing = docx.Document(io.BytesIO(word.content)).tables

    assert (len(site.rows), len(site.columns)) == (53, 6)
    rows = rows_of(site)
    assert rows[0] == ["网站名称", "示例县人民政府网站"]
    assert rows[3] == ["网站类型", "■政府门户网站 □部门网站 □专项网站"]
    assert rows[4] == [
        *("政府网站标识码", "0000000000", "ICP备案号", "某ICP备00000000号"),
        *("公安机关备案号", "某公网安备 00000000000000号"),
    ]
    assert rows[13] == ["解读回应", "解读信息发布", "总数（单位：条）", "73"]
    assert rows[17] == ["解读回应", "回应公众关注热点或重大舆情数量（单位：次）", "12"]
    assert rows[-2] == ["创新发展", "应用情况", BOXES]
    assert rows_of(signing) == [
        ["单位负责人", "张某某", "审核人", "李某某", "填报人", "王某某"],
        ["联系电话", "0000-0000000", "填报日期", "2025-01-16"],
    ]


def test_the_page_says_which_labels_each_answer_has(built):
    _, page = built.artifacts
    root = lxml.html.fromstring(page.content.decode())
    heads = {cell.get("id"): cell.text for cell in root.iter("th")}

    def labels(path: str) -> list[str]:
        return [heads[name] for name in root.get_element_by_id(path).get("headers").split()]

    assert labels("site.icp.value") == ["ICP备案号"]
    assert labels("site.messages_done.value") == ["互动交流", "留言办理", "办结留言数量（单位：条）"]
    assert root.get_element_by_id("site.innovations.value").text == BOXES
    assert root.xpath("//nav") == []


def test_the_head_names_year_and_unit(built):
    word, _ = built.artifacts
    texts = [paragraph.text for paragraph in docx.Document(io.BytesIO(word.content)).paragraphs]

    assert texts[0] == "政府网站工作年度报表（2024年度）"
    assert "填报单位：示例县人民政府办公室" in texts


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("has_robot: 是", "has_robot: 有", "TAB-002"),
        ("has_robot: 是", "has_robot:", "TAB-001"),
        ("site_type: 政府门户网站", "site_type: 门户", "TAB-002"),
        ("home_page: https://www.example.gov.cn/", "home_page: www.example.gov.cn", "TAB-002"),
        ("home_page: https://www.example.gov.cn/", "home_page: https://示例.cn/", "TAB-002"),
        ('site_code: "0000000000"', "site_code: 1000000000", "TAB-002"),
        ("messages_days: 2.5", "messages_days: 2.125", "TAB-002"),
        ("messages: 318", "messages: 318.5", "TAB-002"),
        ("innovations: [搜索即服务, 无障碍浏览]", "innovations: [搜索服务]", "TAB-002"),
        ("innovations: [搜索即服务, 无障碍浏览]", "innovations: [无障碍浏览, 无障碍浏览]", "TAB-002"),
        ("innovations: [搜索即服务, 无障碍浏览]", "innovations: 无障碍浏览", "TAB-002"),
        ("users: 75310", "users: {value: 75310, more: 1}", "TAB-005"),
    ],
)
def test_an_answer_of_another_kind_is_found_at_its_cell(tmp_path: Path, old: str, new: str, rule: str):
    path = f"site.{old.partition(':')[0]}" + ("" if rule == "TAB-005" else ".value")

    assert found(tmp_path, old, new)[0][:1] == (rule,)
    assert found(tmp_path / "again", old, new)[0][1].startswith(path)


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ('site_code: "0000000000"', "site_code: 1000000000", "两边加上引号"),
        ('site_code: "0000000000"', 'site_code: "1"', "改成十位的政府网站标识码，加引号"),
        ("innovations: [搜索即服务, 无障碍浏览]", "innovations: [无障碍浏览, 无障碍浏览]", "只能写：搜索即服务、"),
        ("organiser: 示例县人民政府办公室", f"organiser: {'办' * 61}", "太长，最多 60 个字"),
        ("messages_days: 2.5", "messages_days: 2.125", "半角数字"),
    ],
)
def test_how_to_mend_an_answer_goes_by_its_kind(tmp_path: Path, old: str, new: str, hint: str):
    edit: Edit = (f"\n{old}\n", f"\n{new}\n")
    found = baogao.check(baogao.load(sample(tmp_path, {"site.yaml": edit}, of=NAME))).findings

    assert [(finding.rule, hint in finding.hint) for finding in found] == [("TAB-002", True)]


def test_an_answer_may_be_written_as_the_only_column_of_its_row(tmp_path: Path):
    assert found(tmp_path, "users: 75310", "users: {value: 75310}") == []
    assert found(tmp_path / "blank", "innovations: [搜索即服务, 无障碍浏览]", "innovations: []") == []


def test_more_messages_dealt_with_than_received_is_an_error(tmp_path: Path):
    assert found(tmp_path, "messages_done: 316", "messages_done: 319") == [("WEB-107", "site.messages_done.value")]


def test_the_published_figures_that_show_a_sum_to_be_too_strict_pass(tmp_path: Path):
    changes: dict[str, Edit] = {
        "site.yaml": (
            "posts: 6812\nposts_overview: 36\nposts_news: 4275\nposts_catalogue: 1398\n",
            "posts: 21813\nposts_overview: 47\nposts_news: 10078\nposts_catalogue: 696\n",
        )
    }
    assert baogao.check(baogao.load(sample(tmp_path, changes, of=NAME))).findings == ()


def test_a_blank_choice_says_what_may_be_chosen(tmp_path: Path, run: Run):
    ran = run("check", sample(tmp_path, {"site.yaml": ("\nhas_robot: 是\n", "\nhas_robot:\n")}, of=NAME))

    assert (ran.code, "写上其中之一：是、否" in ran.out) == (1, True)


def test_every_example_of_its_rules_proves_its_rule():
    rules = frozenset(f"WEB-{number:03}" for number in (*range(1, 5), *range(101, 115)))
    proofs = list(prove_rules(open_registry(Selection()), Selection(), only=rules))

    assert {proof.rule.id for proof in proofs} == rules
    assert [proof for proof in proofs if proof.wrong] == []


def test_its_json_schema_takes_the_example_and_refuses_what_is_no_answer(tmp_path: Path, run: Run):
    assert run("schema", "export", "-o", tmp_path).code == 0
    schema = json.loads((tmp_path / "website" / "2018" / "site.json").read_text("utf-8"))
    judge = jsonschema.Draft202012Validator(schema)
    answers = parse_yaml((EXAMPLE.parent / NAME / "site.yaml").read_text("utf-8"), "site.yaml").data
    answers = {**answers, "messages_days": 2.5}

    assert judge.is_valid(answers)
    assert judge.is_valid({**answers, "users": {"value": 1}})
    wrong = {"has_robot": "有", "innovations": ["搜索"], "home_page": "www.example.gov.cn", "users": None, "more": 1}
    assert [name for name, value in wrong.items() if judge.is_valid({**answers, name: value})] == []


def test_a_new_report_asks_for_every_answer_and_takes_what_it_says(tmp_path: Path, run: Run):
    assert run("new", tmp_path / "r", "--form", "website", "--year", "2024", "--unit", "某某局").code == 0
    text = (tmp_path / "r" / "site.yaml").read_text("utf-8")

    assert "# 互动交流 › 是否提供智能问答：是、否，写一个" in text
    assert "# 办事服务 › 办件量（单位：件） › 总数：自动计算" in text
    asked = [line.partition(":")[0] for line in text.splitlines() if not line.startswith("#")]
    assert len(asked) == 53
    blank = [said.path for said in run("check", tmp_path / "r", "--format", "json").findings if said.rule == "TAB-001"]
    optional = {"weibo", "wechat", "media_other", "innovations_other"}
    assert [path.split(".")[1] for path in blank if path.startswith("site.")] == [
        name for name in asked if name not in optional
    ]


def test_a_chapter_added_to_a_form_without_numbers_has_none(tmp_path: Path):
    changes: dict[str, Edit] = {
        "schemas/contacts.yaml": "section: contacts\ntitle: 联系人\ntext: {}\n",
        "contacts.md": "联系人见网站。",
        "report.yaml": ("\noutputs:", "\nsections: {contacts: {after: signing}}\noutputs:"),
    }
    report = baogao.load(sample(tmp_path, changes, of=NAME))

    assert [section.title for section in report][-1] == "联系人"
