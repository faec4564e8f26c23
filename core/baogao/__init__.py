"""baogao (报告): official reports assembled from plugins.

A plugin author needs nothing but this module; whatever is heavy loads only when it is used.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from baogao.api import build, check, load, read_lexicon
from baogao.errors import BaogaoError, InputError, OutputError, PluginError, TemplateError
from baogao.hooks.markers import hookimpl
from baogao.language import Message, listed, say
from baogao.model.cells import GAP, Cell, CellType, Value
from baogao.model.findings import Finding, Location, Severity, State, Waiver
from baogao.model.forms import Form
from baogao.model.jobs import Annotator, Artifact, Job, Linker, Output, Profile, Renderer, Resources, TemplateKeeper
from baogao.model.lexicons import Word
from baogao.model.report import Block, Head, OptionText, PlannedOutput, Report, Run, Section, Unit
from baogao.model.rules import AnyRule, ArtifactRule, Rule, Scope, artifact_rule, rule
from baogao.model.sections import Content, SectionProvider, Source, SourceReader, section
from baogao.model.tables import Table, TableSpec
from baogao.stages.outcome import Outcome

if TYPE_CHECKING:
    from baogao.expressions import Expression, Number, number_text, parse_expression
    from baogao.narrative.numbers import FoundNumber, Statement, matched_numbers, numbers_of, zero_statements
    from baogao.narrative.sentences import clause_around, sentence_around, sentence_span, sentences_in

__version__ = "0.1.0"

ON_DEMAND: Mapping[str, str] = MappingProxyType(
    {
        "Expression": "baogao.expressions",
        "FoundNumber": "baogao.narrative.numbers",
        "Number": "baogao.expressions",
        "Statement": "baogao.narrative.numbers",
        "clause_around": "baogao.narrative.sentences",
        "matched_numbers": "baogao.narrative.numbers",
        "number_text": "baogao.expressions",
        "numbers_of": "baogao.narrative.numbers",
        "parse_expression": "baogao.expressions",
        "sentence_around": "baogao.narrative.sentences",
        "sentence_span": "baogao.narrative.sentences",
        "sentences_in": "baogao.narrative.sentences",
        "zero_statements": "baogao.narrative.numbers",
    }
)
"""What rules on numbers and sentences need: it is imported when it is asked for, so that a start stays quick."""

__all__ = [
    "GAP",
    "Annotator",
    "AnyRule",
    "Artifact",
    "ArtifactRule",
    "BaogaoError",
    "Block",
    "Cell",
    "CellType",
    "Content",
    "Expression",
    "Finding",
    "Form",
    "FoundNumber",
    "Head",
    "InputError",
    "Job",
    "Linker",
    "Location",
    "Message",
    "Number",
    "OptionText",
    "Outcome",
    "Output",
    "OutputError",
    "PlannedOutput",
    "PluginError",
    "Profile",
    "Renderer",
    "Report",
    "Resources",
    "Rule",
    "Run",
    "Scope",
    "Section",
    "SectionProvider",
    "Severity",
    "Source",
    "SourceReader",
    "State",
    "Statement",
    "Table",
    "TableSpec",
    "TemplateError",
    "TemplateKeeper",
    "Unit",
    "Value",
    "Waiver",
    "Word",
    "artifact_rule",
    "build",
    "check",
    "clause_around",
    "hookimpl",
    "listed",
    "load",
    "matched_numbers",
    "number_text",
    "numbers_of",
    "parse_expression",
    "read_lexicon",
    "rule",
    "say",
    "section",
    "sentence_around",
    "sentence_span",
    "sentences_in",
    "zero_statements",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for for the first time."""
    if name not in ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(ON_DEMAND[name]), name)
