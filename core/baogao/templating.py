"""Templates: a sandbox with an allow-list, and the printed texts a template may name.

A template lays out; it cannot compute, call, import or loop without end. What it prints was computed and checked
before, and is always escaped.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, Undefined, nodes, pass_context, pass_eval_context
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import do_join
from jinja2.nodes import EvalContext
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from baogao.language import Message, closest, listed, say, spoken
from baogao.model.cells import GAP
from baogao.model.report import Head, Report, Section

__all__ = [
    "Fault",
    "ReportEnvironment",
    "bounded",
    "chinese_date",
    "failure",
    "faults",
    "fill_text",
    "glued_figures",
    "head_values",
    "report_values",
    "section_values",
]

FILTERS = frozenset({"default", "e", "escape", "first", "join", "last", "length", "lower", "trim", "upper"})
TESTS = frozenset({"defined"})
DEEPEST_LOOP = 3
LONGEST = 8 * 1024 * 1024
"""How many characters a template may print: hundreds of times a report."""
COUNTED = 64
"""How many pieces are printed before their size is counted."""
MOST_ROUNDS = 200_000
"""How many rounds the loops of a template may take together."""
MOST_KEPT = 256
"""How many templates are kept parsed: the reports of a run share the same few."""
LISTED = "baogao listed"
"""The filter put around what a loop goes through; its name cannot be written in a template."""

ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.Getitem,
    nodes.Const,
    nodes.For,
    nodes.If,
    nodes.With,
    nodes.Filter,
    nodes.Test,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.CondExpr,
)


NOT_FOR_TEMPLATES: Mapping[tuple[type[nodes.Node], ...], Message] = {
    (nodes.BinExpr, nodes.UnaryExpr): say("算式"),
    (nodes.Concat,): say("连接文字的 ~"),
    (nodes.Call,): say("函数调用"),
    (nodes.List, nodes.Tuple, nodes.Dict, nodes.Slice): say("列表的写法"),
    (nodes.Assign, nodes.AssignBlock): say("赋值（set）"),
    (nodes.Macro, nodes.CallBlock): say("宏"),
    (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block): say("别的模板"),
    (nodes.FilterBlock,): say("整段的过滤器"),
}
"""What people call what templates may not use."""

GRAMMAR: tuple[tuple[str, Message], ...] = (
    (r"Expected an expression, got '(?P<got>.*)'", say("少了名称或值，写的是“{got}”")),
    (r"expected token '(?P<token>.*?)', got '(?P<got>.*)'", say("应为“{token}”，写的是“{got}”")),
    (r"unexpected char (?P<got>.*) at \d+", say("不认识的字符 {got}")),
    (r"unexpected '(?P<got>.*)'", say("多出了“{got}”")),
    (r"Encountered unknown tag '(?P<got>.*?)'", say("没有“{got}”这种标记，或与前面的标记不成对")),
    (r"Unexpected end of template|Missing end of", say("没有写完，缺结束的标记")),
)
"""What Jinja says of a template it cannot read, and what we say."""

TOKENS = {
    "end of print statement": say("标记的结尾"),
    "end of statement block": say("标记的结尾"),
    "end of template": say("模板的结尾"),
    "name": say("名称"),
}


class _Unknown(StrictUndefined):
    """A name without a value, which says so in our words."""

    @property
    def _undefined_message(self) -> str:
        return say("“{name}”没有对应的内容", name=str(self._undefined_name))


class _Counted(Context):
    """The values of one filling, and how many rounds its loops have taken."""

    rounds = 0


class ReportEnvironment(ImmutableSandboxedEnvironment):
    """A Jinja environment for templates that anybody may edit: strict, escaped, and refusing what is not allowed."""

    def __init__(self, *, autoescape: bool = True) -> None:
        """Keep only the allowed filters and tests, and no globals; without escaping it makes plain text."""
        super().__init__(autoescape=autoescape, undefined=_Unknown, finalize=_only_text, keep_trailing_newline=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS} | {LISTED: _listed, "join": _joined}
        self.tests = {name: self.tests[name] for name in TESTS}

    context_class = _Counted

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """Return what a template prints, as long as that is not too much."""
        return "".join(bounded(pieces))

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return what stands under a name in a group of names; a text or a list has no names in it."""
        if type(obj) is dict and attribute in obj:  # as most are
            return obj[attribute]
        if isinstance(obj, str | list | tuple):
            return self.undefined(obj=obj, name=attribute)
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        try:
            tree = super()._parse(source, name, filename)
        except TemplateSyntaxError as exc:
            raise TemplateSyntaxError(_grammar(exc.message or ""), exc.lineno) from exc
        _refuse(tree, 0)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, LISTED, [], [], None, None, lineno=loop.lineno)
        return tree


