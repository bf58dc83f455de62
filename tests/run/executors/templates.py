"""A folder of templates that need each other, and refinements that strike the process which works on a template."""

from __future__ import annotations

import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

from stackwarden.report.json import REPORTER
from stackwarden.run.finding import Report
from stackwarden.run.scan import Scanned
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.templates import TemplateFiles

URL = "{Type: AWS::Lambda::Url, Properties: {AuthType: %s, TargetFunctionArn: f}}"
RULES = ("lambda-url-*", "s3-*")


def write_templates(folder: Path, count: int = 36) -> None:
    """So many templates in families of six: plain, parent, child, exporting, importing, and one with a fault."""
    for number in range(count):
        (folder / f"{number:03}.yaml").write_text(_template(number), encoding="utf-8")


def _template(number: int) -> str:
    family = number // 6
    match number % 6:
        case 0:
            return f"Resources: {{A: {URL % 'NONE'}, B: {{Type: AWS::S3::Bucket}}}}\n"
        case 1:
            return f"""\
Parameters: {{Pass: {{Type: String, NoEcho: true, Default: hunter{family}}}}}
Resources:
  Down:
    Type: AWS::CloudFormation::Stack
    Properties: {{TemplateURL: {number + 1:03}.yaml, Parameters: {{Auth: NONE}}}}
"""
        case 2:
            return f"Parameters: {{Auth: {{Type: String}}}}\nResources: {{A: {URL % '!Ref Auth'}}}\n"
        case 3:
            return f"""\
Resources: {{T: {{Type: AWS::SNS::Topic}}}}
Outputs: {{O: {{Value: NONE, Export: {{Name: auth{family}}}}}}}
"""
        case 4:
            return f"""\
Parameters: {{Pass: {{Type: String, AllowedValues: [NONE, AWS_IAM]}}}}
Resources:
  A: {URL % f"!ImportValue auth{family}"}
  B: {URL % "!Ref Pass"}
"""
        case _:
            return (
                f"Resources: {{A: {URL % 'NONE'}, A: {URL % 'NONE'}}}\n"
                if family % 2
                else "Resources:\n  A: {Type: AWS::SNS::Topic\n"
            )


def session() -> Session:
    """A session with few rules."""
    opened = open_session(SessionOptions(rules=RULES))
    assert isinstance(opened, Session)
    return opened


def as_json(report: Report) -> str:
    """The report as its readers get it, but for what differs from run to run."""
    return REPORTER.render(replace(report, duration_ms=0))


def kills(scanned: Scanned, session: Session, templates: TemplateFiles) -> Scanned:
    """Kills the process that scans `kills.yaml`, always, and `kills-once.yaml`, once."""
    del session, templates
    match _name(scanned):
        case "kills.yaml":
            _kill()
        case "kills-once.yaml" if not Path("killed").exists():
            Path("killed").touch()
            _kill()
    return scanned


def raises(scanned: Scanned, session: Session, templates: TemplateFiles) -> Scanned:
    """Raises at `raises.yaml`, always, and at `raises-once.yaml`, once; the process is written down."""
    del session, templates
    name = _name(scanned)
    if name in ("raises.yaml", "raises-once.yaml"):
        tried = Path(f"{name}.tried")
        with tried.open("a", encoding="utf-8") as file:
            file.write(f"{os.getpid()}\n")
        if name == "raises.yaml" or len(tried.read_text(encoding="utf-8").split()) == 1:
            raise ZeroDivisionError("struck")
    return scanned


def _name(scanned: Scanned) -> str:
    assert scanned.source is not None
    return scanned.source.name


def _kill() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError
