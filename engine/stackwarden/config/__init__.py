"""Settings: `stackwarden.toml`, or `[tool.stackwarden]` of a `pyproject.toml`, as frozen data."""

from __future__ import annotations

from stackwarden.config.load import find_config, load_settings
from stackwarden.config.settings import ParamValue, Settings, Waiver

__all__ = ["ParamValue", "Settings", "Waiver", "find_config", "load_settings"]
