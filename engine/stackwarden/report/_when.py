"""The settings under which a finding comes about, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from stackwarden.run.finding import Setting, When

__all__ = ["when_as_data"]

WhenData = list[dict[str, object]] | None


def when_as_data(when: When) -> WhenData:
    """As in the JSON report: null, or a list of maps."""
    if when is None:
        return None
    return [{name: _data(setting) for name, setting in way.items()} for way in when]


def _data(setting: Setting) -> object:
    match setting:
        case bool() | str():
            return setting
        case tuple():
            return list(setting)
        case Mapping():
            excluded = setting["not"]
            return {"not": excluded if isinstance(excluded, str) else list(excluded)}
