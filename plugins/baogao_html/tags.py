"""The page tags (网页标签) that 国办发〔2017〕47号《政府网站发展指引》 asks of an article on a government website."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from baogao.model.jobs import Job

__all__ = ["OPTIONS", "Tag", "column_of", "page_tags", "website_of"]

WORDS: Mapping[str, Any] = {"type": ["string", "integer"]}


def _words(label: str) -> Mapping[str, Any]:
    return {**WORDS, "meta": {"label": label}}


def _no_prose(label: str) -> Mapping[str, Any]:
    return {**WORDS, "meta": {"prose": False, "label": label}}


OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "column": {
        "type": "dict",
        "schema": {
            "name": _words("栏目名称"),
            "description": _words("栏目的说明"),
            "keywords": _no_prose("几个关键词，用半角逗号隔开"),
            "type": _words("栏目类别，如 信息公开年报"),
        },
        "meta": {"label": "网页所在的栏目：{name: 政府信息公开年报, type: 信息公开年报}"},
    },
    "article": {
        "type": "dict",
        "schema": {
            "published": _no_prose('发布时间，如 "2021-01-20 09:00"'),
            "source": _words("来源"),
            "keywords": _no_prose("几个关键词，用半角逗号隔开"),
            "author": _words("作者"),
            "description": _words("摘要"),
            "image": _no_prose("图片的网址"),
            "url": _no_prose("网页的网址，以 https:// 开头"),
        },
        "meta": {"label": "网页自己的标签：{published, source, keywords, author, description, image, url}"},
    },
}
"""What an output may say of its page: of the column it stands in, and of itself."""


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag; `key` is what to fill in for it, in report.yaml or in the output's entry there."""

    name: str
    content: str
    key: str
    required: bool = True


def page_tags(job: Job) -> tuple[Tag, ...]:
    """Return all tags in their official order, content "" for what is not known."""
    return (*_site(job), *_column(job), *_article(job))


def website_of(job: Job) -> dict[str, str]:
    """Return what is known of the site, "" for what is not; an id typed as a number is printed as typed."""
    return {**dict.fromkeys(("name", "domain", "id"), ""), **_texts(job.report.unit.extra.get("website"))}


def column_of(job: Job) -> dict[str, str]:
    """Return the column the page stands in: the form's, with what the output says; empty for a form without one."""
    return {**job.report.column, **_texts(job.output.options.get("column"))}


def _texts(given: object) -> dict[str, str]:
    known = cast("Mapping[str, object]", given if isinstance(given, Mapping) else {})
    return {name: str(value) for name, value in known.items() if value is not None}


def _site(job: Job) -> Iterator[Tag]:
    website = website_of(job)
    for name, key in (("SiteName", "name"), ("SiteDomain", "domain"), ("SiteIDCode", "id")):
        yield Tag(name, website[key].strip(), f"unit.website.{key}")


def _column(job: Job) -> Iterator[Tag]:
    """Yield the tags of the column; a page that stands in none has none."""
    column = column_of(job)
    for key in ("name", "description", "keywords", "type") if column else ():
        yield Tag(f"Column{key.capitalize()}", column.get(key, "").strip(), f"outputs.column.{key}")


def _article(job: Job) -> Iterator[Tag]:
    report, article = job.report, _texts(job.output.options.get("article"))
    day = f"{report.date.isoformat()} 00:00" if report.date else ""
    keywords = f"{report.form_title},{report.unit.name},{report.year}年" if report.form_title else ""
    yield Tag("ArticleTitle", report.title, "title")
    yield Tag(
        "PubDate", article.get("published", day), "outputs.article.published" if "published" in article else "date"
    )
    yield Tag("ContentSource", article.get("source", report.unit.name), "unit.name")
    yield Tag("Keywords", article.get("keywords", keywords), "outputs.article.keywords", required=False)
    for key in ("author", "description", "image", "url"):
        yield Tag(key.capitalize(), article.get(key, ""), f"outputs.article.{key}", required=False)
