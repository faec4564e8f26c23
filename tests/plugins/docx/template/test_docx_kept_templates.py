"""A template composed for one report serves the next that is laid out alike, and no other."""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

import baogao
from baogao.model.jobs import Job, Output
from baogao_docx.document import template_of, values
from baogao_docx.renderer import DocxRenderer
from baogao_docx.template.collecting import find_templates
from baogao_docx.template.recipes import recipe_of

ROOT = Path(__file__).parents[4]
REPORTS = ("luolong-2020", "example-2023", "example-2024")
OPTIONS: tuple[dict[str, Any], ...] = ({}, {"contents": "true"}, {"landscape": "true"}, {"fonts": {"仿宋": "华文仿宋"}})


@pytest.fixture
def jobs(job_of: Callable[..., Job]) -> tuple[Job, ...]:
    reports = [baogao.load(ROOT / "examples" / name) for name in REPORTS]
    return tuple(
        replace(job_of(report), output=Output("docx", profile, options))
        for report in reports
        for profile in ("public", "filing")
        for options in OPTIONS
    )


@pytest.fixture(autouse=True)
def none_kept() -> Iterator[None]:
    forget()
    yield
    forget()


def forget() -> None:
    template_of.cache_clear()
    find_templates.cache_clear()


def test_a_kept_template_gives_the_bytes_of_a_new_one(jobs: tuple[Job, ...]):
    renderer = DocxRenderer()
    alone: list[bytes] = []
    for job in jobs:
        forget()
        alone.append(renderer.render(job).content)

    for first, second in permutations(range(len(jobs)), 2):
        if first % 5 == second % 3:
            assert renderer.render(jobs[first]).content == alone[first]
            assert renderer.render(jobs[second]).content == alone[second]


def test_reports_laid_out_alike_share_a_template(jobs: tuple[Job, ...]):
    report = jobs[0].report
    DocxRenderer().render(jobs[0])
    DocxRenderer().render(replace(jobs[0], report=replace(report, title="另一份报告")))

    assert template_of.cache_info().misses == 1


def test_a_chapter_without_a_title_is_laid_out_otherwise(jobs: tuple[Job, ...]):
    renderer = DocxRenderer()
    chapters = jobs[0].report.sections
    words_only = next(section for section in chapters if section.title and not section.tables)
    untitled = tuple(replace(section, title="") if section is words_only else section for section in chapters)
    other = replace(jobs[0], report=replace(jobs[0].report, sections=untitled))
    renderer.render(jobs[0])
    after = renderer.render(other).content
    forget()

    assert after == renderer.render(other).content


def test_a_template_that_was_changed_on_disk_is_read_anew(
    tmp_path: Path, jobs: tuple[Job, ...], job_of: Callable[..., Job]
):
    shell = tmp_path / "shell.docx"
    shell.write_bytes((ROOT / "templates" / "shell.docx").read_bytes())
    job = job_of(jobs[0].report, shell=shell)
    before = DocxRenderer().render(job).content

    shell.write_bytes((ROOT / "templates" / "shell.filing.docx").read_bytes())

    assert DocxRenderer().render(job).content != before


def test_a_template_travels_to_another_process_as_its_recipe(jobs: tuple[Job, ...]):
    job = jobs[0]
    composed, template = template_of(recipe_of(job))
    packed = pickle.dumps((template, values(job, composed)))
    program = "import pickle,sys; t, v = pickle.load(sys.stdin.buffer); sys.stdout.buffer.write(t.fill(v))"

    done = subprocess.run([sys.executable, "-c", program], input=packed, capture_output=True, check=True)

    assert done.stdout == DocxRenderer().render(job).content
