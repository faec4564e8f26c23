"""The page as browsers show it: nothing for axe-core to find on a phone, on a desk and on paper.

Needs Chromium on the PATH, and axe-core where BAOGAO_AXE names it or in the npm folder on the PATH.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from baogao.cli.main import main
from plugins.html.browser import Browser, find_axe, opened_browser
from reports import EXAMPLE, sample

VIEWS = [(360, "screen"), (1100, "screen"), (1100, "print")]
KINDS = ["luolong-2020", "example-2024", "annotated", "fragment", "annotated fragment"]
AROUND = (
    '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>栏目</title><main><h1>题目</h1>{}</main></html>'
)
WRONG = {
    "others.md": "无,此项内容。\n\n| 渠道 | 数量 |\n|---|---|\n| 微信 | 电话13812345678 |\n",
    "requests.yaml": ("carried_over:                           {natural_person: 0", "carried_over: {natural_person: 3"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with opened_browser() as browser:
        yield browser


NUMBERS_IN_VIEW = """(() => {
    const region = document.querySelector("table[id^=requests]").parentElement;
    region.scrollLeft = SCROLLED;
    const shown = region.getBoundingClientRect();
    const at = cell => cell.getBoundingClientRect();
    const inside = cell => at(cell).left >= shown.left && at(cell).right <= shown.right;
    const label = region.querySelector("tbody tr:last-child th.stub").getBoundingClientRect();
    const hint = getComputedStyle(region, "::before").content;
    return [[...region.querySelectorAll("tbody tr:first-child td")].some(inside), label.right > shown.left, hint];
})()"""


@pytest.mark.parametrize("scrolled", [0, 200])
def test_on_a_phone_numbers_are_in_view_beside_their_labels(browser: Browser, pages: Mapping[str, Path], scrolled: int):
    browser.open(pages["luolong-2020"], 360)

    numbers, label, hint = browser.value(NUMBERS_IN_VIEW.replace("SCROLLED", str(scrolled)))
    assert (numbers, label, "左右滑动" in hint) == (True, True, True)


@pytest.mark.parametrize(("width", "medium"), [(1100, "screen"), (1100, "print")])
def test_wide_screens_and_paper_need_no_hint(browser: Browser, pages: Mapping[str, Path], width: int, medium: str):
    browser.open(pages["luolong-2020"], width, medium)

    assert browser.value(NUMBERS_IN_VIEW.replace("SCROLLED", "0"))[2] == "none"


@pytest.fixture(scope="module")
def axe() -> str:
    return find_axe()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Build every kind of page; a fragment stands in a page of its own, as it does in a CMS."""
    folder = tmp_path_factory.mktemp("pages")
    wrong = sample(folder, WRONG)
    made = {
        "luolong-2020": build(EXAMPLE, folder / "1"),
        "example-2024": build(EXAMPLE.parent / "example-2024", folder / "2"),
        "annotated": build(wrong, folder / "3", "--annotate"),
        "fragment": build(EXAMPLE, folder / "4", "--fragment"),
        "annotated fragment": build(wrong, folder / "5", "--annotate", "--fragment"),
    }
    for kind, page in made.items():
        if "fragment" in kind:
            page.write_text(AROUND.format(page.read_text("utf-8")), "utf-8")
    return made


def build(report: Path, out: Path, *options: str) -> Path:
    with pytest.raises(SystemExit):
        main(["build", str(report), "-o", str(out), "--to", "docx", "--to", "html", *options])
    named = sorted(out.glob("*.html"), key=lambda page: "片段" in page.name)
    return named[-1]


@pytest.mark.parametrize(("width", "medium"), VIEWS)
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing(browser: Browser, axe: str, pages: Mapping[str, Path], kind: str, width: int, medium: str):
    browser.open(pages[kind], width, medium)

    assert browser.violations(axe) == []


def test_axe_would_find_something(browser: Browser, axe: str, tmp_path: Path):
    page = tmp_path / "bad.html"
    page.write_text("<!doctype html><html><title>题</title><main><h1>题</h1><table><td>1</table></main>", "utf-8")
    browser.open(page, 1100)

    assert [found.partition(":")[0] for found in browser.violations(axe)] == ["html-has-lang"]


@pytest.mark.parametrize("kind", ["luolong-2020", "example-2024", "annotated"])
def test_a_phone_scrolls_the_tables_and_not_the_page(browser: Browser, pages: Mapping[str, Path], kind: str):
    browser.open(pages[kind], 360)

    wide = "[...document.querySelectorAll('.table-region')].filter(r => r.scrollWidth > r.clientWidth)"
    assert browser.value("document.documentElement.scrollWidth <= innerWidth") is True
    assert browser.value(f"{wide}.map(r => r.querySelector('table').id)") == ["requests", "disputes"]
    assert browser.value(f"{wide}.every(r => (r.focus(), document.activeElement === r))") is True


def test_the_first_stop_of_the_keyboard_leads_past_the_contents(browser: Browser, pages: Mapping[str, Path]):
    browser.open(pages["luolong-2020"], 1100)
    for kind in ("keyDown", "keyUp"):
        browser.call("Input.dispatchKeyEvent", type=kind, key="Tab", code="Tab", windowsVirtualKeyCode=9)

    assert browser.value("document.activeElement.textContent") == "跳到正文"
    assert browser.value("document.activeElement.getBoundingClientRect().top >= 0") is True
    assert browser.value("getComputedStyle(document.activeElement).outlineWidth") == "3px"


def test_paper_shows_neither_contents_nor_downloads(browser: Browser, pages: Mapping[str, Path]):
    browser.open(pages["luolong-2020"], 1100, "print")
    shown = "getComputedStyle(document.querySelector('{}')).{}"

    assert [browser.value(shown.format(name, "display")) for name in ("nav", ".downloads", ".skip")] == ["none"] * 3
    assert browser.value(shown.format("thead", "display")) == "table-header-group"
    assert browser.value(shown.format("tr", "breakInside")) == "avoid"


def test_paper_is_a4_and_no_table_runs_over_its_edge(browser: Browser, pages: Mapping[str, Path]):
    browser.open(pages["luolong-2020"], round(170 / 25.4 * 96), "print")

    over = "[...document.querySelectorAll('table')].filter(t => t.getBoundingClientRect().right > innerWidth + 1)"
    assert browser.value(f"{over}.length") == 0
    assert "size: A4" in pages["luolong-2020"].read_text("utf-8")


def test_the_page_loads_nothing(browser: Browser, pages: Mapping[str, Path]):
    browser.open(pages["luolong-2020"], 1100)

    assert browser.value("performance.getEntriesByType('resource').length") == 0
