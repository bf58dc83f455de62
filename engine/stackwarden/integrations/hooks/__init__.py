"""A Lambda function for CloudFormation Hooks that enforces the packs at deploy time.

The function's handler is `stackwarden.integrations.hooks.lambda_handler`; `docs/integrations/cloudformation-hooks.md`
says how it is deployed. CloudFormation waits for 30 seconds, and whatever happens is answered before that.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Final, Protocol

from stackwarden.config import Settings, load_settings
from stackwarden.diagnostics import Severity
from stackwarden.integrations.hooks.answer import Answer, failure, judge, pass_over
from stackwarden.integrations.hooks.check import Checked, check
from stackwarden.integrations.hooks.payload import UnreachableError
from stackwarden.integrations.hooks.request import BadEventError, HookRequest, read_request
from stackwarden.integrations.hooks.settings import BadSettingError, HookSettings, read_settings
from stackwarden.run.collector import collector_paused
from stackwarden.run.session import Session, SessionOptions, open_session

__all__ = ["lambda_handler"]

_DEFAULT: Final = Severity.HIGH
_LIMIT: Final = 30.0  # seconds that CloudFormation waits
_RESERVE: Final = 1.5  # seconds to answer in

_log: Final = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda tells of an invocation, as far as it is needed."""

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until Lambda ends the invocation."""


class _OutOfTime(BaseException):
    """Time is up. No `Exception`, so that nothing on the way takes it for a fault of its own."""


def lambda_handler(event: object, context: Context | None = None) -> Answer:
    """Answers one request of CloudFormation; never raises, as that would only tell that something went wrong."""
    token = event.get("clientRequestToken", "") if isinstance(event, dict) else ""
    token = token if isinstance(token, str) else ""
    try:
        settings = read_settings(os.environ)
    except BadSettingError as error:
        return failure(str(error), token, passes=False)
    try:
        with _time_limit(context):
            return _answer(event, settings)
    except (BadEventError, UnreachableError, BadSettingError) as error:
        _log.error("%s", error)
        return failure(str(error), token, passes=settings.passes_on_error)
    except _OutOfTime:
        _log.error("out of time")
        reason = "checking took longer than CloudFormation waits; give the function more memory, which makes it faster"
        return failure(reason, token, passes=settings.passes_on_error)
    except Exception as error:
        _log.exception("internal error")  # without the event, which may hold secrets
        reason = f"internal error: {type(error).__name__}; the function's log has more"
        return failure(reason, token, passes=settings.passes_on_error)


def _answer(event: object, settings: HookSettings) -> Answer:
    request = read_request(event, os.environ.get("AWS_REGION", ""))
    if request.action == "DELETE":
        return pass_over("nothing is checked when something is deleted", request.token)
    session = _session(settings)
    with collector_paused():
        checked = check(request, session, settings)
    own = session.options.settings
    fail_on = settings.fail_on or (own.fail_on if own is not None else None) or _DEFAULT
    answer = judge(
        checked,
        request.token,
        fail_on=fail_on,
        fail_on_maybe=settings.fail_on_maybe,
        passes_on_error=settings.passes_on_error,
        short=request.target == "CLOUD_CONTROL",
    )
    _log.info("%s %s %s: %s", request.action, request.target, request.logical_id, answer["hookStatus"])
    is_named = bool(request.stack_id)  # without a stack, nothing tells one resource from another before it is made
    if settings.to_security_hub and is_named and answer["hookStatus"] == "SUCCESS":
        _import(request, session, checked)
    return answer


@cache
def _session(settings: HookSettings) -> Session:
    """The rules, loaded once for all invocations of a function's process. Raises BadSettingError."""
    own = _own(Path(settings.config)) if settings.config else None
    options = SessionOptions(packs=settings.packs, skip=settings.skip, settings=own, min_severity=Severity.INFO)
    session = open_session(options)
    if not isinstance(session, Session):
        raise BadSettingError("; ".join(one.message() for one in session))
    return session


def _own(file: Path) -> Settings:
    own = load_settings(file)
    if not isinstance(own, Settings):
        raise BadSettingError("; ".join(f"{file.name}: {one.message()}" for one in own))
    return own


def _import(request: HookRequest, session: Session, checked: Checked) -> None:
    """Imports what will be deployed into Security Hub; that this fails stops no deployment, but is logged."""
    from stackwarden.integrations.security_hub import import_findings, securityhub

    for problem in import_findings(_as_asff(request, session, checked), securityhub(request.region)):
        _log.error("Security Hub: %s", problem)


def _as_asff(request: HookRequest, session: Session, checked: Checked) -> list[dict[str, object]]:
    """Findings of the operation, and those that it ends."""
    from stackwarden.integrations.security_hub import ended, found
    from stackwarden.run.finding import Report

    pseudo = {
        "AWS::AccountId": request.account,
        "AWS::Region": request.region,
        "AWS::Partition": request.partition,
        "AWS::StackName": request.stack_name,
    }
    report = Report(1, session.rules, checked.findings, checked.errors, 0.0, min_severity=Severity.LOW, pseudo=pseudo)
    return [*found(report), *ended(report, checked.gone)]


@contextmanager
def _time_limit(context: Context | None) -> Iterator[None]:
    """Ends what takes longer than Lambda and CloudFormation wait, with time left to say so."""
    left = _LIMIT if context is None else min(context.get_remaining_time_in_millis() / 1000, _LIMIT)
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread, where Lambda runs handlers, gets signals
        return

    def stop(_number: int, _frame: object) -> None:
        raise _OutOfTime

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, max(left - _RESERVE, 0.1))
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
