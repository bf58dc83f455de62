"""The HTML report in a real browser: filters, reading without JavaScript, colours, and that text stays text."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from hypothesis import given, settings

from browser import open_page
from report.reports import EMPTY, FULL, PORTS, at, finding
from report.test_formats import reports
from stackwarden.report.html import REPORTER
from stackwarden.run.finding import Report


def _written(report: Report, folder: Path) -> str:
    file = folder / "report.html"
    file.write_text(REPORTER.render(report), encoding="utf-8")
    return file.as_uri()


def test_findings_are_filtered_and_searched(tmp_path: Path) -> None:
    with open_page(_written(FULL, tmp_path)) as page:
        articles = page.locator("article:visible")
        assert articles.count() == 4
        page.select_option("#severity", "critical")
        assert articles.count() == 1
        assert "Open lets anyone invoke Handler" in articles.first.inner_text()
        page.select_option("#severity", "")
        page.select_option("#verdict", "maybe")
        assert "may be open to 日本" in articles.first.inner_text()
        assert page.inner_text("#count") == "1 finding"
        page.select_option("#verdict", "")
        page.select_option("#state", "waived")
        assert "closed by the firewall" in articles.first.inner_text()
        page.select_option("#state", "")
        page.fill("#words", "WIDE port")
        assert articles.count() == 1
        page.fill("#words", "nowhere")
        assert (articles.count(), page.is_visible("#none")) == (0, True)


def test_it_reads_without_javascript(tmp_path: Path) -> None:
    with open_page(_written(FULL, tmp_path), script=False) as page:
        assert page.locator("article:visible").count() == 4
        assert not page.is_visible("#filters")
        assert page.locator("mark").first.inner_text() == "NONE"
        page.click("article >> nth=0 >> summary")
        assert page.is_visible("text=Set AuthType to AWS_IAM")
        assert "a tab cannot indent" in page.inner_text(".errors")


def test_it_is_light_and_dark_and_prints(tmp_path: Path) -> None:
    grounds = []
    for dark in (False, True):
        with open_page(_written(FULL, tmp_path), dark=dark) as page:
            grounds.append(page.evaluate("getComputedStyle(document.body).backgroundColor"))
            page.emulate_media(media="print")
            assert not page.is_visible("#filters")
    assert grounds[0] != grounds[1]


def test_an_empty_report_says_so(tmp_path: Path) -> None:
    with open_page(_written(EMPTY, tmp_path)) as page:
        assert page.inner_text("h1") == "no findings"
        assert page.locator("article").count() == 0
        assert not page.is_visible("#none")


def test_nothing_of_a_template_is_run(tmp_path: Path) -> None:
    bad = finding(PORTS, at("FromPort: 22"), message="<script>document.title='x'</script>", resource='"><img src=x>')
    report = replace(FULL, findings=(bad, *FULL.findings))
    with open_page(_written(report, tmp_path)) as page:
        assert page.title() == "stackwarden report"
        assert page.locator("article img").count() == 0
        assert page.locator("article").count() == 5
        assert "<script>document.title" in page.locator(".message").all_inner_texts()[1]


@given(reports)
@settings(max_examples=60)
def test_every_finding_is_one_article(report: Report) -> None:
    text = REPORTER.render(report)
    assert text.count("<article ") == text.count("</article>") == len(report.shown(maybe=True))
    assert text.count("<script>") == 1
    assert "http-equiv" not in text and "src=" not in text.split("<script>")[0]
