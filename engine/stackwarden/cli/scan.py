"""`stackwarden scan`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final

import typer

from stackwarden.cli._asked import pseudo_parameters
from stackwarden.cli._compared import with_baseline, with_revision
from stackwarden.cli._executors import Place, checked_place, executor_for, progress_bar
from stackwarden.cli._exit import CLEAN, FINDINGS, WRONG_CALL, exit_code, thresholds
from stackwarden.cli._fixes import apply_fixes
from stackwarden.cli._formats import ORDER, FormatCommand, pair
from stackwarden.cli._levels import Level
from stackwarden.cli._output import fail, tell
from stackwarden.cli._parameters import pairs, read_all
from stackwarden.cli._reports import reporter_for, write_report
from stackwarden.cli._standard import chosen_standard
from stackwarden.diagnostics import Severity

if TYPE_CHECKING:
    from stackwarden.config import Settings
    from stackwarden.report.drawing.exposures import Exposures
    from stackwarden.run.finding import Report, Stats
    from stackwarden.run.scan import Refine
    from stackwarden.run.scan_template import Watch
    from stackwarden.run.session import SessionOptions

__all__ = ["COMMAND", "scan"]

COMMAND: Final = FormatCommand

_SLOWEST: Final = 10  # rules that --stats lists


def scan(
    ctx: typer.Context,
    paths: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH", help="Files, folders or URLs, - for standard input; default: this folder."),
    ] = None,
    policy: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="Also use the policies in this file or folder.")
    ] = None,
    pack: Annotated[list[str] | None, typer.Option(metavar="NAME", help="Use only this shipped pack.")] = None,
    rule: Annotated[list[str] | None, typer.Option(metavar="ID", help="Use only this rule; globs work.")] = None,
    skip: Annotated[list[str] | None, typer.Option(metavar="ID", help="Leave this rule out; globs work.")] = None,
    set_: Annotated[
        list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="Set a param of the policies.")
    ] = None,
    parameters: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE|K=V", help="Values of template parameters: a pair, or a parameter file."),
    ] = None,
    region: Annotated[str | None, typer.Option(metavar="NAME", help="Take AWS::Region to be this.")] = None,
    account: Annotated[str | None, typer.Option(metavar="ID", help="Take AWS::AccountId to be this.")] = None,
    partition: Annotated[str | None, typer.Option(metavar="NAME", help="Take AWS::Partition to be this.")] = None,
    stack_name: Annotated[str | None, typer.Option(metavar="NAME", help="Take AWS::StackName to be this.")] = None,
    formats: Annotated[
        list[str] | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help="pretty (default), json, sarif, junit, github, gitlab, markdown, html or asff.",
        ),
    ] = None,
    outputs: Annotated[
        list[str] | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where the format before it goes."),
    ] = None,
    by: Annotated[
        str | None,
        typer.Option(metavar="STANDARD", help="Group markdown, html and json by a standard, with scores."),
    ] = None,
    min_severity: Annotated[Level | None, typer.Option(help="Show findings from here on; default: low.")] = None,
    fail_on: Annotated[Level | None, typer.Option(help="Exit with 1 from here on; default: medium.")] = None,
    fail_on_maybe: Annotated[
        bool, typer.Option("--fail-on-maybe", help="Let a maybe count like a failure for the exit code.")
    ] = False,
    show_maybe: Annotated[
        bool, typer.Option("--show-maybe", help="List what depends on values unknown here (json always does).")
    ] = False,
    changed_only: Annotated[
        bool, typer.Option("--changed-only", help="Pass over given files that are no templates (for pre-commit).")
    ] = False,
    baseline: Annotated[
        str | None, typer.Option(metavar="FILE", help="Count only what this baseline does not know.")
    ] = None,
    diff: Annotated[
        str | None, typer.Option(metavar="REV", help="Count only what this git revision did not have.")
    ] = None,
    lint: Annotated[bool, typer.Option("--lint", help="Add what cfn-lint finds.")] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="Apply the fixes that are proved right, then report what is left.")
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --fix: print what would change as a unified diff, write nothing.")
    ] = False,
    offer_fixes: Annotated[
        bool, typer.Option("--offer-fixes", help="Work out the fix of each finding for json and sarif.")
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(metavar="N", min=1, help="Scan in so many processes; default: one for each core, where it pays."),
    ] = None,
    executor: Annotated[
        Place,
        typer.Option(help="Where templates are scanned: local (default) or dask, a cluster.", show_default=False),
    ] = Place.LOCAL,
    scheduler: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="With --executor dask: the address of its scheduler.")
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Neither read nor write kept results and compiled rules.")
    ] = False,
    no_config: Annotated[bool, typer.Option("--no-config", help="Read no configuration file.")] = False,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even for findings.")] = False,
    stats: Annotated[bool, typer.Option("--stats", help="Print where the time went.")] = False,
) -> None:
    """Find what a deployment of these templates must not do.

    Exit code: 0 nothing at or above --fail-on; 1 findings; 2 the call, the configuration or a policy is wrong;
    3 some template could not be read, whatever was found in the others.

    \b
    Examples:
      stackwarden scan templates
      stackwarden scan app.yaml --parameters Stage=prod --region eu-west-1
      stackwarden scan . -f pretty -f sarif -o report.sarif
      stackwarden scan templates --fix --dry-run
      stackwarden scan templates --by well-architected -f html -o score.html
      stackwarden scan 's3://bucket/templates/*.yaml' --executor dask --scheduler tcp://10.0.0.5:8786
    """
    targets = pair(formats or (), outputs or (), ctx.meta[ORDER])
    if isinstance(targets, str):
        fail(targets)
    exposures: Exposures | None = None
    if any(target.format == "html" for target in targets):
        if scheduler is None and jobs in (None, 1):
            from stackwarden.report.drawing.exposures import Exposures

            exposures = Exposures()
        else:
            tell("stackwarden: the page has no drawings, which only a scan in one process makes")
    standard = None if by is None else chosen_standard(by, targets, policy or (), (paths or ["."])[0], not no_config)
    writers = [(reporter_for(target, exposures, standard), target) for target in targets]
    asked = _Asked(
        policies=tuple(policy or ()),
        packs=tuple(pack or ()),
        rules=tuple(rule or ()),
        skip=tuple(skip or ()),
        params=pairs("--set", set_ or ()),
        parameters=read_all(parameters or ()),
        pseudo=pseudo_parameters(region, account, partition, stack_name),
        min_severity=_severity(min_severity),
        fail_on=_severity(fail_on),
        fail_on_maybe=fail_on_maybe,
        show_maybe=show_maybe,
        changed_only=changed_only,
        cache=not no_cache,
        stats=stats,
        config=not no_config,
        offer_fixes=offer_fixes,
        baseline=baseline,
        diff=diff,
        lint=lint,
        count_outcomes=by is not None,
        jobs=jobs,
        scheduler=scheduler,
    )
    checked_place(executor, jobs, scheduler, paths or ())
    if any(target.format == "asff" for target in targets) and not (account and region):
        fail("the format asff needs --account and --region")
    if baseline is not None and diff is not None:
        fail("--baseline and --diff exclude each other")
    if (fix or diff is not None) and any("://" in path for path in paths or ()):
        fail("--fix and --diff are for files, not for URLs")
    if dry_run and not fix:
        fail("--dry-run is for --fix")
    if fix:
        changes = apply_fixes(
            tuple(paths or (".",)), partial(_options, asked, shown=Severity.INFO), config=asked.config, dry_run=dry_run
        )
        if dry_run:
            raise typer.Exit(FINDINGS if changes and not exit_zero else CLEAN)
    report, code = _run(asked, tuple(paths or (".",)), exposures.see if exposures is not None else None)
    for reporter, target in writers:
        write_report(reporter.render(report), target)
    if stats and report.stats is not None:
        tell(_stats(report.stats))
    for name in report.unused_parameters:
        tell(f"stackwarden: no template has a parameter `{name}`")
    if report.unused_parameters:
        code = WRONG_CALL
    raise typer.Exit(CLEAN if exit_zero and code == FINDINGS else code)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The options, read and checked; a severity is None where the configuration or the default decides."""

    policies: tuple[str, ...]
    packs: tuple[str, ...]
    rules: tuple[str, ...]
    skip: tuple[str, ...]
    params: Mapping[str, str]
    parameters: Mapping[str, str]
    pseudo: Mapping[str, str]
    min_severity: Severity | None
    fail_on: Severity | None
    fail_on_maybe: bool
    show_maybe: bool
    changed_only: bool
    cache: bool
    stats: bool
    config: bool
    offer_fixes: bool
    baseline: str | None
    diff: str | None
    lint: bool
    count_outcomes: bool
    jobs: int | None
    scheduler: str | None


