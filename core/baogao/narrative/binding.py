"""Fill the bound numbers of a narrative from the cells they name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from baogao.language import Message, say
from baogao.model.cells import GAP, Cell
from baogao.model.findings import Finding, State
from baogao.model.report import Block, Run

__all__ = ["Bound", "bind"]

Lookup = Callable[[str], Cell]


@dataclass(frozen=True, slots=True)
class Bound:
    """Blocks with their numbers filled in, and the bindings that could not be."""

    blocks: tuple[Block, ...]
    findings: tuple[Finding, ...]


def bind(blocks: tuple[Block, ...], path: str, lookup: Lookup) -> Bound:
    """Return the blocks of the section `path` with every bound number filled in; `lookup` raises KeyError."""
    binder = _Binder(path, lookup)
    return Bound(tuple(binder.block(block) for block in blocks), tuple(binder.findings))


@dataclass(slots=True)
class _Binder:
    path: str
    lookup: Lookup
    findings: list[Finding] = field(default_factory=list[Finding])

    def block(self, block: Block) -> Block:
        if not block.rows and not any(run.cell for run in block.runs):
            return block
        runs = tuple(self._run(run, block) for run in block.runs)
        rows = tuple(tuple(tuple(self._run(run, block) for run in cell) for cell in row) for row in block.rows)
        return replace(block, runs=runs, rows=rows)

    def _run(self, run: Run, block: Block) -> Run:
        if not run.cell:
            return run
        try:
            cell = self.lookup(run.cell)
        except KeyError as exc:
            self._find("NAR-101", exc.args[0], run, block)
            return replace(run, text=GAP)
        if cell.blank:
            message = say("绑定的“{path}”这一格还没有填", path=run.cell)
            self._find("NAR-102", message, run, block, State.UNASSESSABLE)
            return replace(run, text=GAP)
        return replace(run, text=cell.words())

    def _find(self, rule: str, message: Message, run: Run, block: Block, state: State = State.FAIL) -> None:
        self.findings.append(
            Finding(
                message,
                self.path,
                rule,
                state=state,
                cells=(run.cell,),
                quote=run.text,
                location=run.location or block.location,
            )
        )