def bounded(pieces: Iterable[str]) -> list[str]:
    """Return what a template prints; raise TemplateRuntimeError soon after that is more than any report."""
    rest, found, size = iter(pieces), list[str](), 0
    while some := list(islice(rest, COUNTED)):
        size += sum(map(len, some))
        _refuse_size(size)
        found += some
    return found


def _refuse_size(size: int) -> None:
    if size > LONGEST:
        raise TemplateRuntimeError(say("印出的文字太多，超过 {count} 个字", count=LONGEST))


@pass_context
def _listed(context: _Counted, value: Any) -> Any:
    """Return what a loop may go through: a list, never the letters of a text, and not without end."""
    if isinstance(value, str) or not isinstance(value, Collection | Undefined):
        raise TemplateRuntimeError(say("循环只能用于列表，不能用于文字"))
    context.rounds += len(cast("Collection[Any]", value))
    if context.rounds > MOST_ROUNDS:
        raise TemplateRuntimeError(say("循环的次数太多，超过 {count} 次", count=MOST_ROUNDS))
    return value


@pass_eval_context
def _joined(context: EvalContext, value: Any, d: str = "", attribute: str | int | None = None) -> str:
    """Return the texts of a list as one; never the letters of a text."""
    if isinstance(value, str) or not isinstance(value, Collection | Undefined):
        raise TemplateRuntimeError(say("join 只能用于列表，不能用于文字"))
    _refuse_size(sum(len(str(item)) + len(str(d)) for item in cast("Collection[Any]", value)))
    return cast("str", do_join(context, value, d, attribute))


def _only_text(value: Any) -> Any:
    if isinstance(value, str | Undefined):
        return value
    raise TemplateRuntimeError(say("这里不是可以打印的文字：{value}", value=_kind(value)))


def _kind(value: Any) -> Message:
    """Return what people call a value that is no text."""
    kinds = ((bool, say("是与否")), (int, say("个数")), (Mapping, say("一组名称")), (Collection, say("列表")))
    return next((word for kind, word in kinds if isinstance(value, kind)), say("不能打印的东西"))


def _grammar(error: str) -> Message:
    """Return what Jinja says of a template, in our words."""
    for pattern, message in GRAMMAR:
        if found := re.match(pattern, error):
            words = {name: TOKENS.get(text, text) for name, text in found.groupdict().items()}
            return say(message.template, **words)
    return say("看不懂这个标记")


def _refuse(node: nodes.Node, loops: int) -> None:
    """Raise for the first tag, filter or call that templates may not use."""
    loops += isinstance(node, nodes.For)
    if not isinstance(node, ALLOWED):
        raise TemplateSyntaxError(say("模板中不能使用 {what}", what=_what(node)), node.lineno)
    if isinstance(node, nodes.Getattr) and node.attr.startswith("_"):
        raise TemplateSyntaxError(say("没有“{name}”这样的名称", name=node.attr), node.lineno)
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        known = listed(sorted(TESTS))
        raise TemplateSyntaxError(
            say("模板中不能使用测试 {name}；可用：{known}", name=node.name, known=known), node.lineno
        )
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        known = listed(sorted(FILTERS))
        raise TemplateSyntaxError(
            say("模板中不能使用过滤器 {name}；可用：{known}", name=node.name, known=known), node.lineno
        )
    if (isinstance(node, nodes.For) and node.recursive) or loops > DEEPEST_LOOP:
        raise TemplateSyntaxError(say("循环嵌套过深"), node.lineno)
    for child in node.iter_child_nodes():
        _refuse(child, loops)


