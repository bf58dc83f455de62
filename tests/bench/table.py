"""The table of speeds, all ratios taken in one run: `python tests/bench/table.py [FOLDER]` (default: the fixtures).

Run it with the project installed, or with `PYTHONPATH=engine`. Times are of the processor, not of the clock, so that a
busy machine changes them less. Peers are measured where they are installed; `--only` chooses parts by their letter.
"""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

_ROOT: Final = Path(__file__).parents[2]
_SUFFIXES: Final = (".yaml", ".yml", ".json", ".template")
_MAIN: Final = "from stackwarden.cli.app import main; main()"


def spent(work: Callable[[], object], runs: int = 3) -> float:
    """The least processor time of some runs, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        gc.collect()
        started = time.process_time()
        work()
        times.append(time.process_time() - started)
    return min(times)


def of_children(command: Sequence[str], environment: dict[str, str], runs: int = 5) -> float:
    """The least processor time of a command, in seconds."""
    times: list[float] = []
    for _ in range(runs):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(command, env=environment, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(times)


def row(*cells: object) -> None:
    """One line of the table."""
    sys.stdout.write("".join(f"{cell:<46}" if not index else f"{cell:>16}" for index, cell in enumerate(cells)) + "\n")


def templates(folder: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Names and texts of the plain templates and of those of the Serverless Application Model."""
    plain: list[tuple[str, str]] = []
    serverless: list[tuple[str, str]] = []
    for path in sorted(path for path in folder.rglob("*") if path.suffix in _SUFFIXES):
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        (serverless if "AWS::Serverless" in text else plain).append((str(path), text))
    return plain, serverless


def against_libyaml(folder: Path) -> None:
    """(a) Scans in process with all rules, against libyaml composing the same texts and the translator's own time."""
    import yaml

    from stackwarden.resolve.resolver import Resolver
    from stackwarden.resolve.transforms import open_template
    from stackwarden.run.scan import scan_source
    from stackwarden.run.session import Session, SessionOptions, open_session
    from stackwarden.source import Source
    from stackwarden.template.load import load
    from stackwarden.template.model import Template

    session = open_session(SessionOptions())
    assert isinstance(session, Session)

    def compose(texts: Iterable[tuple[str, str]]) -> None:
        for _, text in texts:
            with suppress(yaml.YAMLError):
                yaml.compose(text, Loader=yaml.CSafeLoader)

    def scan(texts: Iterable[tuple[str, str]]) -> None:
        for name, text in texts:
            scan_source(Source(name, text), session)

    plain, serverless = templates(folder)
    row("(a) in process, ms a template", "reference", "stackwarden", "ratio", "goal")
    scan((*plain, *serverless))  # what is compiled once
    if plain:
        base, ours = spent(lambda: compose(plain)), spent(lambda: scan(plain))
        per = 1000 / len(plain)
        row(
            f"  {len(plain)} plain: libyaml composes",
            f"{base * per:.2f}",
            f"{ours * per:.2f}",
            f"{ours / base:.1f}",
            "4",
        )
    if serverless:
        loaded = [load(Source(name, text)) for name, text in serverless]
        opened = [one for one in loaded if isinstance(one, Template)]

        def translate() -> None:
            for one in opened:
                open_template(one, {}, None)

        def resolve() -> None:
            for one in opened:
                Resolver(one, {})

        base, ours = spent(translate) - spent(resolve), spent(lambda: scan(serverless))
        per = 1000 / len(serverless)
        row(
            f"  {len(serverless)} SAM: the translator",
            f"{base * per:.2f}",
            f"{ours * per:.2f}",
            f"{ours / base:.1f}",
            "4",
        )
    peers(plain, serverless, folder, len(session.rules))


def peers(plain: list[tuple[str, str]], serverless: list[tuple[str, str]], folder: Path, rules: int) -> None:
    """(c) Other tools on the same files, where they are installed."""
    from stackwarden.run.scan import scan_source
    from stackwarden.run.session import Session, SessionOptions, open_session
    from stackwarden.source import Source

    texts = [*plain, *serverless]
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    ours = spent(lambda: [scan_source(Source(name, text), session) for name, text in texts]) / len(texts)
    row("(c) peers, ms a template, in process", "rules", "theirs", "ours", "theirs / ours")
    row("  stackwarden", rules, "", f"{ours * 1000:.2f}", "")
    if importlib.util.find_spec("cloudformation_validate") is not None:
        import cloudformation_validate

        engine = cloudformation_validate.CompositeEngine()

        def validate() -> None:
            for name, text in texts:
                with suppress(cloudformation_validate.ValidationError):  # what it refuses it refuses quickly
                    engine.validate_template(cloudformation_validate.TemplateContent(text, name))

        theirs = spent(validate, 1) / len(texts)
        count = len(engine.list_rules())
        row("  cloudformation-validate", count, f"{theirs * 1000:.2f}", "", f"{theirs / ours:.1f}")
    checkov = Path(sys.executable).parent / "checkov"
    if checkov.exists():
        command = [str(checkov), "-d", str(folder), "--skip-download", "--framework", "cloudformation", "--quiet"]
        theirs = of_children([*command, "--compact"], dict(os.environ), 1) / len(texts)
        row("  checkov (whole command)", "", f"{theirs * 1000:.2f}", "", f"{theirs / ours:.1f}")


