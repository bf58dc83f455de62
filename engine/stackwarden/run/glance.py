"""What a file is, as far as its bytes tell without being parsed: what a run has to do with it, and what that costs."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from stackwarden.diagnostics import Diagnostic
from stackwarden.run.discover import Found, looks_like_template
from stackwarden.run.files import read_bytes
from stackwarden.template.limits import Limits

__all__ = ["Glance", "GlanceJob", "glance"]

_EXPORTING: Final = (b"Export",)
_NESTING: Final = (b"AWS::CloudFormation::Stack", b"AWS::Serverless::Application")
_SERVERLESS: Final = b"AWS::Serverless-"

_OPENING: Final = 2.0  # milliseconds for a file, whatever is in it
_PLAIN: Final = 0.0007  # milliseconds for a byte of a template
_TRANSFORMED: Final = 0.006  # and of one that AWS's translator expands


@dataclass(frozen=True, slots=True)
class Glance:
    """Whether a file may be a template, may have nested stacks, may export something; the milliseconds to scan it.

    The costs were measured on 440 public templates; only their proportions matter.
    """

    template: bool = True
    nests: bool = False
    exports: bool = False
    cost: float = _OPENING


def glance(found: Found, stdin: bytes | None = None) -> Glance:
    """Looks at a file; one that cannot be read may be anything, which is told by whoever scans it."""
    data = read_bytes(found, stdin, Limits().size)
    if isinstance(data, Diagnostic):
        return Glance()
    in_files = found.path is not None or found.is_object
    return Glance(
        template=found.given or not found.is_object or looks_like_template(data),  # files in folders are known to be
        nests=in_files and any(mark in data for mark in _NESTING),
        exports=in_files and any(mark in data for mark in _EXPORTING),
        cost=_OPENING + len(data) * (_TRANSFORMED if _SERVERLESS in data else _PLAIN),
    )


@dataclass(frozen=True, slots=True)
class GlanceJob:
    """Glances as a job for an executor."""

    def start(self) -> Callable[[Found], Glance]:
        """Nothing is needed but the file."""
        return glance

    def pack(self, result: Glance) -> bytes:
        """As pickled."""
        return pickle.dumps(result)

    def unpack(self, data: bytes) -> Glance:
        """A glance from a worker of this very run."""
        result = pickle.loads(data)
        assert isinstance(result, Glance)
        return result
