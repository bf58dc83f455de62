"""Reference pages: golden files for an own pack, and the site in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from browser import open_page
from stackwarden.report.pages import html_site, markdown_pages
from stackwarden.run.reference import Reference, reference

_URL = '''
param wanted: string = "AWS_IAM" "the type that URLs should have"

rule url-open {
    title     "URL is <open> | to all"
    severity  high
    category  authn
    maps      { checkov: ["CKV_AWS_258"], owasp-api: ["API2:2023"] }
    because   "Anyone can call it."
    remediate "Set AuthType to AWS_IAM."
    see       ["https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html"]

    # Absent is refused by CloudFormation.
    for url in AWS::Lambda::Url
    require url.AuthType != "NONE" or wanted == "NONE"
        else "{url} is open to <b>all</b>"
        at url.AuthType
    fix set url.AuthType = "AWS_IAM"

    example "by stage"
        fails at Url when {Stage: dev}
        passes when {Stage: prod} """
        Parameters: {Stage: {Type: String}}
        Conditions: {IsProd: !Equals [!Ref Stage, prod]}
        Resources:
          Url:
            Type: AWS::Lambda::Url
            Properties:
              TargetFunctionArn: f
              AuthType: !If [IsProd, AWS_IAM, NONE]
    """
    example "unknown" maybe at Url """
        Resources:
          Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !ImportValue auth}}
    """
}
'''
_BUCKET = '''
rule bucket-named {
    title "Bucket has a fixed name"
    severity low
    for bucket in AWS::S3::Bucket
    require bucket.BucketName is absent
    example "named" fails """
        Resources: {Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: mine}}}
    """
}
'''
_STANDARD = """
title = "House rules"
version = "1"
see = "https://example.org/rules"
about = "What we ask for."

[[requirements]]
id = "H1"
title = "No open URLs"
maps = { owasp-api = ["API2:2023"] }

[[requirements]]
id = "H2"
title = "No names"
rules = ["bucket-*"]

[[requirements]]
id = "H3"
title = "Be kind"
unseen = "Nobody sees that in a template."
"""


@pytest.fixture
def made(tmp_path: Path) -> Reference:
    """The reference of an own pack; the shipped standards are left out, as they change with the rules."""
    own = tmp_path / "own"
    (own / "standards").mkdir(parents=True)
    (own / "url.warden").write_text(_URL, encoding="utf-8")
    (own / "bucket.warden").write_text(_BUCKET, encoding="utf-8")
    (own / "standards" / "house.toml").write_text(_STANDARD, encoding="utf-8")
    found = reference([(own, "own")])
    assert isinstance(found, Reference), [one.message() for one in found]
    return Reference(found.rules, tuple(one for one in found.standards if one.name == "house"))


@pytest.fixture
def site(made: Reference, tmp_path: Path) -> Path:
    """The site in a folder."""
    return _written(html_site(made), tmp_path / "site")


def _written(pages: Mapping[str, str], folder: Path) -> Path:
    for name, text in pages.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_markdown(made: Reference, golden: Callable[[str, str], None]) -> None:
    pages = markdown_pages(made)
    assert sorted(pages) == ["index.md", "rules/bucket-named.md", "rules/url-open.md", "standards/house.md"]
    golden("pages/all.md", "\n".join(f"<!-- {name} -->\n{text}" for name, text in sorted(pages.items())))


def test_html(made: Reference, golden: Callable[[str, str], None]) -> None:
    pages = {name: text for name, text in html_site(made).items() if name.endswith(".html")}
    golden("pages/all.html", "\n".join(f"<!-- {name} -->\n{text}" for name, text in sorted(pages.items())))


def test_the_index_is_searched_and_filtered(site: Path) -> None:
    with open_page((site / "index.html").as_uri()) as page:
        rows = page.locator("#rules tbody tr:visible")
        assert rows.count() == 2
        page.fill("#words", "ckv_aws_258")
        assert rows.all_inner_texts()[0].startswith("url-open")
        assert (rows.count(), page.inner_text("#count")) == (1, "1 rule")
        page.fill("#words", "")
        page.select_option("#severity", "low")
        assert rows.all_inner_texts()[0].startswith("bucket-named")
        page.check("#fixable")
        assert (rows.count(), page.is_visible("#none")) == (0, True)
        page.select_option("#severity", "")
        page.select_option("#service", "Lambda")
        address = page.evaluate("location.search")
        assert address == "?service=Lambda&fixable=yes"
        page.click("text=url-open")
        assert page.inner_text("h1") == "URL is <open> | to all"
    with open_page(f"{(site / 'index.html').as_uri()}{address}") as page:
        assert page.locator("#rules tbody tr:visible").count() == 1  # a link to a selection shows it


def test_a_rule_page_marks_the_lines(site: Path) -> None:
    with open_page((site / "rules" / "url-open.html").as_uri(), dark=True) as page:
        assert [text.strip() for text in page.locator("mark").all_inner_texts()] == [
            "AuthType: !If [IsProd, AWS_IAM, NONE]",
            "Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: !ImportValue auth}}",
        ]
        notes = page.locator(".note").all_inner_texts()
        assert notes == ["high Url is open to <b>all</b> (where Stage = dev)", "high may be: Url is open to <b>all</b>"]
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert background != "rgb(255, 255, 255)"


def test_the_index_reads_without_javascript(site: Path) -> None:
    with open_page((site / "index.html").as_uri(), script=False) as page:
        assert page.locator("#rules tbody tr:visible").count() == 2
        assert not page.is_visible("#filters")
        page.click("text=House rules")
        assert "Nobody sees that in a template." in page.inner_text("table")
