"""A new plugin: a complete distribution, or a single file for one report, that works before a word is changed."""

from __future__ import annotations

import importlib.util
import re
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from baogao import __version__
from baogao.definitions.checks import RESERVED
from baogao.definitions.defaults import read_defaults
from baogao.designing import drawn_template, open_desk, sample_of, section_of, surveyed_edition
from baogao.files.yaml import quoted
from baogao.hooks.loading import Selection
from baogao.hooks.registry import Registry
from baogao.language import Message, say
from baogao.model.jobs import TemplateKeeper
from baogao.samples import Data, plain

__all__ = [
    "DEFAULT_NAME",
    "DEFAULT_TITLE",
    "NewPlugin",
    "draw_distribution",
    "draw_single",
    "name_fault",
    "title_fault",
]

DEFAULT_NAME = "my-training"
DEFAULT_TITLE = "政务公开培训情况"
FILES = Path(__file__).parent / "files"
WORD = re.compile(r"[a-z][a-z0-9]*")
NAME = re.compile(rf"{WORD.pattern}(-{WORD.pattern})*")
TITLE = re.compile(r"(?![一二三四五六七八九十]+、)[^\x00-\x20\"'\\{}<>#:|`]{1,40}")


@dataclass(frozen=True, slots=True)
class NewPlugin:
    """What is known of a plugin before it is begun: the name of its distribution, and the title of its chapter."""

    name: str
    title: str

    @property
    def package(self) -> str:
        """Return the name of its module, which is the plugin's name too."""
        return self.name.replace("-", "_")

    @property
    def section(self) -> str:
        """Return the id of its section: the last word of the name."""
        return self.name.rpartition("-")[2]

    @property
    def prefix(self) -> str:
        """Return what the ids of its rules begin with."""
        return self.section.upper()


def name_fault(name: str, registry: Registry, *, single: bool = False) -> Message | None:
    """Return why a plugin cannot be called so, or None; a single file is no module and takes no module's name."""
    new = NewPlugin(name, "")
    if single and not WORD.fullmatch(name):
        return say("名称“{name}”不能用：写小写字母和数字，字母开头，如 training", name=name)
    if not NAME.fullmatch(name):
        return say("名称“{name}”不能用：写小写字母、数字和连字符，每个词都以字母开头，如 luolong-training", name=name)
    if new.section in RESERVED or iskeyword(new.section):
        return say("“{section}”有别的用处，不能作章节的名字；名称换一个最后的词", section=new.section)
    if new.section in registry.section_ids():
        return say("已经有插件提供章节“{section}”；名称换一个最后的词", section=new.section)
    if not single and _is_taken(new.package):
        return say("已经有名为 {module} 的 Python 模块；换一个名称", module=new.package)
    return None


def _is_taken(module: str) -> bool:
    """Tell whether there is a module of that name; a mere folder of that name is none."""
    found = importlib.util.find_spec(module)
    return module in sys.stdlib_module_names or (found is not None and found.origin is not None)


def title_fault(title: str) -> Message | None:
    """Return why a chapter cannot have this title, or None."""
    if TITLE.fullmatch(title):
        return None
    return say("标题“{title}”不能用：不写“七、”这样的序号，不能有空格、半角的引号和符号，最多 40 个字", title=title)


def draw_distribution(new: NewPlugin, registry: Registry, selection: Selection) -> dict[str, bytes]:
    """Return the files of a distribution by their names, its templates drawn by the engine."""
    surveyed = surveyed_edition(registry, read_defaults().form)
    edition, sample = surveyed.edition, dict(sample_of(surveyed))
    own = {"sample": sample, "last": edition.chapters[-1].section, "outputs": list(edition.outputs)}
    values = _values(new) | own
    files = dict(_filled("distribution", new, values))
    for name, given in sample["sections"].items():
        files.update(_sample_files(name, given))
    for suffix in _template_suffixes(edition.outputs, registry):
        files[f"{new.package}/templates/{new.section}{suffix}"] = _fragment(new, suffix, selection)
    return files


def draw_single(new: NewPlugin) -> dict[str, bytes]:
    """Return the files of a plugin for one report, by their names in its folder."""
    return dict(_filled("single", new, _values(new)))


def _values(new: NewPlugin) -> Data:
    own = {name: getattr(new, name) for name in ("name", "title", "package", "section", "prefix")}
    return own | {"versions": _versions(__version__), "form": read_defaults().form}


def _versions(version: str) -> str:
    """Return the versions of baogao that promise to be compatible: docs/compatibility.md."""
    major, minor, *_ = version.split(".")
    return f">={major}.{minor},<0.{int(minor) + 1}" if major == "0" else f">={major}.{minor},<{int(major) + 1}"


def _filled(kind: str, new: NewPlugin, values: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of one kind of plugin: PACKAGE and SECTION in their paths are its names."""
    root = FILES / kind
    for path in sorted(root.rglob("*.jinja")):
        inside = path.relative_to(root).as_posix().removesuffix(".jinja")
        name = inside.replace("PACKAGE", new.package).replace("SECTION", new.section)
        yield name, _fill(f"{kind}/{inside}.jinja", values)


def _fill(template: str, values: Mapping[str, Any]) -> bytes:
    """Fill in a file; its marks are << >> and <% %>, since the files hold {{ }} of their own."""
    environment = Environment(  # noqa: S701  # not HTML: Python, YAML, TOML and Markdown
        loader=FileSystemLoader(FILES),
        undefined=StrictUndefined,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        trim_blocks=False,
    )
    environment.filters |= {"quoted": quoted, "plain": plain}
    return (environment.get_template(template).render(values).rstrip("\n") + "\n").encode()


def _sample_files(section: str, given: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a section of the sample report."""
    if given.get("data"):
        yield f"sample/{section}.yaml", _fill("sample/table.yaml.jinja", {"data": given["data"]})
    if given.get("text"):
        yield f"sample/{section}.md", str(given["text"]).encode()


def _template_suffixes(outputs: Iterable[str], registry: Registry) -> Iterator[str]:
    """Yield the suffixes of the templates that people edit for these outputs."""
    renderers = (given.value for name in outputs for given in registry.renderers(name)[:1])
    yield from dict.fromkeys(one.template_suffix for one in renderers if isinstance(one, TemplateKeeper))


def _fragment(new: NewPlugin, suffix: str, selection: Selection) -> bytes:
    """Return the section's template as the engine draws it from the definition."""
    with tempfile.TemporaryDirectory() as folder:
        for name, content in draw_single(new).items():
            path = Path(folder) / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(content)
        _beside_plugin(Path(folder))
        plugin = Path(folder) / "plugins" / f"{new.section}.py"
        desk = open_desk(selection.and_also(Selection(local=(plugin,))), form=read_defaults().form, section=new.section)
        return drawn_template(desk, Path(f"{new.section}{suffix}"), section_of(desk, new.section), "")


def _beside_plugin(folder: Path) -> None:
    """Put the definition where a plugin that belongs to no report has it: beside the plugin's file."""
    (folder / "schemas").rename(folder / "plugins" / "schemas")
