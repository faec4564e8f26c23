"""The real report of 2020, from its folder to both files: its figures, its tables, its own words."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import lxml.html
import pytest
from docx.oxml.ns import qn

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "luolong-2020"
SEED = ROOT.parent / "shared" / "seed"
CHECK_DOCX = ROOT.parent / "shared" / "tools" / "check_docx.py"

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, baogao: Run) -> Path:
    """Return the folder with both files."""
    out = tmp_path_factory.mktemp("luolong")
    done = baogao("build", FOLDER, "-o", out)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def made(folder: Path, suffix: str) -> Path:
    (path,) = folder.glob(f"*{suffix}")
    return path


@pytest.fixture(scope="module")
def word(built: Path) -> Any:
    """Return the document as python-docx reads it."""
    return docx.Document(str(made(built, ".docx")))


@pytest.fixture(scope="module")
def page(built: Path) -> Any:
    """Return the page as a tree."""
    parser = lxml.html.HTMLParser(encoding="utf-8")
    return lxml.html.parse(str(made(built, ".html")), parser).getroot()


def test_nothing_is_found_in_it(baogao: Run) -> None:
    done = baogao("check", FOLDER, "--format", "json", "--fail-on", "info")
    told = json.loads(done.stdout)

    assert done.returncode == 0
    assert told["findings"] == []
    assert told["summary"] == {"error": 0, "warning": 0, "info": 0, "waived": 0, "unassessable": 0}


def test_two_builds_give_the_same_bytes(built: Path, baogao: Run, tmp_path: Path) -> None:
    baogao("build", FOLDER, "-o", tmp_path)

    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in built.iterdir()
    }


def test_the_files_are_called_after_the_report(built: Path) -> None:
    name = "洛龙区统计局2020年政府信息公开工作年度报告"

    assert sorted(file.name for file in built.iterdir()) == [f"{name}.docx", f"{name}.html"]


@pytest.mark.skipif(not CHECK_DOCX.is_file(), reason=f"{CHECK_DOCX.name} is not beside the checkout")
def test_the_document_is_sound(built: Path, python: Run) -> None:
    done = python(CHECK_DOCX, made(built, ".docx"))

    assert done.returncode == 0, done.stdout


def grid(table: Any) -> list[list[str]]:
    """Return the texts of a table, each merged cell in all the places it covers; a label may be broken into lines."""
    return [[cell.text.replace("\n", "") for cell in row.cells] for row in table.rows]


PROACTIVE = [
    ["第二十条第（一）项"] * 4,
    ["信息内容", "本年新制作数量", "本年新公开数量", "对外公开总数量"],
    ["规章", "0", "0", "0"],
    ["规范性文件", "0", "0", "0"],
    ["第二十条第（五）项"] * 4,
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政许可", "1", "-1", "0"],
    ["其他对外管理服务事项", "0", "1", "0"],
    ["第二十条第（六）项"] * 4,
    ["信息内容", "上一年项目数量", "本年增/减", "处理决定数量"],
    ["行政处罚", "22", "-4", "0"],
    ["行政强制", "0", "0", "0"],
    ["第二十条第（八）项"] * 4,
    ["信息内容", "上一年项目数量", "本年增/减", "本年增/减"],
    ["行政事业性收费", "0", "0", "0"],
    ["第二十条第（九）项"] * 4,
    ["信息内容", "采购项目数量", "采购总金额（单位：万元）", "采购总金额（单位：万元）"],
    ["政府集中采购", "0", "0", "0"],
]

CORNER = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
TWO, NONE = ["2", "0", "0", "0", "0", "0", "2"], ["0"] * 7
RESULTS, REFUSED = "三、本年度办理结果", "（三）不予公开"
PARTLY = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
REQUESTS = [
    [CORNER] * 3 + ["申请人情况"] * 7,
    [CORNER] * 3 + ["自然人"] + ["法人或其他组织"] * 5 + ["总计"],
    [CORNER] * 3 + ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"],
    ["一、本年新收政府信息公开申请数量"] * 3 + TWO,
    ["二、上年结转政府信息公开申请数量"] * 3 + NONE,
    [RESULTS, "（一）予以公开", "（一）予以公开", *TWO],
    [RESULTS, PARTLY, PARTLY, *NONE],
    [RESULTS, REFUSED, "1.属于国家秘密", *NONE],
    [RESULTS, REFUSED, "2.其他法律行政法规禁止公开", *NONE],
    [RESULTS, REFUSED, "3.危及“三安全一稳定”", *NONE],
    [RESULTS, REFUSED, "4.保护第三方合法权益", *NONE],
    [RESULTS, REFUSED, "5.属于三类内部事务信息", *NONE],
    [RESULTS, REFUSED, "6.属于四类过程性信息", *NONE],
    [RESULTS, REFUSED, "7.属于行政执法案卷", *NONE],
    [RESULTS, REFUSED, "8.属于行政查询事项", *NONE],
    [RESULTS, "（四）无法提供", "1.本机关不掌握相关政府信息", *NONE],
    [RESULTS, "（四）无法提供", "2.没有现成信息需要另行制作", *NONE],
    [RESULTS, "（四）无法提供", "3.补正后申请内容仍不明确", *NONE],
    [RESULTS, "（五）不予处理", "1.信访举报投诉类申请", *NONE],
    [RESULTS, "（五）不予处理", "2.重复申请", *NONE],
    [RESULTS, "（五）不予处理", "3.要求提供公开出版物", *NONE],
    [RESULTS, "（五）不予处理", "4.无正当理由大量反复申请", *NONE],
    [RESULTS, "（五）不予处理", "5.要求行政机关确认或重新出具已获取信息", *NONE],
    [RESULTS, "（六）其他处理", "（六）其他处理", *NONE],
    [RESULTS, "（七）总计", "（七）总计", *TWO],
    ["四、结转下年度继续办理"] * 3 + NONE,
]

OUTCOMES = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
DISPUTES = [
    ["行政复议"] * 5 + ["行政诉讼"] * 10,
    OUTCOMES + ["未经复议直接起诉"] * 5 + ["复议后起诉"] * 5,
    OUTCOMES * 3,
    ["0"] * 15,
]


def test_the_document_has_the_three_official_tables_merged_and_filled_as_prescribed(word: Any) -> None:
    assert [grid(table) for table in word.tables] == [PROACTIVE, REQUESTS, DISPUTES]
    assert [(len(table.rows), len(table.columns)) for table in word.tables] == [(18, 4), (26, 10), (4, 15)]


def test_the_page_has_the_same_tables(page: Any) -> None:
    assert [spread(table) for table in page.xpath("//table")] == [PROACTIVE, REQUESTS, DISPUTES]


def spread(table: Any) -> list[list[str]]:
    """Return the texts of a table of the page, each merged cell in all the places it covers."""
    places: dict[tuple[int, int], str] = {}
    for number, row in enumerate(table.xpath(".//tr")):
        column = 0
        for cell in row.xpath("th|td"):
            while (number, column) in places:
                column += 1
            for down in range(int(cell.get("rowspan", "1"))):
                for right in range(int(cell.get("colspan", "1"))):
                    places[number + down, column + right] = cell.text_content()
    height, width = (max(place[side] for place in places) + 1 for side in (0, 1))
    return [[places[row, column] for column in range(width)] for row in range(height)]


def test_the_figures_of_the_page_stand_under_headers_with_scope(page: Any) -> None:
    heads = {head.get("id"): head for head in page.xpath("//table//th")}
    figures = page.xpath("//table//td")

    assert {head.get("scope") for head in heads.values()} == {"col", "colgroup", "row", "rowgroup"}
    assert len(figures) == 22 + 23 * 7 + 15
    for figure in figures:
        named = figure.get("headers").split()
        assert {heads[name].get("scope") for name in named} & {"col", "colgroup"}
        assert figure.get("id").startswith("disputes.") or {heads[name].get("scope") for name in named} & {"row"}


def test_a_figure_names_all_its_headers(page: Any) -> None:
    (figure,) = page.xpath("//td[@id='requests.refused_state_secret.business']")
    named = [page.xpath("string(//th[@id=$name])", name=name) for name in figure.get("headers").split()]

    assert sorted(named) == sorted(["申请人情况", "法人或其他组织", "商业企业", RESULTS, REFUSED, "1.属于国家秘密"])


# What the original got wrong, as examples/luolong-2020/report.yaml says, and what is right.
DEFECTS = [
    ("取得新的成效。一、总体情况（一）", "取得新的成效。（一）"),  # the chapter's title, printed twice
    ("总计" + "0" * 16 + "五、", "总计" + "0" * 15 + "五、"),  # 16 figures under 15 columns
    ("1.本机关不掌握相关信息", "1.本机关不掌握相关政府信息"),
]
# Not in print, but in the text that was taken from it: a label in two pieces.
TORN = ("自然法人或其他组织总计人商业企业", "自然人法人或其他组织总计商业企业")
FULL_WIDTH = str.maketrans("(),:", "（），：")


@pytest.fixture(scope="module")
def seed() -> str:
    """Return the text of the report as the bureau published it."""
    found = sorted(SEED.glob("*.txt"))
    if not found:
        pytest.skip(f"no {SEED.name}/ in the folder shared/ beside the checkout: nothing to compare with")
    return found[0].read_text("utf-8")


def test_the_narrative_is_the_originals_own_line_by_line(seed: str, word: Any) -> None:
    lines = [line.strip() for line in seed.splitlines()]
    first, second = (number for number, line in enumerate(lines) if line == "一、总体情况")
    tables = range(lines.index("二、主动公开政府信息情况"), lines.index("五、存在的主要问题及改进情况"))
    told = [line for number, line in enumerate(lines) if line and number != second and number not in tables]

    paragraphs = [paragraph.text for paragraph in word.paragraphs if paragraph.text]
    titles = [
        "二、主动公开政府信息情况",
        "三、收到和处理政府信息公开申请情况",
        "四、政府信息公开行政复议、行政诉讼情况",
    ]
    assert [text for text in paragraphs[paragraphs.index(lines[first]) :] if text not in titles] == told
    assert [text for text in paragraphs if text in titles] == titles == [line for line in lines if line in titles]


def test_the_known_defects_are_all_that_differs_from_the_original(seed: str, word: Any, page: Any) -> None:
    original = _squeezed(seed)
    for wrong, right in (*DEFECTS, TORN):
        assert original.count(wrong) == 1
        original = original.replace(wrong, right)

    assert _from_the_first_chapter("".join(_texts_of_document(word))) == original
    assert _from_the_first_chapter("".join(_texts_of_page(page))) == original


def _from_the_first_chapter(text: str) -> str:
    squeezed = _squeezed(text)
    return squeezed[squeezed.index("一、总体情况") :]


def _squeezed(text: str) -> str:
    return "".join(text.split()).translate(FULL_WIDTH)


def _texts_of_document(word: Any) -> Iterator[str]:
    """Yield the texts in their order, a merged cell once."""
    for part in word.element.body.iterchildren(qn("w:p"), qn("w:tbl")):
        cells = [cell for cell in part.iter_tcs() if cell.vMerge != "continue"] if part.tag == qn("w:tbl") else [part]
        yield from (words for cell in cells for words in cell.xpath(".//w:t/text()"))


def _texts_of_page(page: Any) -> Iterator[str]:
    yield from page.xpath("//section//*[self::h2 or self::h3 or self::p or self::th or self::td]/descendant::text()")