def _what(node: nodes.Node) -> Message:
    """Return what people call something that templates may not use."""
    return next((word for kinds, word in NOT_FOR_TEMPLATES.items() if isinstance(node, kinds)), say("这种写法"))


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong in a template: the line of its source, and the TPL rule it breaks."""

    line: int
    rule: str
    message: Message


def faults(source: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield what is wrong with a template before it is used: its syntax, and names that `values` does not hold."""
    for read in _names_read(source):
        if isinstance(read, Fault):
            yield read
        else:
            yield from _unknown(*read, values)


@lru_cache(maxsize=MOST_KEPT)
def _names_read(source: str) -> tuple[Fault | tuple[int, tuple[str, ...]], ...]:
    """Return the names a template reads from outside, each with its line; or the fault that it is no template."""
    try:
        tree = ReportEnvironment().parse(source)
    except TemplateSyntaxError as exc:
        return (Fault(exc.lineno, "TPL-002", say("模板语法有误：{error}", error=exc.message or "")),)
    except RecursionError:
        return (Fault(1, "TPL-002", say("模板语法有误：嵌套太深")),)
    reads = ((node.lineno, _dotted(node), scope) for node, scope in _reads(tree, frozenset()))
    return tuple((line, dotted) for line, dotted, scope in reads if dotted and dotted[0] not in scope)


CELL_TAG = r"\{\{\s*(?:cells|[a-z_]+\.[a-z_]+)\.[^{}]*\}\}"
GLUED = re.compile(rf"[0-9０-９.．+\-－−]{CELL_TAG}|{CELL_TAG}(?:[0-9０-９]|[.．][0-9])")


def glued_figures(text: str) -> Iterator[Message]:
    """Yield a message for each tag that a digit or a sign typed beside it would turn into another number."""
    for found in GLUED.finditer(text):
        yield say("“{words}”里的标记旁边紧挨着数字或正负号，印出来会变成另一个数", words=found.group())


def _reads(node: nodes.Node, scope: frozenset[str]) -> Iterator[tuple[nodes.Expr, frozenset[str]]]:
    """Yield each outermost name that is read, with the names that loops and `with` have bound around it."""
    if isinstance(node, nodes.Getattr) and _dotted(node):
        yield node, scope
        return
    if isinstance(node, nodes.Name):
        if node.ctx == "load":
            yield node, scope
        return
    if isinstance(node, nodes.For | nodes.With):
        targets = [node.target] if isinstance(node, nodes.For) else node.targets
        bound = {name.name for target in targets for name in target.find_all(nodes.Name)}
        bound |= {target.name for target in targets if isinstance(target, nodes.Name)}
        yield from _reads_in(node, scope, scope | bound | {"loop"})
        return
    if isinstance(node, nodes.Test) and node.name == "defined":
        return
    if isinstance(node, nodes.Filter) and node.name == "default":
        yield from (read for given in node.args for read in _reads(given, scope))
        return
    if isinstance(node, nodes.If | nodes.CondExpr):
        yield from _guarded_reads(node, scope)
        return
    for child in node.iter_child_nodes():
        yield from _reads(child, scope)


def _guarded_reads(
    node: nodes.If | nodes.CondExpr, scope: frozenset[str]
) -> Iterator[tuple[nodes.Expr, frozenset[str]]]:
    """Yield what a condition and its branches read, without what the condition asks to be defined."""
    tests = [node.test] if isinstance(node.test, nodes.Test) else list(node.test.find_all(nodes.Test))
    guarded = {_dotted(test.node) for test in tests if test.name == "defined"}
    for child in node.iter_child_nodes():
        for read, bound in _reads(child, scope):
            if _dotted(read) not in guarded:
                yield read, bound


