"""The kinds of copies this renderer makes, the options they take in report.yaml, and what these print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from baogao.model.cells import GAP
from baogao.model.jobs import Job, Profile

__all__ = ["LETTER", "PROFILES", "asked", "is_letter", "is_sealed", "shell_files", "shell_values"]

_TEXT = {"type": "string", "empty": False}
_SWITCH = {"type": ["string", "boolean"], "allowed": ["true", "false", True, False]}

LOOKS: Mapping[str, Mapping[str, Any]] = {
    "fonts": {
        "type": "dict",
        "keysrules": {"type": "string", "allowed": ["小标宋", "仿宋", "楷体", "黑体", "宋体"]},
        "valuesrules": {"type": ["string", "list"], "empty": False, "schema": _TEXT},
        "meta": {"printed": False, "label": "字体：{小标宋: 方正小标宋_GBK}，也可以写几个，前一个没有时用后一个"},
    },
    "contents": {**_SWITCH, "meta": {"printed": False, "label": "加目录；true 或 false"}},
    "landscape": {**_SWITCH, "meta": {"printed": False, "label": "最宽的表横排一页；true 或 false"}},
}

LETTER: Mapping[str, Mapping[str, Any]] = {
    "number": {
        **_TEXT,
        "regex": r"[^〔〕\[\]（）()]+〔[0-9]{4}〕[0-9]+号",
        "meta": {"label": "发文字号，如 洛统〔2021〕2号"},
    },
    "to": {**_TEXT, "meta": {"label": "主送机关"}},
    "signature": {**_TEXT, "meta": {"label": "署名；不写则为单位名称"}},
    "seal": {**_SWITCH, "meta": {"label": "是否盖章；true 或 false，不写为 true"}},
    "enclosures": {"type": "list", "empty": False, "schema": _TEXT, "meta": {"label": "附件说明：各附件的名称"}},
}

PROFILES = (
    Profile("public", "docx", "", LOOKS),
    Profile("filing", "docx", "报送件", {**LETTER, **LOOKS}),
)


def shell_files(profile: str) -> tuple[str, ...]:
    """Return what the file of the shell of a profile may be called; the first that exists is used."""
    return ("shell.docx",) if profile in ("", PROFILES[0].name) else (f"shell.{profile}.docx", "shell.docx")


def asked(job: Job, option: str) -> bool:
    """Tell whether an option that is true or false is true; YAML files give these as words."""
    return str(job.output.options.get(option, "")).lower() == "true"


def is_sealed(job: Job) -> bool:
    """Tell whether a paper is to be sealed, as it is where report.yaml does not say otherwise."""
    return str(job.output.options.get("seal", "true")).lower() == "true"


def is_letter(job: Job) -> bool:
    """Tell whether a job makes a paper that is sent to an office."""
    return job.output.profile == "filing"


def shell_values(job: Job) -> dict[str, Any]:
    """Return what a shell may name as `shell.…`, as printed texts; "" where report.yaml does not say it."""
    from baogao.templating import chinese_date
    from baogao_docx.drawing.signing import signed_name
    from baogao_docx.drawing.titles import break_title

    options, report = job.output.options, job.report
    return {
        "title": break_title(report.title, report.unit.name),
        "number": str(options.get("number", "")),
        "to": str(options.get("to", "")).rstrip("：:"),
        "signature": signed_name(str(options.get("signature", report.unit.name))),
        "date": chinese_date(report.date) or (GAP if job.draft else ""),
        "enclosures": enclosure_lines([str(name) for name in options.get("enclosures", ())]),
        "contents": "",
    }


def enclosure_lines(names: list[str]) -> list[str]:
    """Return the lines of the list of enclosures (GB/T 9704—2012, 7.3.4): numbered where there are several."""
    if len(names) < 2:
        return [f"附件：{name}" for name in names]
    return [f"{'　　　' if number > 1 else '附件：'}{number}. {name}" for number, name in enumerate(names, 1)]
