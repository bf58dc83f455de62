"""The documents about a template's APIs: valid, complete about what they leave out, and without secrets."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from openapi_spec_validator import validate
from typer.testing import CliRunner

from stackwarden.cli.app import app
from stackwarden.integrations.dynamic.openapi import document
from stackwarden.integrations.dynamic.postman import collection, untested
from stackwarden.integrations.dynamic.reading import surface_of
from stackwarden.integrations.dynamic.surface import Surface
from stackwarden.run.discover import STDIN, Found
from stackwarden.run.opened import Asked, open_file
from stackwarden.run.session import SessionOptions

_KINDS = """\
Parameters:
  Stage: {Type: String, Default: dev, AllowedValues: [dev, prod]}
  Domain: {Type: String}
  Version: {Type: String, Default: v1}
Conditions: {IsProd: !Equals [!Ref Stage, prod]}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: "2.0"
        definitions:
          Order: {type: object, required: [id], properties: {id: {type: integer}, next: {$ref: "#/definitions/Order"}}}
        securityDefinitions:
          users:
            type: apiKey
            name: X-Users
            in: header
            x-amazon-apigateway-authorizer: {type: token, authorizerUri: !ImportValue f}
        paths:
          /orders:
            post:
              security: [{users: []}]
              parameters: [{in: body, name: order, schema: {$ref: "#/definitions/Order"}}]
            options:
              x-amazon-apigateway-integration:
                type: mock
                responses:
                  default:
                    statusCode: "200"
                    responseParameters:
                      method.response.header.Access-Control-Allow-Origin: "'https://shop.example.com'"
                      method.response.header.Access-Control-Allow-Methods: "'GET,POST'"
          "/orders/{id}":
            delete: {security: !If [IsProd, [{users: []}], []]}
            x-amazon-apigateway-any-method: {security: [{users: []}]}
          /debug: !If [IsProd, !Ref AWS::NoValue, {get: {}}]
  Live:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: !Ref Stage}
  Name:
    Type: AWS::ApiGateway::DomainName
    Properties: {DomainName: !Ref Domain, EndpointConfiguration: {Types: [REGIONAL]}}
  Mapping:
    Type: AWS::ApiGateway::BasePathMapping
    Properties: {DomainName: !Ref Name, RestApiId: !Ref Api, Stage: !Ref Live, BasePath: shop}
  Site: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: site, ProtocolType: HTTP}}
  Users:
    Type: AWS::ApiGatewayV2::Authorizer
    Properties:
      ApiId: !Ref Site
      Name: Users
      AuthorizerType: REQUEST
      IdentitySource: ["$request.header.X-One", "$request.querystring.two"]
  Versioned:
    Type: AWS::ApiGatewayV2::Route
    Properties:
      ApiId: !Ref Site
      RouteKey: !Sub "GET /${Version}/carts"
      AuthorizationType: CUSTOM
      AuthorizerId: !Ref Users
  Unknown: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Site, RouteKey: !ImportValue route}}
  Elsewhere: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: abc123, RouteKey: GET /there}}
  Chat: {Type: AWS::ApiGatewayV2::Api, Properties: {Name: chat, ProtocolType: WEBSOCKET}}
  Connect: {Type: AWS::ApiGatewayV2::Route, Properties: {ApiId: !Ref Chat, RouteKey: $connect}}
  Graph: {Type: AWS::AppSync::GraphQLApi, Properties: {Name: g, AuthenticationType: API_KEY}}
  Url: {Type: AWS::Lambda::Url, Properties: {TargetFunctionArn: f, AuthType: AWS_IAM}}
  Balancer: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {}}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties:
      LoadBalancerArn: !Ref Balancer
      Protocol: HTTPS
      Port: 8443
      DefaultActions: [{Type: authenticate-oidc, Order: 1}, {Type: forward, Order: 2}]
  Cdn: {Type: AWS::CloudFront::Distribution, Properties: {DistributionConfig: {Enabled: true}}}
  Hidden: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}
