"""OUTCOME: what a run found and made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from baogao.model.findings import Finding, Severity, State

if TYPE_CHECKING:
    from pathlib import Path

    from baogao.model.jobs import Artifact
    from baogao.model.report import Report
    from baogao.rules.ruleset import RuleSet
    from baogao.rules.running import Skipped

__all__ = ["Outcome"]

FAILED = frozenset({"PLG-001", "PLG-002", "PLG-003", "PLG-004", "PLG-005", "PLG-009", "PLG-010"})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found and made; it is `verified` where that was read back.

    `notes` are about plugins the report does not use. `printed` is what was read back of each artifact, by
    `<renderer>/<profile>`, in the order of `artifacts`.
    """

    report: Report
    findings: tuple[Finding, ...]
    rules: RuleSet
    artifacts: tuple[Artifact, ...] = ()
    written: tuple[Path, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    ran: tuple[str, ...] = ()
    notes: tuple[Finding, ...] = ()
    verified: bool = False
    printed: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])

    @property
    def ok(self) -> bool:
        """Tell whether nothing forbids filing."""
        return not self.fails_on(Severity.ERROR)

    def fails_on(self, severity: Severity) -> bool:
        """Tell whether a finding that is not waived is at least that grave, whatever its state."""
        return any(not finding.waived and finding.severity.rank <= severity.rank for finding in self.findings)

    @property
    def plugin_failed(self) -> bool:
        """Tell whether a plugin this report uses, or a rule, failed."""
        return any(finding.rule in FAILED for finding in self.findings)

    def summary(self) -> dict[str, int]:
        """Count the findings; one that is waived or unassessable is counted only there."""
        counts: Counter[str] = Counter(map(_counted_as, self.findings))
        return {name: counts[name] for name in ("error", "warning", "info", "waived", "unassessable")}


def _counted_as(finding: Finding) -> str:
    if finding.waived:
        return "waived"
    return "unassessable" if finding.state is State.UNASSESSABLE else finding.severity.value
