"""The hooks. Each is called once per run, and only declares: the engine uses what it returns.

A hook that raises, or returns something else than it should, is reported with its plugin (PLG-002, PLG-003) and
spoils only that plugin. The order in which plugins load changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from baogao.hooks.markers import hookspec

if TYPE_CHECKING:
    from baogao.model.cells import CellType
    from baogao.model.forms import Form
    from baogao.model.jobs import Profile, Renderer
    from baogao.model.rules import ArtifactRule, Rule
    from baogao.model.sections import SectionProvider, SourceReader

__all__ = [
    "field_types",
    "output_profiles",
    "renderers",
    "report_forms",
    "section_providers",
    "source_readers",
    "validation_rules",
]


@hookspec
def report_forms() -> Iterable[Form]:
    """Return forms; their editions lie in `schemas/<form>/<edition>/form.yaml` beside the plugin's file."""
    ...


@hookspec
def section_providers() -> Iterable[SectionProvider]:
    """Return sections; one appears in a report when its form or its report.yaml names it."""
    ...


@hookspec
def validation_rules() -> Iterable[Rule | ArtifactRule]:
    """Return rules; they run on every report in their scope."""
    ...


@hookspec
def field_types() -> Mapping[str, CellType]:
    """Return further cell types for schemas, by name; their rules are Cerberus rules."""
    ...


@hookspec
def renderers() -> Iterable[Renderer]:
    """Return renderers; one is used when `outputs:` in report.yaml, or `--to`, names it."""
    ...


@hookspec
def output_profiles() -> Iterable[Profile]:
    """Return profiles: further kinds of copies of a renderer, one's own or another plugin's, and their options."""
    ...


@hookspec
def source_readers() -> Iterable[SourceReader]:
    """Return readers of further input files, found by their suffix beside report.yaml."""
    ...
