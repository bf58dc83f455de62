"""A broken template is told as such: no line that is cut, doubled, moved or mangled strikes an internal error."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from stackwarden.assets import policies_dir
from stackwarden.language.parse import parse
from stackwarden.run.scan import scan_source
from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.source import Source

SAM = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: python3.13, Timeout: 5}}
Parameters: {Stage: {Type: String, Default: live}}
Conditions: {Live: !Equals [!Ref Stage, live]}
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: !Ref Stage
      Auth:
        DefaultAuthorizer: Own
        Authorizers:
          Own: {FunctionArn: !GetAtt Check.Arn}
  Check:
    Type: AWS::Serverless::Function
    Properties: {InlineCode: x, Handler: a.b}
  Fn:
    Type: AWS::Serverless::Function
    Condition: Live
    Properties:
      CodeUri: src/
      Handler: a.b
      Policies:
        - DynamoDBCrudPolicy: {TableName: !Ref Table}
        - Statement: [{Effect: Allow, Action: "*", Resource: "*"}]
      FunctionUrlConfig: {AuthType: !If [Live, AWS_IAM, NONE]}
      Events:
        Get: {Type: Api, Properties: {Path: /x, Method: get, RestApiId: !Ref Api}}
        Queue: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}
  Table: {Type: AWS::Serverless::SimpleTable}
  Q: {Type: AWS::SQS::Queue}
"""


def seeds() -> list[str]:
    """The templates of the shipped rules' examples, and a Serverless one."""
    found = [SAM]
    for path in sorted(Path(policies_dir()).rglob("*.warden")):
        tree, _ = parse(Source(path.name, path.read_text(encoding="utf-8")))
        found.extend(example.template for rule in tree.rules for example in rule.examples)
    return found


def mangled(text: str, chance: random.Random) -> str:
    lines = text.splitlines()
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0 if len(lines) > 1:
                del lines[at]
            case 1:
                lines[at] = lines[at].replace(":", ": !Ref ", 1)
            case 2:
                lines.insert(at, chance.choice(lines))
            case 3:
                lines[at] = lines[at][: chance.randrange(len(lines[at]) + 1)]
            case 4:
                lines[at] = lines[at].replace("[", "{", 1).replace("]", "}", 1)
            case _:
                lines[at] = "  " + lines[at]
    return "\n".join(lines)


@pytest.mark.parametrize("seed", range(4))
def test_mangled_templates(seed: int) -> None:
    session = open_session(SessionOptions())
    assert isinstance(session, Session)
    chance = random.Random(seed)
    templates = seeds()
    for _ in range(250):
        text = mangled(chance.choice([SAM, *chance.choices(templates, k=9)]), chance)
        errors = scan_source(Source("t.yaml", text), session).errors
        assert not [error.message for error in errors if "internal error" in error.message], text
