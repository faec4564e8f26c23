"""What stops the program; bad data does not, it is a finding.

BaogaoError
├── InputError      report.yaml or the form's edition cannot be read: there is no report
├── TemplateError   a template is wrong; the findings name the places in it
├── PluginError     a plugin broke while it was used
└── OutputError     an artifact could not be written
"""

from __future__ import annotations

from collections.abc import Iterable

from baogao.model.findings import Finding

__all__ = ["BaogaoError", "InputError", "OutputError", "PluginError", "TemplateError"]


class BaogaoError(Exception):
    """Base of all; `findings` say what, where, and what to do."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Take the findings that explain the error."""
        self.findings = tuple(findings)
        super().__init__("\n".join(_line(finding) for finding in self.findings))


def _line(finding: Finding) -> str:
    place = f"{finding.location}: " if finding.location else ""
    return f"{place}{finding.message}"


class InputError(BaogaoError):
    """There is no report to work on: report.yaml is missing, unreadable or wrong, or its edition is unknown."""


class TemplateError(BaogaoError):
    """A template cannot be used."""


class PluginError(BaogaoError):
    """A plugin raised, or gave something the engine cannot use."""


class OutputError(BaogaoError):
    """The artifacts of a run could not be written; nothing was."""
