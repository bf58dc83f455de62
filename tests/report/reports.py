"""Reports made by hand, over a template in which every place is found by its text."""

from __future__ import annotations

from stackwarden.diagnostics import Severity
from stackwarden.run.finding import Edit, FileError, Finding, Fix, Place, Report, RuleInfo, Waived, When
from stackwarden.source import Source, Span

TEMPLATE = Source(
    "templates/my app.yaml",
    """\
Resources:
  Open:
    Type: AWS::Lambda::Url
    Properties:
      AuthType: NONE
      TargetFunctionArn: !GetAtt Handler.Arn
  Handler:
    Type: AWS::Lambda::Function
    Properties:
      Role: !GetAtt Role.Arn
      Description: "größer 日本 \\u001b[31m"
  Wide:
    Type: AWS::EC2::SecurityGroup
    Properties:
      SecurityGroupIngress:
        - CidrIp: 0.0.0.0/0
          FromPort: 22
          ToPort: 22
""",
)
BROKEN = Source("broken.yaml", "Resources:\n\tA: 1\n")


def at(text: str, source: Source = TEMPLATE, *, label: str = "", path: tuple[str | int, ...] = ()) -> Place:
    start = source.text.index(text)
    return Place(path, Span(source, start, start + len(text)), label)


URL = RuleInfo(
    id="lambda-url-auth-none",
    title="Lambda function URL is open to everyone",
    severity=Severity.CRITICAL,
    category="exposure",
    pack="api-security",
    because="With AuthType NONE anyone on the internet can invoke the function.",
    remediation="Set AuthType to AWS_IAM, or put an API with an authorizer in front of the function.",
    see=("https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html",),
    tags=("lambda",),
    maps={"checkov": ("CKV_AWS_258",), "owasp-api": ("API2:2023",)},
    resources=("AWS::Lambda::Url",),
    fixable=True,
    source="policies/api-security/lambda/lambda-url-auth-none.warden:1",
)
PORTS = RuleInfo(
    id="ec2-sg-ingress-admin-ports-open",
    title="Administration ports are open to the world",
    severity=Severity.HIGH,
    category="network",
    pack="network",
    because="Anyone can try passwords and exploits on them.",
    remediation="Allow only the addresses of your own network.",
    see=(),
    tags=(),
    maps={},
    resources=("AWS::EC2::SecurityGroup",),
    fixable=False,
    source="policies/network/ec2/ec2-sg-ingress-admin-ports-open.warden:3",
)
WORLD = "- CidrIp: 0.0.0.0/0\n          FromPort: 22\n          ToPort: 22"


def finding(
    rule: RuleInfo = URL,
    place: Place | None = None,
    *,
    when: When = None,
    maybe: bool = False,
    waived: Waived | None = None,
    resource: str = "Open",
    message: str = "Open lets anyone invoke Handler",
    severity: Severity | None = None,
) -> Finding:
    where = place or at("NONE", path=("Resources", "Open", "Properties", "AuthType"))
    return Finding(
        rule=rule,
        severity=rule.severity if severity is None else severity,
        verdict="maybe" if maybe else "fail",
        when=when,
        file=where.span.source.name,
        resource=resource,
        resource_type=rule.resources[0],
        place=where,
        message=message,
        fingerprint=f"{rule.id}-{resource}",
        related=(at("Handler:", label="the function that it invokes"),) if rule is URL else (),
        fix=Fix((Edit(where.span, "AWS_IAM"),)) if rule is URL else None,
        waived=waived,
    )


FULL = Report(
    files=3,
    rules=(URL, PORTS),
    findings=(
        finding(when=({"IsProd": False}, {"Parameters.Stage": ("dev", "test"), "AWS::Region": {"not": "us-east-1"}})),
        finding(
            PORTS,
            at(WORLD, path=("Resources", "Wide", "Properties", "SecurityGroupIngress", 0)),
            resource="Wide",
            message="Wide lets the world reach port 22",
        ),
        finding(
            PORTS,
            at("größer 日本", path=("Resources", "Handler", "Properties", "Description")),
            resource="Handler",
            message="port 22 may be open to 日本",
            maybe=True,
        ),
        finding(
            PORTS,
            at("FromPort: 22", path=("Resources", "Wide", "Properties", "SecurityGroupIngress", 0, "FromPort")),
            resource="Other",
            message='<b>"Other" & co.</b>',
            waived=Waived("closed by the firewall", "2027-01-31", "templates/my app.yaml:16", "inSource"),
        ),
    ),
    errors=(
        FileError("broken.yaml", 2, 1, "a tab cannot indent", "use blanks", span=at("\t", BROKEN).span),
        FileError("gone.yaml", 1, 1, "no such file"),
        FileError("twice.yaml", 7, 3, "the key `A` is already on line 3", fatal=False),
    ),
    duration_ms=84.4,
    show_maybe=True,
    sources={TEMPLATE.name: TEMPLATE},
    notices=("the waiver of `iam-*` ended on 2026-01-31",),
)
EMPTY = Report(files=1, rules=(URL, PORTS), findings=(), errors=(), duration_ms=3.0)
