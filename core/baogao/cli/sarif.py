"""Findings as SARIF 2.1.0, the format in which code review and editors exchange what checkers found."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from baogao import __version__
from baogao.language import Catalogue
from baogao.model.findings import Finding, Location, Severity, Waiver
from baogao.model.rules import AnyRule
from baogao.stages.outcome import Outcome

__all__ = ["as_sarif"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
FINGERPRINT = "baogao/v1"
Json = dict[str, Any]


def as_sarif(outcome: Outcome, catalogue: Catalogue) -> Json:
    """Return the outcome as a SARIF log of one run."""
    rules = dict(sorted(outcome.rules.rules.items()))
    numbers = {rule_id: number for number, rule_id in enumerate(rules)}
    language = "en-US" if catalogue.speaks else "zh-CN"
    driver: Json = {
        "name": "baogao",
        "semanticVersion": __version__,
        "language": language,
        "rules": [_rule(rule, catalogue) for rule in rules.values()],
    }
    run: Json = {
        "tool": {"driver": driver},
        "language": language,
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not outcome.plugin_failed}],
        "results": [_result(finding, numbers, catalogue) for finding in outcome.findings],
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: AnyRule, catalogue: Catalogue) -> Json:
    title = catalogue.text(rule.title)
    said = (catalogue.text(text) for text in (rule.explanation, rule.hint, rule.basis))
    help_text = "\n".join(filter(None, said))
    return {
        "id": rule.id,
        "name": title,
        "shortDescription": {"text": title},
        "help": {"text": help_text or title},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {"gate": catalogue.text(rule.gate), "basis": catalogue.text(rule.basis)},
    }


def _result(finding: Finding, numbers: Mapping[str, int], catalogue: Catalogue) -> Json:
    """Return a finding. It keeps its level where it could not be assessed: an untouched form must not pass."""
    named: Json = {"ruleId": finding.rule} if finding.rule else {}
    indexed: Json = {"ruleIndex": numbers[finding.rule]} if finding.rule in numbers else {}
    location = _location(finding)
    return {
        **named,
        **indexed,
        "level": LEVELS[finding.severity],
        "message": {"text": catalogue.text(finding.message)},
        "locations": [location] if location else [],
        "partialFingerprints": {FINGERPRINT: finding.fingerprint},
        # SARIF wants all results of a run to say whether they are suppressed, or none.
        "suppressions": [_suppression(finding.waived)] if finding.waived else [],
        "properties": {"state": finding.state.value, "cells": list(finding.cells), "quote": finding.quote},
    }


def _location(finding: Finding) -> Json:
    physical: Json = {"physicalLocation": _physical(finding.location)} if finding.location else {}
    logical: Json = {"logicalLocations": [{"fullyQualifiedName": finding.path}]} if finding.path else {}
    return physical | logical


def _physical(place: Location) -> Json:
    region: Json = {} if place.line is None else {"startLine": place.line}
    if region and place.column is not None:
        region["startColumn"] = place.column
    return {"artifactLocation": {"uri": _uri(place.file)}, **({"region": region} if region else {})}


def _uri(file: str) -> str:
    """Return a file of the report as a relative reference, and one elsewhere as a file: URI."""
    path = Path(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix(), errors="surrogateescape")


def _suppression(waiver: Waiver) -> Json:
    until = waiver.until.isoformat() if waiver.until else None
    given: Json = {
        "author": waiver.author,
        "approver": waiver.approver,
        "date": waiver.date.isoformat(),
        "until": until,
    }
    return {"kind": "external", "status": "accepted", "justification": waiver.reason, "properties": given}
