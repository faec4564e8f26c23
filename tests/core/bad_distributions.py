"""Distributions that are wrong, each in its own way, and what must be said of them."""

# ruff: noqa: E501 - a kind is one row of a table

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["GOOD", "KINDS", "Bad", "install"]


@dataclass(frozen=True)
class Bad:
    """A distribution `bad-<kind>` with a package `bad_<kind>`, and the fault that is listed for it.

    `place` is the end of the file the fault names, with its line; `beside` are the PLG rules that `check` tells of
    beside the findings of a report that does not use it.
    """

    code: str | bytes = ""
    rule: str = ""
    place: str = ""
    words: tuple[str, ...] = ()
    entries: str | bytes = ""
    metadata: str = ""
    files: Mapping[str, str] = field(default_factory=dict)
    beside: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def hook(name: str, body: str) -> str:
    return f"from baogao import *\nimport sys, time\n@hookimpl\ndef {name}():\n    {body}\n"


TWO = "[baogao]\n{kind} = bad_{kind}\n{kind}_too = bad_{kind}.too\n"
TYPES = "from baogao import *\n@hookimpl\ndef field_types(): return {'code': CellType('code', {'type': 'string'})}\n"
READER = "from baogao import *\nclass R:\n    suffixes = ('.csv',)\n    def read(self, file, content): return {}\n@hookimpl\ndef source_readers(): return [R()]\n"
SECTION = "from baogao import *\n@hookimpl\ndef section_providers(): return [section('%s')]\n"
RENDERER = "from baogao import *\nclass R:\n    name = 'html'; needs = (); profiles = ('public',)\n    def render(self, job): ...\n    def read_back(self, artifact, job): ...\n@hookimpl\ndef renderers(): return [R()]\n"
RULE = "from baogao import *\n@rule('T3-001', title='又一条')\ndef again(report, options): return []\n@hookimpl\ndef validation_rules(): return [again]\n"
FORM = "from baogao import *\n@hookimpl\ndef report_forms(): return [Form('%s')]\n"
NO_COMMAND = "[baogao.commands]\n{kind} = bad_{kind}:{kind}\n"

