"""The narrative: every kind of block, and every character as it was typed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import example, given
from hypothesis import strategies as st

from baogao.model.bands import Band, Node
from baogao.model.cells import Cell, CellType
from baogao.model.report import Block, Run, Section
from baogao.model.tables import Table, TableSpec
from baogao_html.renderer import HtmlRenderer

if TYPE_CHECKING:
    from conftest import MakeJob

TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")))
RUN = st.builds(Run, TEXT, st.booleans(), st.booleans(), st.sampled_from(["", "fees.all.name"]))
RUNS = st.lists(RUN, max_size=3).map(tuple)
BLOCK = st.one_of(
    st.builds(Block, st.just("paragraph"), RUNS),
    st.builds(Block, st.just("heading"), RUNS, st.integers(2, 4)),
    st.builds(Block, st.just("item"), RUNS, marker=TEXT),
    st.builds(Block, st.just("grid"), rows=st.lists(st.lists(RUNS, min_size=1).map(tuple), min_size=1).map(tuple)),
)
HOSTILE = "<b>&amp;</p>{{ report.title }}{% if %}]]><!--\u3000 \u00a0\"'"


def drawn(make_job: MakeJob, *blocks: Block) -> str:
    page = HtmlRenderer().render(make_job(Section("overview", "一、总体情况", blocks))).content.decode()
    return page.partition('<div class="narrative" data-section="overview">\n')[2].partition("\n</div>\n")[0]


@given(blocks=st.lists(BLOCK, max_size=4), value=TEXT)
@example(blocks=[Block("paragraph", (Run(HOSTILE),))], value=HOSTILE)
def test_any_text_comes_back_as_it_was(make_job: MakeJob, blocks: list[Block], value: str):
    spec = TableSpec("fees", (Band((Node("名称", "name"),), (Node("合计", "all"),)),), CellType("words"))
    table = Table(spec, {"fees.all.name": Cell("fees.all.name", CellType("words"), value)})
    job = make_job(Section("overview", "一、总体情况", tuple(blocks)), Section("fees", "七、收费", (table,)))
    renderer = HtmlRenderer()

    read = renderer.read_back(renderer.render(job), job)

    paragraphs = {f"overview#{number}": block.text for number, block in enumerate(blocks, 1)}
    titles = {"": job.report.title, "overview": "一、总体情况", "fees": "七、收费"}
    assert read == {**titles, "fees.all.name": value, **paragraphs}


def test_headings_follow_the_title_and_the_chapters_without_a_gap(make_job: MakeJob):
    blocks = [Block("heading", (Run("标题"),), level=level) for level in (2, 3, 4)]

    assert drawn(make_job, *blocks) == "<h3>标题</h3>\n<h4>标题</h4>\n<h5>标题</h5>"


def test_a_bound_number_remembers_its_cell(make_job: MakeJob):
    block = Block("paragraph", (Run("共"), Run("2", cell="requests.new_received.total"), Run("件")))

    assert drawn(make_job, block) == '<p>共<span data-cell="requests.new_received.total">2</span>件</p>'


def test_strong_and_emphasis_are_marked_as_such(make_job: MakeJob):
    block = Block(
        "paragraph", (Run("一", strong=True), Run("二", emphasis=True), Run("三", strong=True, emphasis=True))
    )

    assert drawn(make_job, block) == "<p><strong>一</strong><em>二</em><strong><em>三</em></strong></p>"


def test_a_list_item_prints_the_number_that_was_typed(make_job: MakeJob):
    assert drawn(make_job, Block("item", (Run("公开"),), marker="7. ")) == '<p class="item">7. 公开</p>'


def test_a_simple_table_has_its_first_row_as_head(make_job: MakeJob):
    block = Block("grid", rows=(((Run("渠道"),),), ((Run("网站"),),)))

    assert '<tr><th scope="col">渠道</th></tr><tr><td>网站</td></tr>' in drawn(make_job, block)


def test_words_after_a_table_are_printed_after_it(make_job: MakeJob):
    spec = TableSpec("fees", (Band((Node("名称", "name"),), (Node("合计", "all"),)),), CellType("words"))
    table = Table(spec, {"fees.all.name": Cell("fees.all.name", CellType("words"), "数")})
    before, after = (Block("paragraph", (Run(word),)) for word in ("表前", "表后"))
    job = make_job(Section("fees", "七、收费", (before, table, after)))

    page = HtmlRenderer().render(job)

    text = page.content.decode()
    assert text.index("表前") < text.index('<table id="fees"') < text.index("表后")
    read = HtmlRenderer().read_back(page, job)
    assert read == {
        "": job.report.title,
        "fees": "七、收费",
        "fees.all.name": "数",
        "fees#1": "表前",
        "fees#2": "表后",
    }
