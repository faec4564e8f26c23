"""What is wrong in `outputs:` is told with the form that is wanted, and full-width signs are named."""

from pathlib import Path

import pytest

from reports import Run, sample

SEE = "写法见 docs/writing.md 的 report.yaml 一节"


@pytest.mark.parametrize(
    ("outputs", "rule", "message", "hint"),
    [
        (
            '[{renderer: docx, profile: filing, number: "洛统[2021]2号"}]',
            "SRC-008",
            "“number”：“洛统[2021]2号”不合要求",
            f"number 是发文字号，如 洛统〔2021〕2号；{SEE}",
        ),
        (
            "[{renderer: pdf, timeout: 60秒}]",
            "SRC-008",
            "“timeout”：“60秒”不合要求",
            f"timeout 是最多给 LibreOffice 多少秒：1 到 9999 的整数，不带单位；{SEE}",
        ),
        (
            "[{renderer: html, colum: {name: 年报}}]",
            "SRC-008",
            "不认识“colum”；是否想写“column”？",
            f"html 还可以写：column、article；{SEE}",
        ),
        (
            "[{renderer: html, article: {url: [a]}}]",
            "SRC-008",
            "“article.url”应为文字，写的是“[a]”",
            f"article.url 是网页的网址，以 https:// 开头；{SEE}",
        ),
        (
            "[docx，html]",
            "SRC-008",
            "“docx，html”里的逗号是全角的“，”，应改为半角“,”，后面空一格",
            f"{SEE}；也可以对照 baogao new 新建的",
        ),
        (
            "[docx、html]",
            "SRC-008",
            "“docx、html”里是顿号“、”，应改为半角逗号“,”，后面空一格",
            f"{SEE}；也可以对照 baogao new 新建的",
        ),
        (
            "[{renderer：docx}]",
            "SRC-008",
            "“renderer：docx”中的冒号是全角的“：”，应改为半角“:”，后面空一格",
            f"{SEE}；也可以对照 baogao new 新建的",
        ),
        ("[]", "SRC-008", "“outputs”没有填", f"{SEE}；也可以对照 baogao new 新建的"),
    ],
)
def test_what_is_wanted_is_said(run: Run, tmp_path: Path, outputs: str, rule: str, message: str, hint: str):
    report = sample(tmp_path, {"report.yaml": ("outputs: [docx, html]", f"outputs: {outputs}")})

    ran = run("check", report, "--format", "json")
    if ran.out:
        [found] = [found for found in ran.json["findings"] if found["severity"] == "error"]
        assert (found["rule"], found["message"], found["hint"]) == (rule, message, hint)
    else:
        assert ran.code == 2
        assert [said.rule for said in ran.findings] == [rule]
        assert message in ran.err
        assert f"怎么改：{hint}" in ran.err