def _reads_in(
    node: nodes.For | nodes.With, outside: frozenset[str], inside: frozenset[str]
) -> Iterator[tuple[nodes.Expr, frozenset[str]]]:
    sources = [node.iter] if isinstance(node, nodes.For) else node.values
    for source in sources:
        yield from _reads(source, outside)
    for child in node.body:
        yield from _reads(child, inside)
    if isinstance(node, nodes.For):
        yield from _reads(node.test, inside) if node.test else ()
        yield from (read for child in node.else_ for read in _reads(child, outside))


def _dotted(node: nodes.Node) -> tuple[str, ...]:
    if isinstance(node, nodes.Name):
        return (node.name,)
    if isinstance(node, nodes.Getattr):
        parent = _dotted(node.node)
        return (*parent, node.attr) if parent else ()
    return ()


def _unknown(line: int, dotted: tuple[str, ...], values: Mapping[str, Any]) -> Iterator[Fault]:
    here: Any = values
    for depth, name in enumerate(dotted):
        if not isinstance(here, Mapping):
            return
        if name not in here:
            found = closest(name, map(str, here))
            meant = say("；是否想写“{near}”？", near=".".join((*dotted[:depth], found))) if found else say("")
            wanted = ".".join(dotted[: depth + 1])
            yield Fault(line, "TPL-003", say("模板中的“{name}”没有对应的内容{meant}", name=wanted, meant=meant))
            return
        here = here[name]


def fill_text(template: str, head: Head) -> str:
    """Return plain text made from the report's head; raise jinja2.TemplateError for a wrong template."""
    if "{" not in template and "\r" not in template:  # it holds no tag, and no line end that Jinja would change
        return template
    try:
        return _plain_text(template).render(head_values(head))
    except (TypeError, ValueError, RecursionError) as exc:
        raise TemplateRuntimeError(str(exc)) from exc


@lru_cache(maxsize=MOST_KEPT)
def _plain_text(template: str) -> Template:
    return ReportEnvironment(autoescape=False).from_string(template)


def failure(error: BaseException) -> str:
    """Return why a template cannot be filled, in our words: what Python says of values nobody here understands."""
    if isinstance(error, TypeError | ValueError):
        return say("值的种类不合，不能这样比较或处理")
    return spoken(error)


def chinese_date(day: Any) -> str:
    """Return a date as official papers print it: 2021年1月20日 (GB/T 9704—2012, 7.3.5.4)."""
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def head_values(head: Head) -> dict[str, Any]:
    """Return the names of the report's head: `unit.name`, `year`, `title`, `date`, `basis`, and the like."""
    extra = {name: value for name, value in head.unit.extra.items() if isinstance(value, str | Mapping)}
    return {
        "form": head.form,
        "edition": head.edition,
        "year": str(head.year),
        "title": head.title,
        "date": chinese_date(head.date),
        "basis": head.basis,
        "unit": {**extra, "name": head.unit.name, "kind": head.unit.kind},
    }


def section_values(section: Section) -> dict[str, Any]:
    """Return the printed texts of a section's cells by row and column, and its named sums."""
    values: dict[str, Any] = {}
    for table in section.tables:
        for path, cell in (*table.cells.items(), *table.figures.items()):
            _, *groups, last = path.split(".")
            place = values
            for group in groups:
                place = place.setdefault(group, {})
            place[last] = cell.text()
    return values


def report_values(report: Report, *, draft: bool) -> dict[str, Any]:
    """Return all a template may name, as printed texts: `report`, and every section by its id."""
    head = head_values(report) | {"draft": "草稿" if draft else ""}
    if draft:
        head["date"] = head["date"] or GAP
    return {"report": head, **{section.id: section_values(section) for section in report.sections}}