KINDS: Mapping[str, Bad] = {
    # The module cannot be imported
    "no_module": Bad(rule="PLG-001", place="entry_points.txt:2", words=("ModuleNotFoundError", "nowhere"), entries="[baogao]\n{kind} = nowhere\n"),
    "no_attribute": Bad(rule="PLG-001", place="entry_points.txt:2", words=("AttributeError", "plugin"), entries="[baogao]\n{kind} = bad_{kind}:plugin\n"),
    "no_dependency": Bad("import os\nimport not_installed", "PLG-001", "__init__.py:2", ("ModuleNotFoundError", "not_installed")),
    "no_python": Bad("x = 1\ndef f(:\n", "PLG-001", "__init__.py:2", ("SyntaxError",)),
    "no_text": Bad("x = '编码'\n".encode("gbk"), "PLG-001", "__init__.py:1", ("SyntaxError",)),
    "leaves": Bad("import sys\nsys.exit(0)", "PLG-001", "__init__.py:2", ("SystemExit",)),
    "raises": Bad("\n1 / 0", "PLG-001", "__init__.py:2", ("ZeroDivisionError",)),
    "within": Bad("import json\njson.loads('{')", "PLG-001", "__init__.py:2", ("JSONDecodeError",)),
    "cancels": Bad("import asyncio\nraise asyncio.CancelledError", "PLG-001", "__init__.py:2", ("CancelledError",)),
    "for_ever": Bad("def f(): f()\nf()", "PLG-001", "__init__.py:1", ("RecursionError",)),
    "unspeakable": Bad("class E(Exception):\n    def __str__(self): return 1 / 0\nraise E", "PLG-001", "__init__.py:3", ("：E",)),
    "no_such_level": Bad("from baogao import *\n@rule('BAD-001', title='某', severity='fatal')\ndef r(report, options): ...", "PLG-001", "__init__.py:2", ("fatal",)),
    "no_argument": Bad("class E(Exception):\n    args = property(lambda self: 1 / 0)\nraise E", "PLG-001", "__init__.py:3", ("：E",)),
    "leaves_late": Bad("class E(Exception):\n    def __str__(self): raise SystemExit(5)\nraise E", "PLG-001", "__init__.py:3", ("：E",)),
    "no_class": Bad("class A:\n    __class__ = property(lambda self: 1 / 0)\nraise ValueError(A())", "PLG-001", "__init__.py:3", ("ValueError",)),
    "no_file_name": Bad("error = SyntaxError('某')\nerror.filename = 123\nraise error", "PLG-001", "__init__.py:3", ("SyntaxError",)),
    "no_end": Bad("raise ValueError('长' * 3_000_000)", "PLG-001", "__init__.py:1", ("长……",)),
    "rings": Bad("raise ValueError('\\x1b[2J\\x07')", "PLG-001", "__init__.py:1", ("␛[2J␇",)),
    "wanders": Bad("import os\nos.chdir('/')", "PLG-001", "", ("os.chdir",)),
    "forbids": Bad("import os\nos.umask(0o777)", "PLG-001", "", ("os.umask",)),
    # A hook is not as it should be
    "misspelt": Bad("from baogao import *\n@hookimpl\ndef section_provider(): return []\n@hookimpl\ndef validation_rules(): return []", "PLG-002", "__init__.py:2", ("是否想写“section_providers",)),
    "asks": Bad("from baogao import *\n@hookimpl\ndef report_forms(report): return []", "PLG-002", "__init__.py:2", ("report_forms()", "不带参数")),
    "hook_raises": Bad(hook("renderers", "return {}['x']"), "PLG-002", "__init__.py:5", ("renderers()", "KeyError")),
    "hook_leaves": Bad(hook("renderers", "sys.exit(3)"), "PLG-002", "__init__.py:5", ("SystemExit",)),
    "nothing": Bad(hook("renderers", "pass"), "PLG-002", "__init__.py:3", ("renderers()", "：None；")),
    "words": Bad(hook("section_providers", "return ['fees']"), "PLG-002", "__init__.py:3", ("'fees'", "应是 section(…)")),
    "half": Bad(hook("section_providers", "yield section('half'); raise ValueError('一半')"), "PLG-002", "__init__.py:5", ("ValueError: 一半",)),
    "endless": Bad(hook("section_providers", "yield from iter(lambda: section('more'), 0)"), "PLG-002", "__init__.py:3", ("没有尽头",)),
    "bad_id": Bad(hook("section_providers", "return [section('../../etc')]"), "PLG-002", "__init__.py:3", ("../../etc",)),
    "takes_yaml": Bad(READER.replace(".csv", ".yaml"), "PLG-002", "__init__.py:5", ("不能是 .yaml",)),
    "prickly": Bad("class P:\n    @property\n    def x(self): return 1 / 0\n    renderers = x\nplugin = P()", "PLG-013", "__init__.py", ("什么也没有交出",), "[baogao]\n{kind} = bad_{kind}:plugin\n"),
    "a_class": Bad("from baogao import *\nclass P:\n    @hookimpl\n    def renderers(self): return []", "PLG-002", "__init__.py:3", ("renderers()", "self"), "[baogao]\n{kind} = bad_{kind}:P\n"),
    "no_cerberus": Bad(TYPES.replace("'string'", "'strin'").replace("'code'", "'mine'"), "PLG-002", "__init__.py", ("“mine”", "strin")),
    "no_word": Bad(TYPES.replace("'string'", "None").replace("'code'", "'mute'"), "PLG-002", "__init__.py", ("“mute”",)),
    "no_choice": Bad(TYPES.replace("'type': 'string'", "'allowed': [['a']]").replace("'code'", "'chosen'"), "PLG-002", "__init__.py", ("“chosen”",)),
    "no_rules": Bad(TYPES.replace("{'type': 'string'}", "5"), "PLG-002", "__init__.py:2", ("field_types()", "CellType")),
    "odd_rules": Bad(TYPES.replace("'type': 'string'", "5: 6").replace("'code'", "'odd'"), "PLG-002", "__init__.py", ("“odd”",)),
    "leaves_shown": Bad("class X:\n    def __repr__(self): raise SystemExit(9)\n" + hook("renderers", "return [X()]"), "PLG-002", "__init__.py:5", ("：X；",)),
    "shy": Bad(RENDERER.replace("'html'", "'shy'").replace("class R:", "class R:\n    def __getattr__(self, name): raise RuntimeError(name)"), "PLG-002", "__init__.py:7", ("RuntimeError", "uses")),
    # The metadata are wrong
    "no_order": Bad("1 / 0", "PLG-009", "METADATA:4", ("python_version",), metadata='Requires-Dist: baogao>=0.1; python_version ~= "abc"\n'),
    "too_new": Bad("1 / 0", "PLG-010", "METADATA:4", ("baogao >=99",), metadata="Requires-Dist: baogao>=99\n"),
    "no_range": Bad("1 / 0", "PLG-009", "METADATA:4", ("baogao >>1",), metadata="Requires-Dist: baogao >>1\n"),
    "no_equals": Bad("1 / 0", "PLG-009", "entry_points.txt:2", ("“名称 = 模块”",), "[baogao]\n{kind} bad_{kind}\n", names=("bad-no-equals",)),
    "no_bracket": Bad("1 / 0", "PLG-009", "entry_points.txt:1", ("[baogao",), "[baogao\n{kind} = bad_{kind}\n", names=("bad-no-bracket",)),
    "no_reference": Bad("1 / 0", "PLG-009", "entry_points.txt:2", ("bad one!",), "[baogao]\n{kind} = bad one!\n"),
    "no_utf8": Bad("1 / 0", "PLG-009", "entry_points.txt", ("utf-8",), "[baogao]\n插件 = bad\n".encode("gbk"), "Requires-Dist: baogao\n", names=("bad-no-utf8",)),
    "no_name": Bad("1 / 0", "PLG-009", "METADATA", ("名称（Name）",), metadata="Name:\n"),
    "no_version": Bad("1 / 0", "PLG-009", "METADATA", ("版本（Version）",), metadata="Version:\n"),
    # Two give one thing
    "section_too": Bad(SECTION % "requests", "PLG-005", "__init__.py", ("章节“requests”", "disclosure.requests (baogao", "block: [section_too]"), beside=("PLG-005",)),
    "section_twice": Bad("from baogao import *\n@hookimpl\ndef section_providers(): return [section('twice')] * 2", "PLG-005", "__init__.py", ("两次交出", "章节“twice”")),
    "output_too": Bad(RENDERER, "PLG-005", "__init__.py", ("输出“html”", "html (baogao", "block: [output_too]"), beside=("PLG-005",)),
    "profile_too": Bad(hook("output_profiles", "return [Profile('public', 'docx', options={'x': {'type': 'string'}})]"), "PLG-005", "__init__.py", ("样式“docx/public”", "docx (baogao"), beside=("PLG-005",)),
    "type_too": Bad(TYPES, "PLG-005", "too.py", ("单元格类型“code”", "type_too ", "type_too_too", "block: [type_too]"), TWO, files={"too.py": TYPES}, names=("type_too", "type_too_too")),
    "suffix_too": Bad(READER, "PLG-005", "too.py", ("文件的读法“.csv”", "suffix_too ", "suffix_too_too"), TWO, files={"too.py": READER}, names=("suffix_too", "suffix_too_too")),
    "form_too": Bad(FORM % "disclosure", "PLG-005", "__init__.py", ("报告种类“disclosure”", "disclosure (baogao", "block: [form_too]"), files={"schemas/disclosure/2019/form.yaml": "form: disclosure\n"}, beside=("PLG-005",)),
    "rule_too": Bad(RULE, "PLG-005", "__init__.py:2", ("T3-001", "requests.yaml", "block: [rule_too]"), beside=("PLG-005",)),
    # What lies beside the module is wrong
    "no_schema": Bad(SECTION % "bare", "SRC-010", "", ("schemas/bare.yaml",)),
    "bad_schema": Bad(SECTION % "crooked", "SRC-010", "schemas/crooked.yaml:2", ("titel", "title"), files={"schemas/crooked.yaml": "section: crooked\ntitel: 歪\ntext: {}\n"}),
    "bad_rules": Bad(FORM % "wry", "PLG-008", "schemas/wry.rules.yaml:2", ("asert",), files={"schemas/wry.rules.yaml": "rules:\n- {id: WRY-001, title: 歪, asert: 1 == 2}\n"}, beside=("PLG-008",)),
    "bad_form": Bad(FORM % "odd", "SRC-010", "schemas/odd/1/form.yaml:4", ("titel",), files={"schemas/odd/1/form.yaml": "form: odd\nedition: '1'\nyears: {from: 2000}\ntitel: 某\nheading: 某\nchapters: [{section: preface}]\n"}),
    # It works, and should mend something
    "slow": Bad("import time\ntime.sleep(2.1)\n" + SECTION % "slow", "PLG-011", "__init__.py", ("加载用了 2.", " 秒"), files={"schemas/slow.yaml": "section: slow\ntitle: 慢\ntext: {}\n"}),
    "prints": Bad("print('你好')\n" + SECTION % "loud", "PLG-012", "__init__.py", ("“你好”",), files={"schemas/loud.yaml": "section: loud\ntitle: 响\ntext: {}\n"}),
    "unmarked": Bad("def section_providers(): return []", "PLG-013", "__init__.py:1", ("section_providers()", "@hookimpl")),
    "empty": Bad("", "PLG-013", "__init__.py", ("什么也没有交出",)),
    # A command
    "no_command": Bad("import click\n1 / 0", "PLG-001", "__init__.py:2", ("ZeroDivisionError",), NO_COMMAND),
    "circle": Bad("def circle(): ...\ncircle.__wrapped__ = circle", "PLG-002", "__init__.py", ("不是 click 的命令",), NO_COMMAND),
    "not_click": Bad("def not_click(): ...", "PLG-002", "__init__.py:1", ("不是 click 的命令",), NO_COMMAND),
}  # fmt: skip

