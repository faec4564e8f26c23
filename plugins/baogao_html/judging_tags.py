"""Judge what the tags of a page say: a time there is, the site's domain, addresses of pages."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from baogao.language import Message, say
from baogao.model.findings import Severity

if TYPE_CHECKING:
    from baogao.model.findings import Finding
    from baogao.model.jobs import Job

__all__ = ["gravity", "judge_tags"]

TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}")
SITE_ID = re.compile(r"[0-9A-Za-z]{10}")
DOMAIN = re.compile(r"(?:[\w-]+\.)+[\w-]{2,}(?::[0-9]{1,5})?")
ADDRESS = re.compile(r"https?://[^\s<>\"']+")
RELATIVE = re.compile(r"[^\s<>\"':]+")


def gravity(job: Job) -> Severity:
    """Return how grave it is that a page may not be published: a draft is not published anyway."""
    return Severity.WARNING if job.draft else Severity.ERROR


def judge_tags(job: Job, printed: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what is wrong with the printed tags; those that are missing are judged elsewhere."""
    if published := printed.get("PubDate"):
        yield from _judged_time(job, published)
    yield from _judged_site(job, printed)
    yield from _judged_addresses(job, printed)


def _judged_time(job: Job, published: str) -> Iterator[Finding]:
    """Yield what is wrong with the time of publication; the date of the report itself is judged by META-009."""
    day = _day(published)
    if day is None:
        message = say("标签 PubDate 应写成“年-月-日 时:分”，如 2021-01-20 09:00：{value}", value=published)
        yield _finding(job, "article.published", "date", message, severity=gravity(job))
    elif day == job.report.date:
        return
    elif day > date.today():
        message = say("标签 PubDate 的 {date} 还没有到", date=day)
        yield _finding(job, "article.published", "date", message, severity=gravity(job))
    elif day.year <= job.report.year:
        message = say("标签 PubDate 的 {date} 不在 {year} 年度结束之后", date=day, year=job.report.year)
        yield _finding(job, "article.published", "date", message, severity=gravity(job))
    elif job.report.date:
        message = say("标签 PubDate 是 {tag}，网页上的发布日期是 {date}", tag=day, date=job.report.date)
        hint = say("改正 article.published 或 date，使两处是同一天")
        yield _finding(job, "article.published", "date", message, severity=Severity.WARNING, hint=hint)


def _day(published: str) -> date | None:
    """Return the day of a time as the tag has it, or None where there is no such time."""
    if not TIME.fullmatch(published):
        return None
    try:
        return datetime.fromisoformat(published).date()
    except ValueError:
        return None


def _judged_site(job: Job, printed: Mapping[str, str]) -> Iterator[Finding]:
    site, domain = printed.get("SiteIDCode", ""), printed.get("SiteDomain", "")
    if site and not SITE_ID.fullmatch(site):
        message = say("标签 SiteIDCode 是 10 位的政府网站标识码：{value}", value=site)
        yield _finding(job, "", "unit", message, severity=Severity.WARNING)
    if domain and not DOMAIN.fullmatch(domain):
        message = say("标签 SiteDomain 只写域名，如 www.example.gov.cn：{value}", value=domain)
        hint = say("去掉 unit.website.domain 里的 https:// 和域名后面的斜杠、路径")
        yield _finding(job, "", "unit", message, severity=Severity.WARNING, hint=hint)


def _judged_addresses(job: Job, printed: Mapping[str, str]) -> Iterator[Finding]:
    url, image = printed.get("Url", ""), printed.get("Image", "")
    if url and not ADDRESS.fullmatch(url):
        message = say("标签 Url 应是 http:// 或 https:// 开头的网址：{value}", value=url)
        yield _finding(job, "article.url", "outputs", message, severity=gravity(job))
    if image and not (ADDRESS.fullmatch(image) or RELATIVE.fullmatch(image)):
        message = say("标签 Image 应是图片的网址：{value}", value=image)
        yield _finding(job, "article.image", "outputs", message, severity=gravity(job))


def _finding(job: Job, option: str, key: str, message: Message, **more: Any) -> Finding:
    """Return a finding at the option of the output, where it is written there, or else at the key of report.yaml."""
    planned = (planned for planned in job.report.outputs if option and planned.output == job.output)
    texts = (text for made in planned for text in made.texts if text.name == option)
    place = next((text.location for text in texts), None)
    hint = more.pop("hint", None) or (say("改正 report.yaml 里的 {option}", option=option) if place else "")
    return job.report.finding("", message, key=key, location=place, hint=hint, **more)