"""


def _surface(text: str, **parameters: str) -> Surface:
    asked = Asked(Found(STDIN, None, True), stdin=text.encode())
    opened = open_file(asked, SessionOptions(parameters=parameters))
    assert (opened.wrong, opened.faults) == ((), ())
    return surface_of(opened.name, opened.stacks[0].stack, opened.secrets)


def _documents(text: str, **parameters: str) -> dict[str, Any]:
    surface = _surface(text, **parameters)
    return {api.name: document(surface, api) for api in surface.apis}


def _run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(arguments), input=stdin)
    return done.exit_code, done.stdout, done.stderr


def test_every_kind_of_api_is_a_valid_document() -> None:
    found = _documents(_KINDS)
    assert list(found) == ["Api", "Site", "abc123", "Graph", "Url", "Listener"]
    for one in found.values():
        validate(one)
        schemes = one.get("components", {}).get("securitySchemes", {})
        for item in one["paths"].values():
            for operation in item.values():  # the validator takes names that nobody declared
                assert all(name in schemes for entry in operation["security"] for name in entry)


def test_what_the_template_leaves_open_is_a_variable() -> None:
    found = _documents(_KINDS)
    servers = {server["url"]: server.get("variables", {}) for server in found["Api"]["servers"]}
    assert list(servers) == ["https://{Domain}/shop", "https://{Api}.execute-api.{Region}.{URLSuffix}/{Stage}"]
    stage = servers["https://{Api}.execute-api.{Region}.{URLSuffix}/{Stage}"]["Stage"]
    assert (stage["default"], stage["enum"]) == ("dev", ["dev", "prod"])
    (parameter,) = found["Site"]["paths"]["/{Version}/carts"]["get"]["parameters"]
    assert (parameter["name"], parameter["schema"]["default"]) == ("Version", "v1")
    assert found["abc123"]["servers"][0]["url"] == "https://abc123.execute-api.{Region}.{URLSuffix}"
    assert found["Listener"]["servers"][0]["url"] == "https://{Balancer_DNSName}:8443"


def test_parameters_decide_what_is_conditional() -> None:
    left = _documents(_KINDS)["Api"]["paths"]
    assert left["/debug"]["get"]["x-stackwarden-when"] == "IsProd is false"
    assert left["/orders/{id}"]["delete"]["security"] == [{"users": []}, {}]
    assert [one["x-stackwarden-when"] for one in left["/orders/{id}"]["delete"]["x-stackwarden-protection"]] == [
        "IsProd is true",
        "IsProd is false",
    ]
    decided = _documents(_KINDS, Stage="prod")["Api"]
    assert "/debug" not in decided["paths"]
    assert decided["paths"]["/orders/{id}"]["delete"]["security"] == [{"users": []}]
    assert decided["servers"][1]["url"].endswith("/prod")


def test_schemas_keep_their_references() -> None:
    api = _documents(_KINDS)["Api"]
    body = api["paths"]["/orders"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["next"] == {"$ref": "#/components/schemas/Order"}
    assert api["components"]["schemas"]["Order"]["required"] == ["id"]


def test_nothing_is_left_out_silently() -> None:
    surface = _surface(_KINDS)
    sentences = {one.sentence for one in surface.missing}
    assert sentences == {
        "Hidden: its definition, or part of it, is not in the template",
        "Chat: $connect: WebSocket APIs are not exported",
        "Cdn: a distribution has no routes of its own; export what it forwards to",
        "Site: {imported_from_route}: its path is not determined by the template",
    }
    assert document(surface, surface.apis[1])["x-stackwarden-not-exported"] == [
        "Site: {imported_from_route}: its path is not determined by the template"
    ]
    told = {one.sentence for one in untested(surface)} - sentences
    assert told == {"Api: DELETE /orders/{id}: whether it is protected depends: IsProd is true; IsProd is false"}


def _requests(items: list[Any], path: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for item in items:
        name = f"{path}/{item['name']}"
        found.update(_requests(item["item"], name) if "item" in item else {name: item["request"]})
    return found


def test_bad_credentials_are_what_each_route_looks_at() -> None:
    made: Any = collection(_surface(_KINDS))
    sent = _requests(made["item"])

    def headers(name: str) -> dict[str, str]:
        (found,) = (one for key, one in sent.items() if key.endswith(name))
        return {header["key"]: header["value"] for header in found["header"]}

    assert "X-Users" in headers("POST /orders with bad credentials")
    assert "X-Users" not in headers("POST /orders without credentials")
    assert headers("g/authorization/POST /graphql with bad credentials")["x-api-key"]
    assert "/lambda/aws4_request" in headers("Url/authorization/GET / with bad credentials")["Authorization"]
    assert headers("Listener/authorization/GET /{any} with bad credentials")["Cookie"].startswith("AWSELBAuthSession")
    (versioned,) = (one for key, one in sent.items() if key.endswith("GET /{Version}/carts with bad credentials"))
    assert versioned["url"].startswith("{{baseUrl_Site}}/{{Version}}/carts?two=")
    assert "X-One" in {header["key"] for header in versioned["header"]}
    variables = {one["key"]: one["value"] for one in made["variable"]}
    assert variables["Version"] == "v1"
    assert variables["baseUrl_Url"] == "https://{{Url_UrlId}}.lambda-url.{{Region}}.on.aws"


_SECRETS = """\
Parameters:
  Hidden: {Type: String, NoEcho: true, Default: hunter-default, AllowedValues: [hunter-default, hunter-other]}
  Given: {Type: String, NoEcho: true}
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Name: !Sub "api ${Given} hunter-default"
      Body:
        openapi: 3.0.1
        paths:
          /hunter-default/orders:
            post:
              parameters: [{name: hunter-default, in: query, schema: {type: string, enum: [hunter-default, x]}}]
              requestBody:
                content:
                  application/json:
                    schema:
                      type: object
                      description: "use AKIAIOSFODNN7EXAMPLE or hunter-default"
                      example: {password: hunter-example, plain: https://me:hunter-url@example.com}
                      properties:
                        password: {type: string, default: hunter-property, example: hunter-sample}
                        hunter-default: {type: string}
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: !Sub "s-${Given}"}
  Open:
    Type: AWS::ApiGateway::Stage
    Properties: {RestApiId: !Ref Api, StageName: !Ref Hidden}