def cold_start() -> None:
    """(b) The command from the shell, against `python -c pass`."""
    base = of_children([sys.executable, "-c", "pass"], dict(os.environ))
    row("(b) from the shell, ms of the processor", "python -c pass", "stackwarden", "ratio", "goal")
    for name, template in (("SAM", "insecure-api.yaml"), ("another, json", "orders-api.yaml")):
        more = ("-f", "json") if "json" in name else ()
        command = [sys.executable, "-c", _MAIN, "scan", str(_ROOT / "fixtures" / template), "--no-config", *more]
        with tempfile.TemporaryDirectory() as folder:
            environment = {**os.environ, "STACKWARDEN_CACHE": folder}
            of_children(command, environment, 1)
            kept = of_children(command, environment)
            fresh = []
            for _ in range(3):
                for result in Path(folder, "results").iterdir():
                    result.unlink()
                fresh.append(of_children(command, environment, 1))
        with tempfile.TemporaryDirectory() as folder:
            without = of_children(command, {**os.environ, "STACKWARDEN_CACHE": folder}, 1)
        for what, taken, goal in (
            ("unchanged file", kept, "12"),
            ("changed file", min(fresh), "12"),
            ("no cache at all", without, "25"),
        ):
            row(f"  {name}: {what}", f"{base * 1000:.0f}", f"{taken * 1000:.0f}", f"{taken / base:.1f}", goal)


def growth() -> None:
    """(d) How the time grows with resources, rules and conditions: exponents between neighbouring sizes."""
    from math import log

    from stackwarden.run.scan import scan_source
    from stackwarden.run.session import Session, SessionOptions, open_session
    from stackwarden.source import Source

    def resources(count: int) -> str:
        one = (
            "  F{0}: {{Type: AWS::Lambda::Function, Properties: {{Runtime: python3.13, Handler: a.b,"
            " Role: !GetAtt R{0}.Arn, Code: {{S3Bucket: b, S3Key: k}}}}}}\n"
            "  R{0}: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{Statement: {{Effect: Allow,"
            " Principal: {{Service: lambda.amazonaws.com}}, Action: 'sts:AssumeRole'}}}}}}}}\n"
            "  Q{0}: {{Type: AWS::SQS::Queue}}\n  T{0}: {{Type: AWS::SNS::Topic}}\n"
        )
        return "Resources:\n" + "".join(one.format(number) for number in range(count // 4))

    def conditions(count: int) -> str:
        lines = [f"  C{number}: !Equals [!Ref 'AWS::StackName', s{number}]" for number in range(count)]
        queues = [
            f"  Q{number}: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: !If [C{number}, alias/a, '']}}}}"
            for number in range(count)
        ]
        return "\n".join(["Conditions:", *lines, "Resources:", *queues])

    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    row("(d) growth", "size", "ms", "exponent", "goal")
    shapes: tuple[tuple[str, Callable[[int], str], tuple[int, ...]], ...] = (
        ("resources", resources, (100, 1000, 10000)),
        ("conditions", conditions, (10, 40, 160)),
    )
    for name, make, sizes in shapes:
        before: tuple[int, float] | None = None
        for size in sizes:
            source = Source("t.yaml", make(size))
            taken = spent(lambda source=source: scan_source(source, session), 1 if size > 5000 else 3)  # type: ignore[misc]
            exponent = "" if before is None else f"{log(taken / before[1]) / log(size / before[0]):.2f}"
            row(f"  {name}", size, f"{taken * 1000:.1f}", exponent, "1.1")
            before = (size, taken)
    source = Source("t.yaml", resources(400))
    before = None
    for share in (1, 10, 100):
        chosen = sorted(rule.id for rule in session.rules)[:: max(1, 100 // share)]
        part = open_session(SessionOptions(rules=tuple(chosen)))
        assert isinstance(part, Session)
        scan_source(source, part)
        taken = spent(lambda part=part: scan_source(source, part))  # type: ignore[misc]
        exponent = "" if before is None else f"{log(taken / before[1]) / log(len(chosen) / before[0]):.2f}"
        row("  rules", len(chosen), f"{taken * 1000:.1f}", exponent, "1.1")
        before = (len(chosen), taken)


_PEAK: Final = """
import json, resource, sys
from stackwarden.run.discover import discover
from stackwarden.run.scan import scan
from stackwarden.run.session import SessionOptions, open_session
report = scan(open_session(SessionOptions(cache=sys.argv[2] == "kept")), discover([sys.argv[1]]).files)
print(json.dumps([len(report.findings), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def memory(folder: Path) -> None:
    """(e) The most memory that a scan of the folder takes, in megabytes."""
    row("(e) memory", "findings", "MB", "", "goal")
    for kind in ("fresh", "kept"):
        done = subprocess.run(
            [sys.executable, "-c", _PEAK, str(folder), kind], capture_output=True, text=True, check=True
        )
        findings, most = json.loads(done.stdout)
        row(f"  results {kind}", findings, f"{most:.0f}", "", "150")


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=_ROOT / "fixtures", help="templates to scan")
    parser.add_argument("--only", default="abde", help="the parts to measure; c comes with a")
    options = parser.parse_args()
    parts: dict[str, Callable[[], None]] = {
        "a": lambda: against_libyaml(options.folder),
        "b": cold_start,
        "d": growth,
        "e": lambda: memory(options.folder),
    }
    for letter in options.only:
        parts[letter]()


if __name__ == "__main__":
    main()
