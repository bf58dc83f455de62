"""`stackwarden import zap-report`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stackwarden.cli._asked import Account, NoConfig, ParameterValues, Partition, Region, pseudo_parameters
from stackwarden.cli._exit import CLEAN, FINDINGS, exit_code, thresholds
from stackwarden.cli._formats import ORDER, pair
from stackwarden.cli._levels import Level
from stackwarden.cli._output import fail, tell, write_diagnostics
from stackwarden.cli._parameters import read_all
from stackwarden.cli._reports import reporter_for, write_report
from stackwarden.cli._surface import base_url
from stackwarden.diagnostics import Severity

if TYPE_CHECKING:
    from stackwarden.cli._engine import Group
    from stackwarden.integrations.dynamic.surface import Surface
    from stackwarden.integrations.dynamic.zap_report import ZapReport
    from stackwarden.run.finding import Report
    from stackwarden.run.session import SessionOptions

__all__ = ["zap_report"]


def zap_report(
    ctx: typer.Context,
    report_file: Annotated[
        str, typer.Argument(metavar="REPORT", help="A report of ZAP by its template traditional-json, or …-plus.")
    ],
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH", help="The templates that deploy what was tested: files or folders.")
    ],
    server: Annotated[
        str, typer.Option("--server", metavar="URL", help="The base URL that was tested, if templates do not tell it.")
    ] = "",
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    parameters: ParameterValues = None,
    region: Region = None,
    account: Account = None,
    partition: Partition = None,
    formats: Annotated[
        list[str] | None, typer.Option("--format", "-f", metavar="FORMAT", help="Any format of scan; default: pretty.")
    ] = None,
    outputs: Annotated[
        list[str] | None, typer.Option("--output", "-o", metavar="FILE", help="Where the format before it goes.")
    ] = None,
    min_severity: Annotated[Level | None, typer.Option(help="Show findings from here on; default: low.")] = None,
    fail_on: Annotated[Level | None, typer.Option(help="Exit with 1 from here on; default: medium.")] = None,
    fail_on_maybe: Annotated[
        bool, typer.Option("--fail-on-maybe", help="Let a maybe count like a failure for the exit code.")
    ] = False,
    show_maybe: Annotated[bool, typer.Option("--show-maybe", help="List what depends on values unknown here.")] = False,
    no_config: NoConfig = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even for findings.")] = False,
) -> None:
    """Scan templates and add what ZAP found in the APIs that they deploy, all of it ranked together.

    An alert is a finding `zap-…` at the route that the request was for, with its resource and its line in the
    template; one about no route of the templates stays at its line in ZAP's report. Its severity is ZAP's risk, one
    step lower where ZAP's confidence is low; what is marked as a false positive in ZAP is waived. Waivers in templates
    count.

    Exit code: that of scan; 2 also for a file that is no report of ZAP.

    \b
    Examples:
      stackwarden import zap-report zap-report.json app.yaml
      stackwarden import zap-report zap-report.json templates --server https://test.example.com -f sarif -o all.sarif
    """
    from stackwarden.cli._engine import by_settings, merge, open_or_exit
    from stackwarden.integrations.dynamic.matching import Matcher
    from stackwarden.integrations.dynamic.zap_findings import with_alerts
    from stackwarden.run.scan import scan
    from stackwarden.run.session import SessionOptions

    targets = pair(formats or (), outputs or (), ctx.meta[ORDER])
    if isinstance(targets, str):
        fail(targets)
    writers = [(reporter_for(target), target) for target in targets]
    if any(target.format == "asff" for target in targets) and not (account and region):
        fail("the format asff needs --account and --region")
    zap = _read(report_file)
    options = SessionOptions(
        policies=tuple(policy or ()),
        parameters=read_all(parameters or ()),
        pseudo=pseudo_parameters(region, account, partition),
        show_maybe=show_maybe,
    )
    plan = by_settings(paths, read=not no_config)
    reports: list[Report] = []
    levels: dict[str, Severity] = {}
    surfaces: dict[str, Surface] = {}
    strictest = Severity.CRITICAL
    for group in plan.groups:
        own = group.settings
        worst, shown = thresholds(
            _severity(fail_on) if fail_on is not None or own is None else own.fail_on,
            _severity(min_severity) if min_severity is not None or own is None else own.min_severity,
        )
        asked = replace(options, settings=own, min_severity=shown)
        report = scan(open_or_exit(asked), group.files, errors=plan.errors if not reports else ())
        reports.append(report)
        levels |= dict.fromkeys(report.sources, worst)
        strictest = min(strictest, worst)
        surfaces |= _surfaces(group, asked)
    settings = {name: group.settings for group, one in zip(plan.groups, reports, strict=True) for name in one.sources}
    whole = with_alerts(merge(reports, plan.order), zap, Matcher(tuple(surfaces.values()), base_url(server)), settings)
    for reporter, target in writers:
        write_report(reporter.render(whole), target)
    for name in whole.unused_parameters:
        tell(f"stackwarden: no template has a parameter `{name}`")
    if whole.unused_parameters:
        raise typer.Exit(2)
    code = _code(whole, levels, strictest, fail_on_maybe=fail_on_maybe)
    raise typer.Exit(CLEAN if exit_zero and code == FINDINGS else code)


def _read(file: str) -> ZapReport:
    """ZAP's report; a file that is none ends with exit code 2."""
    from stackwarden.diagnostics import Diagnostic
    from stackwarden.integrations.dynamic.zap_report import LIMITS, read_report
    from stackwarden.template.decode import decode

    try:
        source = decode(Path(file).read_bytes(), file, LIMITS)
    except OSError as error:
        fail(f"cannot read `{file}`: {(error.strerror or str(error)).lower()}")
    found = source if isinstance(source, Diagnostic) else read_report(source)
    if isinstance(found, Diagnostic):
        write_diagnostics([found])
        raise typer.Exit(2)
    return found


def _surfaces(group: Group, options: SessionOptions) -> Mapping[str, Surface]:
    """The APIs of the templates, by the template that deploys them; what cannot be read is in the scan's report."""
    from stackwarden.integrations.dynamic.reading import surface_of
    from stackwarden.run.opened import Asked, open_file

    found: dict[str, Surface] = {}
    for file in group.files:
        opened = open_file(Asked(file, group.files), options)
        for one in opened.stacks[:1]:
            found.setdefault(one.stack.template.source.name, surface_of(opened.name, one.stack, opened.secrets))
    return found


def _severity(level: Level | None) -> Severity | None:
    return None if level is None else Severity.parse(level.value)


def _code(report: Report, levels: Mapping[str, Severity], strictest: Severity, *, fail_on_maybe: bool) -> int:
    """The worst of the exit codes by the level of each file; what is in no template counts by the strictest."""
    codes: list[int] = []
    for level in {strictest, *levels.values()}:
        part = tuple(one for one in report.findings if levels.get(one.file, strictest) == level)
        codes.append(exit_code(replace(report, findings=part), level, fail_on_maybe=fail_on_maybe))
    return max(codes)
