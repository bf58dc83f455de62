"""What rules can ask about web addresses, each question in a rule of its own whose example says what it means."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.run.examples import run_examples

_HEAD = 'title "t" severity low for b in AWS::ApiGatewayV2::Stage require '


def _template(value: str) -> str:
    return f'''"""
        Parameters:
          P: {{Type: String}}
          D: {{Type: String, Default: a.org}}
          N: {{Type: String, AllowedValues: [x, y]}}
        Resources:
          Pool: {{Type: AWS::Cognito::UserPool}}
          Balancer: {{Type: AWS::ElasticLoadBalancingV2::LoadBalancer}}
          S: {{Type: AWS::ApiGatewayV2::Stage, Properties: {{StageName: {value}}}}}
    """'''


@pytest.mark.parametrize(
    ("condition", "value", "verdict"),
    [
        ('url.scheme(b.StageName) == "https"', '"HTTPS://a.org"', "passes"),
        ('url.scheme(b.StageName) == "myapp"', '"myapp:callback"', "passes"),
        ('url.scheme(b.StageName) == "https"', '"http://a.org"', "fails"),
        ('url.scheme(b.StageName) == "https"', '!Sub "https://${P}/x"', "passes"),
        ('url.scheme(b.StageName) == "https"', '!Sub "http${P}://x"', "maybe"),
        ('url.scheme(b.StageName) == "https"', '!Sub "${P}"', "maybe"),
        ("url.scheme(b.StageName) is absent", '"a.org/https:"', "passes"),
        ("url.scheme(b.StageName) is absent", "!Ref AWS::NoValue", "passes"),
        ('url.scheme(b.StageName) == "https"', "!ImportValue x", "maybe"),
        ('url.host(b.StageName) == "a.org"', '"https://A.org:8443/x?y"', "passes"),
        ('url.host(b.StageName) == "a.org"', '"https://u:p@a.org#y"', "passes"),
        ('url.host(b.StageName) == "a.org"', '"https://u@b.org/@a.org"', "fails"),
        ("url.host(b.StageName) is absent", '"mailto:me@a.org"', "passes"),
        ("url.host(b.StageName) is absent", '"//a.org"', "passes"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://${D}/x"', "fails when {D: b.org} passes when {D: a.org}"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://${P}/x"', "maybe"),
        ('url.host(b.StageName) in ["x.org", "y.org"]', '!Sub "https://${N}.org:80/x"', "passes"),
        ('url.host(b.StageName) == "x.org"', '!Sub "https://${N}.org/"', "fails when {N: y} passes when {N: x}"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://a.org/${P}"', "passes"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://${P}@a.org/"', "maybe"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://${AWS::AccountId}@a.org/"', "passes"),
        ('url.host(b.StageName) like "*.amazonaws.com"', '!Sub "https://${Pool}.amazonaws.com/x"', "passes"),
        ('url.host(b.StageName) like "*.amazonaws.com"', '!Sub "https://s.${AWS::Region}.amazonaws.com"', "passes"),
        ('url.host(b.StageName) like "*.amazonaws.com"', '!Sub "https://s.${AWS::Region}.a.org"', "fails"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://${Balancer.DNSName}/a.org"', "maybe"),
        ('url.host(b.StageName) == "a.org"', '!Sub "https://x${Pool.Arn}"', "maybe"),
    ],
)
def test_meaning(tmp_path: Path, condition: str, value: str, verdict: str) -> None:
    path = tmp_path / "rule.warden"
    path.write_text(f'rule r {{ {_HEAD}{condition} example "e" {verdict} {_template(value)} }}')
    result = run_examples((str(path),))
    assert (*result.diagnostics, *result.failures) == ()
    assert result.examples == 1
