"""Builtins that shipped rules stand on, each in a rule of its own whose examples say what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.run.examples import run_examples

_HEAD = 'title "t" severity low for b in AWS::ApiGatewayV2::Stage require '


def _template(properties: str) -> str:
    return f'''"""
        Parameters: {{P: {{Type: String}}, E: {{Type: String, Default: ""}}, N: {{Type: String, NoEcho: true}}}}
        Resources:
          S: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{{properties}}}}}
    """'''


@pytest.mark.parametrize(
    ("condition", "properties", "verdict"),
    [
        ('certainly(b.StageName == "x")', "StageName: x", "passes"),
        ('certainly(b.StageName == "x")', "StageName: y", "fails"),
        ('certainly(b.StageName == "x")', "StageName: !Ref P", "fails"),
        ('not certainly(b.StageName == "x")', "StageName: !Ref P", "passes"),
        ('not certainly(b.StageName == "")', "StageName: !Ref E", "fails"),
        ('b.StageName != "x"', 'StageName: !Sub "{{resolve:ssm:${P}}}"', "maybe"),
        ("b.StageName refers b", 'StageName: !Sub "{{resolve:ssm:${S}}}"', "passes"),
        ("str.reads_secret(b.StageName)", 'StageName: "x{{resolve:secretsmanager:s}}y"', "passes"),
        ("str.reads_secret(b.StageName)", 'StageName: !Sub "{{resolve:secretsmanager:${P}:SecretString}}"', "passes"),
        ("str.reads_secret(b.StageName)", 'StageName: "{{resolve:ssm-secure:s}}"', "passes"),
        ("str.reads_secret(b.StageName)", 'StageName: "{{resolve:ssm:s}}"', "fails"),
        ("str.reads_secret(b.StageName)", "StageName: secretsmanager", "fails"),
        ("str.reads_secret(b.StageName)", "StageName: !Ref P", "maybe"),
        ("str.reads_secret(b.StageName)", "StageName: !ImportValue s", "fails"),
        ("str.reads_secret(b.StageName)", "Description: x", "fails"),
        ("str.shows_parameter(b.StageName)", 'StageName: !Sub "x${P}"', "passes"),
        ("str.shows_parameter(b.StageName)", "StageName: !Ref E", "passes"),
        ("str.shows_parameter(b.StageName)", 'StageName: !Sub "${N}${P}"', "passes"),
        ("str.shows_parameter(b.StageName)", 'StageName: !Sub "${N}${AWS::StackName}"', "fails"),
        ("str.shows_parameter(b.StageName)", "StageName: !ImportValue P", "fails"),
        ("str.shows_parameter(b.StageName)", "StageName: P", "fails"),
        ("str.shows_parameter(b.StageName)", "Description: !Ref P", "fails"),
        ('map.keys(b.RouteSettings) contains "k"', "RouteSettings: {j: {A: 1}, k: {A: 2}}", "passes"),
        ('map.keys(b.RouteSettings) contains "A"', "RouteSettings: {j: {A: 1}, k: {A: 2}}", "fails"),
        ('map.keys(b.RouteSettings) contains "A"', "RouteSettings: !ImportValue x", "maybe"),
        ("map.keys(b.RouteSettings) is empty", "StageName: x", "passes"),
        ('arn.path(b.StageName)[2] == "GET"', "StageName: arn:aws:execute-api:r:1:api/prod/GET/orders", "passes"),
        ("count(arn.path(b.StageName)) == 4", 'StageName: !Sub "arn:aws:execute-api:r:1:${P}/*/GET/${S}-x"', "passes"),
        ('arn.path(b.StageName)[1] == "*"', 'StageName: !Sub "arn:aws:execute-api:r:1:${P}/*/GET/${S}-x"', "passes"),
        ('arn.path(b.StageName)[0] == "*"', 'StageName: !Sub "arn:aws:execute-api:r:1:${S.ApiId}/*"', "fails"),
        ('arn.path(b.StageName)[0] == "*"', 'StageName: !Sub "arn:aws:execute-api:r:1:${P}/*"', "maybe"),
        ("arn.path(b.StageName)[2] is absent", "StageName: arn:aws:execute-api:r:1:api/prod", "passes"),
        ('arn.path(b.StageName)[0] == "x"', 'StageName: !Sub "arn:aws:execute-api:r:${AWS::AccountId}:x"', "passes"),
        ('arn.path(b.StageName)[0] == "x"', 'StageName: !Sub "${P}/x"', "maybe"),
        ('arn.path(b.StageName)[0] == "x"', "StageName: !ImportValue x", "maybe"),
        ("arn.path(b.StageName) is empty", "StageName: prod/x", "passes"),
        ("arn.path(b.StageName) is empty", "Description: x", "passes"),
        ('b.StageName like "*.amazonaws.com"', "StageName: !Ref AWS::AccountId", "fails"),
        ('b.StageName like "????????????"', "StageName: !Ref AWS::AccountId", "passes"),
        ('b.StageName like "*.amazonaws.com"', "StageName: !Ref AWS::StackName", "maybe"),
        ('str.contains(b.StageName, "*")', 'StageName: !Sub "${AWS::StackName}*"', "passes"),
        ('str.contains(b.StageName, "*")', 'StageName: !Sub "${AWS::StackName}.${S.ApiId}"', "fails"),
        ('str.contains(b.StageName, "x")', 'StageName: !Sub "${AWS::StackName}"', "maybe"),
        ('str.contains(b.StageName, "*")', 'StageName: !Sub "${AWS::StackName}${P}"', "maybe"),
        ('map.get(b.RouteSettings, "GET /").A == 1', "RouteSettings: {GET /: {A: 1}}", "passes"),
        ("map.get(b.RouteSettings, b.StageName).A == 1", "StageName: k, RouteSettings: {k: {A: 1}}", "passes"),
        ("map.get(b.RouteSettings, b.StageName).A == 1", "StageName: z, RouteSettings: {k: {A: 1}}", "fails"),
        ("map.get(b.RouteSettings, b.StageName).A == 1", "StageName: !Ref P, RouteSettings: {k: {A: 1}}", "maybe"),
        ("map.get(b.RouteSettings, b.StageName) is absent", "RouteSettings: {k: {A: 1}}", "passes"),
        ("some v in map.values(b.RouteSettings) satisfies v.A == 2", "RouteSettings: {j: {A: 1}, k: {A: 2}}", "passes"),
        ("some v in map.values(b.RouteSettings) satisfies v.A == 3", "RouteSettings: {j: {A: 1}, k: {A: 2}}", "fails"),
        ("some v in map.values(b.RouteSettings) satisfies v.A == 3", "RouteSettings: !ImportValue x", "maybe"),
        ("some v in map.values(b.RouteSettings) satisfies v.A == 3", "StageName: x", "fails"),
        ("str.starts_with(b.StageName, b.Description)", "StageName: x", "fails"),
        ("str.ends_with(b.StageName, b.Description)", "StageName: x", "fails"),
        ("str.contains(b.StageName, b.Description)", "StageName: x", "fails"),
        ('map.find(b.RouteSettings, "A") contains 1', "RouteSettings: {k: {A: 1}}", "passes"),
        ('map.find(b.RouteSettings, "A") contains 1', "RouteSettings: {k: [{j: {A: 2}}, {B: {A: 1}}]}", "passes"),
        ('map.find(b.RouteSettings, "A")[1].A == 1', "RouteSettings: {A: {A: {A: 1}}}", "passes"),
        ('count(map.find(b.RouteSettings, "A")) == 3', "RouteSettings: {A: {A: 1}, k: [{A: 1}]}", "passes"),
        ('map.find(b.RouteSettings, "A") contains 1', "RouteSettings: {k: {A: 2}, B: 1}", "fails"),
        ('map.find(b.RouteSettings, "A") is empty', "StageName: x", "passes"),
        ('map.find(b.RouteSettings, "A") contains 1', "RouteSettings: !ImportValue x", "maybe"),
        ('map.find(b.RouteSettings, "A") is empty', "RouteSettings: {k: !ImportValue x}", "passes"),
        ('map.find(b.RouteSettings, "A") is empty', "RouteSettings: {k: {Fn::Transform: {Name: M}}}", "maybe"),
        ('map.find(b.RouteSettings, "A") is empty', "RouteSettings: {k: {Fn::Transform: {Name: M}, A: 1}}", "fails"),
        ("map.find(b.RouteSettings, b.StageName) is empty", "StageName: z, RouteSettings: {k: {A: 1}}", "passes"),
        ("map.find(b.RouteSettings, b.StageName) is empty", "StageName: A, RouteSettings: {k: {A: 1}}", "fails"),
        ("map.find(b.RouteSettings, b.StageName) is empty", "StageName: !Ref P, RouteSettings: {k: {A: 1}}", "maybe"),
    ],
)
def test_meaning(tmp_path: Path, condition: str, properties: str, verdict: str) -> None:
    path = tmp_path / "rule.warden"
    path.write_text(f'rule r {{ {_HEAD}{condition} example "e" {verdict} {_template(properties)} }}')
    result = run_examples((str(path),))
    assert (*result.diagnostics, *result.failures) == ()
    assert result.examples == 1


def test_params_of_a_used_file_reach_the_examples(tmp_path: Path) -> None:
    (tmp_path / "lib.warden").write_text('param names: list<string> = ["x"] "names"\n')
    path = tmp_path / "rule.warden"
    example = _template("StageName: x")
    path.write_text(f'use "lib.warden"\nrule r {{ {_HEAD}b.StageName in names example "e" passes {example} }}')
    result = run_examples((str(path),))
    assert (*result.diagnostics, *result.failures) == ()


def test_the_lowest_severity_counts(tmp_path: Path) -> None:
    path = tmp_path / "rule.warden"
    example = _template("StageName: y")
    path.write_text(
        'rule r { title "t" severity high for b in AWS::ApiGatewayV2::Stage require b.StageName == "x" severity info '
        f'example "e" fails at S severity info {example} }}'
    )
    assert run_examples((str(path),)).failures == ()