LAZY = """
from baogao import *
class L:
    asked = 0
    {more}
    def __getattribute__(self, name):
        if name == "{name}":
            L.asked += 1
            if L.asked > 1: raise RuntimeError("不说了")
        return object.__getattribute__(self, name)
    def render(self, job): ...
    def read_back(self, artifact, job): ...
    def provide(self, source, schema): ...
    def read(self, file, content): ...
@hookimpl
def {hook}(): return [L()]
"""

SHY = """
from baogao import *
class T(str):
    __str__ = __format__ = __eq__ = __hash__ = lambda self, *_: 1 / 0
@hookimpl
def {hook}(): return [{value}]
"""

HARMLESS: Mapping[str, str] = {
    "an id that raises later": LAZY.format(name="id", hook="section_providers", more="id = 'lazy'; forms = ()"),
    "forms that raise later": LAZY.format(name="forms", hook="section_providers", more="id = 'lazy'; forms = ()"),
    "a name that raises later": LAZY.format(name="name", hook="renderers", more="name = 'lazy'; needs = (); profiles = ('public',)"),
    "profiles that raise later": LAZY.format(name="profiles", hook="renderers", more="name = 'lazy'; needs = (); profiles = ('public',)"),
    "needs that raise later": LAZY.format(name="needs", hook="renderers", more="name = 'lazy'; needs = (); profiles = ('public',)"),
    "suffixes that raise later": LAZY.format(name="suffixes", hook="source_readers", more="suffixes = ('.lazy',)"),
    "an id of its own making": SHY.format(hook="section_providers", value="section(T('shy'))"),
    "a profile of its own making": SHY.format(hook="output_profiles", value="Profile(T('shy'), T('docx'), title=T('某'))"),
    "a module that raises when it is asked": "def __getattr__(name): raise RuntimeError(name)\n" + SECTION % "shy",
    "a module whose file cannot be told": "class F:\n    def __str__(self): return 1 / 0\n__file__ = F()\n" + SECTION % "shy",
    "stdout wrapped": "import io, sys\nprint('响')\nsys.stdout = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8')\n" + SECTION % "shy",
    "stdout taken away": "import sys\nsys.stdout.detach()\n" + SECTION % "shy",
    "stderr closed": "import sys\nsys.stderr.close()\nprint('响')\n" + SECTION % "shy",
    "few calls within one another": "import inspect, sys\nsys.setrecursionlimit(len(inspect.stack()) + 20)\n" + SECTION % "shy",
}  # fmt: skip
"""Plugins that behave badly and do no harm: the engine keeps what it needs."""