"""


@pytest.mark.parametrize("command", ["openapi", "postman", "zap"])
def test_no_document_shows_a_secret(tmp_path: Path, command: str) -> None:
    template = tmp_path / "app.yaml"
    template.write_text(_SECRETS, encoding="utf-8")
    target = tmp_path / "made" / "document.json"
    code, out, err = _run(
        "export", command, str(template), "--parameters", "Given=hunter-given", "-o", str(target), "--no-config"
    )
    assert code == 0, err
    written = {file.name: file.read_text(encoding="utf-8") for file in target.parent.iterdir()}
    assert written
    for name, text in (*written.items(), ("stdout", out), ("stderr", err)):
        assert "hunter" not in text, name
        assert "AKIA" not in text, name
    assert "****" in written["document.json"] or command == "zap"


def test_exports_are_the_same_each_time(tmp_path: Path) -> None:
    template = tmp_path / "app.yaml"
    template.write_text(_KINDS, encoding="utf-8")
    runs = [_run("export", "postman", str(template), "--no-config")[1] for _ in range(2)]
    assert runs[0] == runs[1]


@pytest.mark.parametrize(
    ("text", "arguments", "code", "told"),
    [
        ("Resources: {A: {Type: AWS::SNS::Topic}}", (), 2, "has no API to export"),
        (
            "Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {BodyS3Location: {Bucket: b, Key: k}}}}",
            (),
            2,
            "A: its definition, or part of it, is not in the template",
        ),
        ("Resources: [", (), 3, "<stdin>"),
        (_KINDS, (), 2, "has several APIs: Api, Site, abc123, Graph, Url, Listener; choose one with --api"),
        (_KINDS, ("--api", "Sight"), 2, "did you mean `Site`?"),
        (_KINDS, ("--api", "Site", "--server", "example.com"), 2, "--server takes a URL"),
        (_KINDS, ("--server", "https://example.com"), 2, "--server is about one API"),
        (_KINDS, ("--api", "Site", "--parameters", "Stag=x"), 2, "did you mean `Stage`?"),
        (_KINDS, ("--api", "Site", "--parameters", "Stage=x"), 3, "does not allow `x`"),
        (_KINDS, ("-o", "all.json"), 2, "`all.json` has to be a folder"),
    ],
)
def test_bad_input_gets_a_clear_error(text: str, arguments: tuple[str, ...], code: int, told: str) -> None:
    ended, out, err = _run("export", "openapi", "-", "--no-config", *arguments, stdin=text)
    assert (ended, out) == (code, "")
    assert told in err


# From ZAP's own documentation of the automation framework: what each job takes beside `type`, `name`, `enabled` and
# `alwaysRun`, and which parameters it has.
_JOBS: Mapping[str, tuple[set[str], set[str]]] = {
    "replacer": ({"parameters", "rules"}, {"deleteAllRules"}),
    "passiveScan-config": (
        {"parameters", "rules"},
        {"maxAlertsPerRule", "scanOnlyInScope", "maxBodySizeInBytesToScan", "enableTags", "disableAllRules"},
    ),
    "openapi": ({"parameters"}, {"apiFile", "apiUrl", "context", "user", "targetUrl", "maxMessages"}),
    "passiveScan-wait": ({"parameters"}, {"maxDuration"}),
    "activeScan": (
        {"parameters", "policyDefinition"},
        {"context", "user", "url", "policy", "maxRuleDurationInMins", "maxScanDurationInMins", "addQueryParam"}
        | {"defaultPolicy", "delayInMs", "handleAntiCSRFTokens", "injectPluginIdInHeader", "scanHeadersAllRequests"}
        | {"threadPerHost", "maxAlertsPerRule"},
    ),
    "report": (
        {"parameters", "risks", "confidences", "sections", "sites"},
        {"template", "theme", "reportDir", "reportFile", "reportTitle", "reportDescription", "displayReport"},
    ),
    "exitStatus": ({"parameters"}, {"errorLevel", "warnLevel", "okExitValue", "errorExitValue", "warnExitValue"}),
}
_COMMON = {"type", "name", "enabled", "alwaysRun"}
_CONTEXT = {"name", "urls", "includePaths", "excludePaths", "authentication", "sessionManagement", "technology"} | {
    "structure",
    "users",
}
_ENVIRONMENT = {"contexts", "vars", "configs", "parameters", "proxy"}
_SETTINGS = {"failOnError", "failOnWarning", "continueOnFailure", "progressToStdout", "maxDuration"}
_RULE = {"description", "url", "matchType", "matchString", "matchRegex", "replacementString", "tokenProcessing"}


def _plan(tmp_path: Path, *arguments: str) -> tuple[Any, str]:
    template = tmp_path / "app.yaml"
    template.write_text(_KINDS, encoding="utf-8")
    code, _, err = _run("export", "zap", str(template), "--no-config", "-o", str(tmp_path / "plan.yaml"), *arguments)
    assert code == 0, err
    return yaml.safe_load((tmp_path / "plan.yaml").read_text(encoding="utf-8")), err


def test_the_plan_has_only_what_zap_knows(tmp_path: Path) -> None:
    plan, _ = _plan(tmp_path, "--signed-in", "--fail-on", "medium")
    environment = plan["env"]
    assert set(plan) == {"env", "jobs"}
    assert set(environment) <= _ENVIRONMENT
    assert set(environment["parameters"]) <= _SETTINGS
    contexts = {context["name"] for context in environment["contexts"]}
    assert all(set(context) <= _CONTEXT and context["urls"] for context in environment["contexts"])
    for job in plan["jobs"]:
        parts, parameters = _JOBS[job["type"]]
        assert set(job) <= parts | _COMMON, job
        assert set(job["parameters"]) <= parameters, job
        assert job["parameters"].get("context", "Api") in contexts
        for rule in job.get("rules", []):
            assert set(rule) <= _RULE
        if job["type"] == "openapi":
            validate(json.loads((tmp_path / job["parameters"]["apiFile"]).read_text(encoding="utf-8")))
    kinds = [job["type"] for job in plan["jobs"]]
    assert kinds.count("openapi") == kinds.count("activeScan") == len(contexts) == 6
    last = plan["jobs"][-1]
    assert (last["type"], last["alwaysRun"], last["parameters"]["errorLevel"]) == ("exitStatus", True, "Medium")
    assert {job["parameters"]["template"] for job in plan["jobs"] if job["type"] == "report"} == {
        "sarif-json",
        "traditional-json",
    }


def test_the_plan_guesses_no_address(tmp_path: Path) -> None:
    plan, told = _plan(tmp_path)
    assert plan["env"]["vars"] == {}
    assert "set ZAP_URL_API, ZAP_URL_SITE" in told
    known, _ = _plan(tmp_path, "--api", "Site", "--server", "https://test.example.com:443/", "--passive")
    assert known["env"]["vars"] == {"ZAP_URL": "https://test.example.com"}
    assert "activeScan" not in {job["type"] for job in known["jobs"]}
