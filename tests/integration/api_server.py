"""A local server that does what OpenAPI documents declare, or fails to: what dynamic tests are tried on."""

from __future__ import annotations

import json
import re
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from jsonschema import Draft4Validator

__all__ = ["GOOD", "Behaviour", "serve"]

GOOD = "good"
"""The one credential that the server knows."""

_Document = Mapping[str, Any]


@dataclass(slots=True)
class Behaviour:
    """What the server does: documents by path prefix, the origins that may read from it, and what is broken in it."""

    documents: Mapping[str, _Document]
    origins: Mapping[str, str] = field(default_factory=dict)
    checks_credentials: bool = True
    lets_any_origin: bool = False
    keeps_strangers_out: bool = False
    burst: int | None = None
    moved_to: str = ""
    seen: list[str] = field(default_factory=list)
    taken: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def throttled(self) -> bool:
        """Whether a request is one too many; nothing is let through again later, so that no clock counts."""
        if self.burst is None:
            return False
        with self.lock:
            self.taken += 1
            return self.taken > self.burst


@contextmanager
def serve(behaviour: Behaviour, certificate: Path | None = None) -> Iterator[str]:
    """The base URL of a server in a thread of its own; over TLS with a certificate (a file with its key)."""
    handler = type("Handler", (_Handler,), {"behaviour": behaviour})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    behaviour: Behaviour
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def handle_one_request(self) -> None:
        """A client that speaks plain HTTP to TLS, or goes away, is its own fault."""
        with suppress(ssl.SSLError, ConnectionError):
            super().handle_one_request()
            return
        self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the library's
        """Keeps the tests' output clean."""

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        self.behaviour.seen.append(f"{self.command} {self.path}")
        status, headers = self._decide(body)
        text = b"" if status == 204 else json.dumps({"status": status}).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(text)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = do_TRACE = _answer  # noqa: N815

    def _decide(self, body: bytes) -> tuple[int, dict[str, str]]:
        if self.behaviour.moved_to:
            return 301, {"Location": self.behaviour.moved_to}
        for prefix, document in self.behaviour.documents.items():
            if self.path.startswith(prefix):
                return self._within(prefix, document, body)
        return 404, {}

    def _within(self, prefix: str, document: _Document, body: bytes) -> tuple[int, dict[str, str]]:
        origin = self.headers.get("Origin")
        if self.command == "OPTIONS" and origin is not None and prefix in self.behaviour.origins:
            return 204, self._cross_origin(self.behaviour.origins[prefix], origin)
        path = urlsplit(self.path).path.removeprefix(prefix) or "/"
        operations = _operations(document, path)
        operation = operations.get(self.command.lower())
        if operation is None:
            allowed = ", ".join(name.upper() for name in operations)
            return (405, {"Allow": allowed}) if operations else (404, {})
        if self.behaviour.keeps_strangers_out and not operation.get("security"):
            return 403, {}
        if self.behaviour.checks_credentials and not self._is_let_in(document, operation):
            return 401, {}
        if self.behaviour.throttled():
            return 429, {}
        return (200, {}) if self._is_valid(document, operation, body) else (400, {})

    def _is_valid(self, document: _Document, operation: _Document, body: bytes) -> bool:
        """Whether a request's query and body are what the document says."""
        query = parse_qs(urlsplit(self.path).query, keep_blank_values=True)
        for parameter in operation.get("parameters", []):
            for value in query.get(parameter["name"], []) if parameter["in"] == "query" else []:
                if not _fits(_number(value), parameter["schema"], document):
                    return False
        content = operation.get("requestBody", {}).get("content", {})
        if "application/json" not in content or (not body and not operation["requestBody"].get("required")):
            return True
        try:
            data = json.loads(body)
        except ValueError:
            return False
        return _fits(data, content["application/json"]["schema"], document)

    def _cross_origin(self, allowed: str, origin: str) -> dict[str, str]:
        if self.behaviour.lets_any_origin:
            return {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Methods": "GET,POST"}
        if origin != allowed:
            return {}
        return {"Access-Control-Allow-Origin": allowed, "Access-Control-Allow-Methods": "GET,POST"}

    def _is_let_in(self, document: _Document, operation: _Document) -> bool:
        schemes = document.get("components", {}).get("securitySchemes", {})
        asked = operation.get("security", [])
        return not asked or any(all(self._has(schemes[name]) for name in one) for one in asked)

    def _has(self, scheme: _Document) -> bool:
        if scheme["type"] == "http":
            return self.headers.get("Authorization") == f"Bearer {GOOD}"
        if scheme["in"] == "query":
            return parse_qs(urlsplit(self.path).query).get(scheme["name"]) == [GOOD]
        return self.headers.get(scheme["name"]) in (GOOD, f"Bearer {GOOD}")


def _operations(document: _Document, path: str) -> dict[str, _Document]:
    """The operations of the most literal template that a path fits."""
    fitting = [template for template in document["paths"] if _pattern(template, document).fullmatch(path)]
    if not fitting:
        return {}
    best = min(fitting, key=lambda template: template.count("{"))
    return {name: one for name, one in document["paths"][best].items() if name != "parameters"}


def _pattern(template: str, document: _Document) -> re.Pattern[str]:
    first = next(iter(document["paths"][template].values()))
    greedy = [one["name"] for one in first.get("parameters", []) if "segments" in one.get("description", "")]
    pieces = re.split(r"\{([^{}]+)\}", template)
    return re.compile(
        "".join(
            re.escape(piece) if index % 2 == 0 else (".+" if piece in greedy else "[^/]+")
            for index, piece in enumerate(pieces)
        )
    )


def _number(text: str) -> object:
    return int(text) if re.fullmatch(r"-?[0-9]+", text) else text


def _fits(data: object, schema: _Document, document: _Document) -> bool:
    whole = {**schema, "components": document.get("components", {})}  # where references lead
    return Draft4Validator(whole).is_valid(data)