def _run(asked: _Asked, paths: tuple[str, ...], watch: Watch | None) -> tuple[Report, int]:
    """Scans the paths, those with one configuration together; the report over all and the worst exit code."""
    from stackwarden.cli._engine import by_settings, merge, open_or_exit
    from stackwarden.run.executors.job import ExecutorFault
    from stackwarden.run.scan import scan as scan_files

    refine: Refine | None = None
    if asked.offer_fixes:
        from stackwarden.run.fixes import with_fixes

        refine = with_fixes
    stdin = sys.stdin.buffer.read() if "-" in paths else None
    plan = by_settings(paths, read=asked.config, changed_only=asked.changed_only)
    reports: list[Report] = []
    levels: list[Severity] = []
    for group in plan.groups:
        settings = group.settings
        fail_on, shown = thresholds(
            asked.fail_on if asked.fail_on is not None or settings is None else settings.fail_on,
            asked.min_severity if asked.min_severity is not None or settings is None else settings.min_severity,
        )
        session = open_or_exit(_options(asked, settings, shown))
        told = plan.errors if not reports else ()
        try:
            with progress_bar() as progress:
                report = scan_files(
                    *(session, group.files),
                    stdin=stdin,
                    errors=told,
                    refine=refine,
                    executor=executor_for(asked.jobs if watch is None else 1, asked.scheduler),
                    progress=progress,
                    watch=watch,
                )
        except ExecutorFault as fault:
            fail(str(fault))
        if asked.lint:
            from stackwarden.integrations.cfnlint_findings import with_lint

            report = with_lint(report, settings)
        reports.append(report)
        levels.append(fail_on)
    whole = _compared(merge(reports, plan.order), asked, paths)
    codes = (
        exit_code(_part(whole, report), level, fail_on_maybe=asked.fail_on_maybe)
        for report, level in zip(reports, levels, strict=True)
    )
    return whole, max(codes)


