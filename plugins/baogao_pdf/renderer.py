"""The renderer as the engine knows it; pypdf and lxml load when a PDF is made, LibreOffice runs beside us."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from baogao import Artifact, Finding, Profile, TemplateError, hookimpl, say
from baogao_pdf.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from baogao import AnyRule, Job

__all__ = ["OPTIONS", "TIME_LIMIT", "PdfRenderer", "output_profiles", "renderers", "validation_rules"]

TIME_LIMIT = 60
"""How many seconds LibreOffice may take where `timeout` says nothing else."""

OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "timeout": {
        "type": ["string", "integer"],
        "regex": "[1-9][0-9]{0,3}",
        "min": 1,
        "max": 9999,
        "meta": {"printed": False, "label": "最多给 LibreOffice 多少秒：1 到 9999 的整数，不带单位"},
    }
}


@dataclass(frozen=True, slots=True)
class PdfRenderer:
    """Turn the DOCX of the same profile into a tagged PDF; what cannot be made is an error, never left out."""

    name: str = "pdf"
    needs: tuple[str, ...] = ("docx",)
    profiles: tuple[str, ...] = ("public", "filing")

    def render(self, job: Job) -> Artifact:
        """Return the PDF; raise TemplateError where LibreOffice is missing, hangs, fails or writes none."""
        from baogao_pdf.office import OfficeError, convert
        from baogao_pdf.stable import fixed

        document = _document(job)
        _require_reader()
        try:
            [content] = convert([document.content], timeout=int(job.output.options.get("timeout", TIME_LIMIT)))
            return Artifact(job.name, "pdf", "application/pdf", fixed(content, job.report.date))
        except OfficeError as exc:
            raise TemplateError([Finding(exc.message, rule="PDF-003", hint=exc.hint)]) from exc

    def read_back(self, artifact: Artifact, job: Job) -> dict[str, str]:
        """Return what the DOCX prints; raise TemplateError with each place where the PDF prints otherwise."""
        from baogao_pdf.reading import differences

        if found := tuple(differences(artifact, _document(job))):
            raise TemplateError(found)
        return dict(job.printed.get(f"docx/{job.output.profile}", {}))


def _document(job: Job) -> Artifact:
    """Return the DOCX of the job's own profile; raise TemplateError where it was not made."""
    document = job.made.get(f"docx/{job.output.profile}")
    if document is None:
        message = say("没有可以转成 PDF 的 DOCX（{profile}）", profile=job.output.profile)
        hint = say("先改正 DOCX 的问题；outputs 里没有这种 DOCX 的，加上 {output}", output=_output(job))
        raise TemplateError([Finding(message, rule="PDF-003", hint=hint)])
    return document


def _require_reader() -> None:
    """Raise TemplateError where pypdf is missing: a PDF that cannot be read back is not written."""
    if importlib.util.find_spec("pypdf") is None:
        hint = say("运行 pip install 'baogao[pdf]'；不要 PDF 的，从 outputs 里去掉 pdf")
        raise TemplateError([Finding(say("没有安装 pypdf，PDF 不能读回核对"), rule="PDF-003", hint=hint)])


def _output(job: Job) -> str:
    return f"{{renderer: docx, profile: {job.output.profile}}}"


@hookimpl
def renderers() -> Iterable[PdfRenderer]:
    """Bring the PDF renderer."""
    return [PdfRenderer()]


@hookimpl
def output_profiles() -> Iterable[Profile]:
    """Bring the profiles with the options they take; their titles are those of the DOCX."""
    return [Profile("public", "pdf", options=OPTIONS), Profile("filing", "pdf", "报送件", OPTIONS)]


@hookimpl
def validation_rules() -> Iterable[AnyRule]:
    """Bring the rules on what is printed as PDF."""
    return RULES
