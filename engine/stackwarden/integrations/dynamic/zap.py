"""A plan for ZAP's automation framework that scans the APIs of the surface.

Each API is a context with its base URL as a variable, which a system variable of the same name overrides. Its OpenAPI
document is imported, what passes is looked at passively, and then the routes are attacked. Reports are written as
SARIF and as JSON, which `stackwarden import zap-report` reads, and alerts decide ZAP's exit status.

Source: ZAP, *Automation Framework* (environment and the jobs `replacer`, `passiveScan-config`, `openapi`,
`passiveScan-wait`, `activeScan`, `report`, `exitStatus`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Severity
from stackwarden.integrations.dynamic.surface import Api, Json, Surface, filled, variables_of

__all__ = ["RISKS", "Choice", "plan", "unset"]

_Object = dict[str, Json]

RISKS: Final = {Severity.HIGH: "High", Severity.MEDIUM: "Medium", Severity.LOW: "Low", Severity.INFO: "Informational"}
"""ZAP's levels of risk; it has none above high."""

_REPORTS: Final = (("sarif-json", "zap.sarif.json"), ("traditional-json", "zap-report.json"))
_NO_NAME: Final = re.compile(r"[^A-Za-z0-9]+")


@dataclass(frozen=True, slots=True)
class Choice:
    """How to scan: `documents` are the files of the OpenAPI documents by API, `server` the base URL to use.

    `active` also attacks; `signed_in` sends credentials, which system variables hold; `fail_on` is the risk from which
    on ZAP ends with 1.
    """

    documents: dict[str, str]
    server: str = ""
    active: bool = True
    signed_in: bool = False
    fail_on: Severity = Severity.HIGH
    minutes: int = 10


def plan(surface: Surface, choice: Choice) -> _Object:
    """The plan as data, for YAML."""
    names = {api.name: _variable(api, several=len(surface.apis) > 1) for api in surface.apis}
    contexts: list[Json] = []
    for api in surface.apis:
        url = f"${{{names[api.name]}}}"
        contexts.append({"name": api.name, "urls": [url], "includePaths": [f"{url}.*"]})
    urls: _Object = {}
    for api in surface.apis:
        url = choice.server or _known_url(api)
        if url:
            urls[names[api.name]] = url
    return {
        "env": {
            "contexts": contexts,
            "vars": urls,
            "parameters": {"failOnError": True, "failOnWarning": False, "progressToStdout": True},
        },
        "jobs": _jobs(surface, choice, names),
    }


def unset(surface: Surface, choice: Choice) -> tuple[str, ...]:
    """The system variables without which the plan does not run, as the template does not tell the base URLs."""
    several = len(surface.apis) > 1
    return tuple(_variable(api, several=several) for api in surface.apis if not (choice.server or _known_url(api)))


def _known_url(api: Api) -> str:
    """The first base URL that the template tells, with the defaults of its parameters; empty where none is known."""
    for server in api.servers:
        if all(variable.default is not None for variable in variables_of(server.url)):
            return filled(server.url, lambda variable: variable.default or "")
    return ""


def _jobs(surface: Surface, choice: Choice, names: dict[str, str]) -> list[Json]:
    jobs: list[Json] = []
    if choice.signed_in and (rules := _credentials(surface)):
        jobs.append({"type": "replacer", "parameters": {"deleteAllRules": True}, "rules": rules})
    jobs.append({"type": "passiveScan-config", "parameters": {"maxAlertsPerRule": 0, "scanOnlyInScope": True}})
    for api in surface.apis:
        jobs.append(
            {
                "type": "openapi",
                "parameters": {
                    "apiFile": choice.documents[api.name],
                    "targetUrl": f"${{{names[api.name]}}}",
                    "context": api.name,
                },
            }
        )
    jobs.append({"type": "passiveScan-wait", "parameters": {"maxDuration": choice.minutes}})
    for api in surface.apis if choice.active else ():
        jobs.append(
            {
                "type": "activeScan",
                "parameters": {"context": api.name, "maxScanDurationInMins": choice.minutes},
                "policyDefinition": {"defaultStrength": "Medium", "defaultThreshold": "Medium"},
            }
        )
    for template, file in _REPORTS:
        jobs.append({"type": "report", "parameters": {"template": template, "reportFile": file}})
    worst = RISKS[min(choice.fail_on, Severity.HIGH)]
    # without a level alerts never count, so the plan would end with 0 whatever ZAP finds
    statuses: _Object = {"errorLevel": worst, "okExitValue": 0, "errorExitValue": 1, "warnExitValue": 2}
    jobs.append({"type": "exitStatus", "parameters": statuses, "alwaysRun": True})
    return jobs


def _credentials(surface: Surface) -> list[Json]:
    """What puts credentials into the requests: a system variable for each header that some route looks at."""
    headers = {
        credential.name: credential
        for api in surface.apis
        for route in api.routes
        for protection in route.protections
        for credential in protection.credentials
        if credential.place == "header" and credential.kind != "signature"
    }
    return [
        {
            "description": f"{name} from ZAP_{_NO_NAME.sub('_', name).upper()}",
            "matchType": "req_header",
            "matchString": name,
            "matchRegex": False,
            "replacementString": f"${{ZAP_{_NO_NAME.sub('_', name).upper()}}}",
        }
        for name in sorted(headers)
    ]


def _variable(api: Api, *, several: bool) -> str:
    return f"ZAP_URL_{_NO_NAME.sub('_', api.name).upper()}" if several else "ZAP_URL"
