"""baogao (报告): official reports assembled from plugins.

A plugin author needs nothing but this module; whatever is heavy loads only when it is used.
"""

from baogao.api import build, check, load
from baogao.errors import BaogaoError, InputError, OutputError, PluginError, TemplateError
from baogao.hooks.markers import hookimpl
from baogao.language import Message, listed, say
from baogao.model.cells import GAP, Cell, CellType, Value
from baogao.model.findings import Finding, Location, Severity, State, Waiver
from baogao.model.forms import Form
from baogao.model.jobs import Annotator, Artifact, Job, Linker, Output, Profile, Renderer, Resources, TemplateKeeper
from baogao.model.report import Block, Head, Report, Run, Section, Unit
from baogao.model.rules import ArtifactRule, Rule, Scope, rule
from baogao.model.sections import Content, SectionProvider, Source, SourceReader, section
from baogao.model.tables import Table, TableSpec

__version__ = "0.1.0"

__all__ = [
    "GAP",
    "Annotator",
    "Artifact",
    "ArtifactRule",
    "BaogaoError",
    "Block",
    "Cell",
    "CellType",
    "Content",
    "Finding",
    "Form",
    "Head",
    "InputError",
    "Job",
    "Linker",
    "Location",
    "Message",
    "Output",
    "OutputError",
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
    "Table",
    "TableSpec",
    "TemplateError",
    "TemplateKeeper",
    "Unit",
    "Value",
    "Waiver",
    "build",
    "check",
    "hookimpl",
    "listed",
    "load",
    "rule",
    "say",
    "section",
]