GOOD = """
from baogao import Severity, hookimpl, rule, section

@rule("GOOD-001", title="只是看看", severity=Severity.WARNING)
def look(report, options):
    '''看一看。'''
    yield report.finding("", "看过了")

@hookimpl
def section_providers():
    return [section("good")]

@hookimpl
def validation_rules():
    return [look]
"""


def install(site: Path, kind: str, bad: Bad, name: str = "bad-{kind}") -> None:
    """Install a distribution into a folder of the search path: its package, its metadata, its entry points."""
    package = site / f"bad_{kind}"
    package.mkdir(parents=True)
    code = bad.code if isinstance(bad.code, bytes) else bad.code.encode()
    (package / "__init__.py").write_bytes(code)
    for path, text in bad.files.items():
        (package / path).parent.mkdir(parents=True, exist_ok=True)
        (package / path).write_text(text, encoding="utf-8")
    info = site / f"bad_{kind}-1.0.dist-info"
    info.mkdir()
    entries = bad.entries or "[baogao]\n{kind} = bad_{kind}\n"
    entries = entries if isinstance(entries, bytes) else entries.replace("{kind}", kind).encode()
    (info / "entry_points.txt").write_bytes(entries)
    (info / "METADATA").write_text(_metadata(kind, bad.metadata, name), encoding="utf-8")


def _metadata(kind: str, more: str, name: str) -> str:
    fields = {"Metadata-Version": "2.1", "Name": name.format(kind=kind.replace("_", "-")), "Version": "1.0"}
    fields |= dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "") for line in more.splitlines())
    return "".join(f"{key}: {value}\n" for key, value in fields.items() if value)
