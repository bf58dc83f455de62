"""Events of CloudFormation hooks, and a server for what they name by address."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["ACCOUNT", "BY_PARAMETER", "CLOSED", "OPEN", "STACK_ID", "Serve", "event", "resource_event", "served"]

Serve = Callable[..., str]
"""What `served` gives: content and, if it is not 200, the status make an address."""


ACCOUNT = "111122223333"
STACK_ID = f"arn:aws:cloudformation:eu-west-1:{ACCOUNT}:stack/shop/5f2d-11"

OPEN: dict[str, Any] = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "NONE", "TargetFunctionArn": "f"}}
CLOSED: dict[str, Any] = {"Type": "AWS::Lambda::Url", "Properties": {"AuthType": "AWS_IAM", "TargetFunctionArn": "f"}}
BY_PARAMETER = """\
Parameters:
  Auth: {Type: String, AllowedValues: [NONE, AWS_IAM]}
  Password: {Type: String, NoEcho: true, Default: hunter-of-old}
Resources:
  Url:
    Type: AWS::Lambda::Url
    Properties: {AuthType: !Ref Auth, TargetFunctionArn: f}
  Database:
    Type: AWS::RDS::DBInstance
    Properties: {MasterUserPassword: !Ref Password, PubliclyAccessible: true, Engine: mysql}
"""


def event(target: str, action: str = "CREATE", **data: Any) -> dict[str, Any]:
    """An event of a Lambda hook; `data` goes to its `requestData`."""
    return {
        "clientRequestToken": "token-1",
        "awsAccountId": ACCOUNT,
        "stackId": STACK_ID,
        "changeSetId": None,
        "hookTypeName": "Private::Stackwarden::Check",
        "hookTypeVersion": "00000001",
        "hookModel": {"LambdaFunction": f"arn:aws:lambda:eu-west-1:{ACCOUNT}:function:check"},
        "actionInvocationPoint": f"{action}_PRE_PROVISION",
        "requestData": {
            "targetName": target,
            "targetType": target,
            "targetLogicalId": STACK_ID,
            "targetModel": None,
            "payload": None,
            **data,
        },
        "requestContext": {"invocation": 1, "callbackContext": None},
    }


def resource_event(
    resource_type: str, logical_id: str, properties: object, previous: object = None, action: str = "CREATE"
) -> dict[str, Any]:
    """An event about one resource."""
    model = {"resourceProperties": properties, "previousResourceProperties": previous}
    names = {"targetName": resource_type, "targetType": "RESOURCE", "targetLogicalId": logical_id}
    return event("RESOURCE", action, targetModel=model, **names)


@contextmanager
def served() -> Iterator[Callable[[object, int], str]]:
    """A function that serves content (an object as JSON, or bytes) with a status, and gives its presigned address."""
    pages: dict[str, tuple[bytes, int]] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content, status = pages[self.path.partition("?")[0]]
            self.send_response(status)
            if status in (301, 302):
                self.send_header("Location", content.decode())
                content = b""
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def serve(content: object, status: int = 200) -> str:
        path = f"/payload/{len(pages)}"
        pages[path] = (content if isinstance(content, bytes) else json.dumps(content).encode(), status)
        return f"http://127.0.0.1:{server.server_port}{path}?X-Amz-Signature=5ecre7"

    try:
        yield serve
    finally:
        server.shutdown()
        server.server_close()