def _compared(report: Report, asked: _Asked, paths: tuple[str, ...]) -> Report:
    """The report, with what was there before marked as known where that is asked for."""
    if asked.baseline is not None:
        return with_baseline(report, asked.baseline)
    if asked.diff is not None:
        options = partial(_options, asked, shown=Severity.INFO)
        executor = executor_for(asked.jobs)  # a cluster does not see the revision's files, which are checked out here
        return with_revision(report, asked.diff, paths, options, config=asked.config, executor=executor)
    return report


def _part(whole: Report, report: Report) -> Report:
    """The part of a whole report that one configuration counts for."""
    names = {finding.file for finding in report.findings}
    findings = tuple(finding for finding in whole.findings if finding.file in names)
    return replace(report, findings=findings)


def _options(asked: _Asked, settings: Settings | None, shown: Severity) -> SessionOptions:
    from stackwarden.run.session import SessionOptions

    return SessionOptions(
        policies=asked.policies,
        packs=asked.packs,
        rules=asked.rules,
        skip=asked.skip,
        params=asked.params,
        parameters=asked.parameters,
        pseudo=asked.pseudo,
        min_severity=shown,
        show_maybe=asked.show_maybe,
        settings=settings,
        cache=asked.cache,
        stats=asked.stats,
        count_outcomes=asked.count_outcomes,
    )


def _severity(level: Level | None) -> Severity | None:
    return None if level is None else Severity.parse(level.value)


def _stats(stats: Stats) -> str:
    """Milliseconds by phase, then of the slowest rules."""
    slowest = sorted(stats.rules.items(), key=lambda item: -item[1])[:_SLOWEST]
    rows = [*stats.phases.items(), *slowest]
    return "\n".join(f"{duration:10.1f} ms  {name}" for name, duration in rows)
