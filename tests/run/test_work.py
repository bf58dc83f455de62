"""How much a scan of a fixed template does, counted: a change that makes it do much more has to say so here.

The bounds are a little above what was counted when they were set. Where a number falls well below its bound, lower it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

import stackwarden
from stackwarden.graph.stack import Stack
from stackwarden.resolve.transforms import open_template
from stackwarden.run.evaluate import evaluate
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source
from stackwarden.template.load import load
from stackwarden.template.model import Template

_FIXTURES: Final = Path(__file__).parents[2] / "fixtures"

_CONDITIONS: Final = """\
Parameters:
  Stage: {{Type: String, AllowedValues: [dev, test, prod]}}
Conditions:
{conditions}
Resources:
{resources}
"""


def _conditional(count: int) -> str:
    """A template with as many conditions that have nothing to do with each other, each used by a queue."""
    numbers = range(count)
    return _CONDITIONS.format(
        conditions="\n".join(f"  C{n}: !Equals [!Ref 'AWS::StackName', s{n}]" for n in numbers),
        resources="\n".join(
            f"  Q{n}: {{Type: AWS::SQS::Queue, Properties: {{KmsMasterKeyId: !If [C{n}, alias/aws/sqs, '']}}}}"
            for n in numbers
        ),
    )


@pytest.fixture(scope="module")
def session() -> Session:
    """All shipped rules."""
    made = open_session(SessionOptions())
    assert isinstance(made, Session)
    return made


def counted(text: str, session: Session) -> dict[str, int]:
    """What is done for a template: rules that are asked, nodes resolved, guards combined, results kept."""
    template = load(Source("t.yaml", text))
    assert isinstance(template, Template)
    resolver, _ = open_template(template, {}, None)
    stack = Stack(resolver)
    checks = session.checks(stack.types)
    evaluate(stack, checks)
    return {"rules": len(checks), "nodes": resolver.resolved, "guards": resolver.space.operations}


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("insecure-api.yaml", {"rules": 150, "nodes": 100, "guards": 4}),
        ("orders-api.yaml", {"rules": 150, "nodes": 125, "guards": 5}),
    ],
)
def test_a_scan_does_no_more_than_it_has_to(name: str, bounds: dict[str, int], session: Session) -> None:
    done = counted((_FIXTURES / name).read_text(encoding="utf-8"), session)
    assert {what: count for what, count in done.items() if count > bounds[what]} == {}


def test_a_template_without_conditions_combines_no_guards(session: Session) -> None:
    queue = "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {QueueName: q}}}"
    assert counted(queue, session)["guards"] == 0


def test_work_grows_with_the_template(session: Session) -> None:
    few, many = (counted(_conditional(count), session) for count in (10, 40))
    assert many["rules"] == few["rules"]
    for what in ("nodes", "guards"):
        assert many[what] <= 4.4 * few[what], what


_MODULES: Final = """
import json, sys
from stackwarden.cli.app import main
try:
    main()
finally:
    sys.stderr.write("\\n" + json.dumps(sorted(sys.modules)))
"""


@pytest.mark.parametrize(("again", "most"), [(False, 280), (True, 80)])
def test_a_scan_loads_few_modules(again: bool, most: int, tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text("Resources: {Q: {Type: AWS::SQS::Queue}}\n", encoding="utf-8")
    environment = {
        **os.environ,
        "PYTHONPATH": str(Path(stackwarden.__file__).parents[1]),
        "STACKWARDEN_CACHE": str(tmp_path / "cache"),
    }
    command = [sys.executable, "-c", _MODULES, "scan", "t.yaml", "-f", "json", "--exit-zero"]
    for number in range(3 if again else 2):
        if number and not again:
            for kept in (tmp_path / "cache" / "results").iterdir():
                kept.unlink()
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    modules = json.loads(done.stderr.rpartition("\n")[2])
    own = [name for name in modules if name.startswith("stackwarden")]
    assert len(own) <= most, (len(own), len(modules))
