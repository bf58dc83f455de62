"""Style sheets and scripts that stand beside the modules which put them into pages."""

from __future__ import annotations

from importlib.resources import files

__all__ = ["static"]


def static(package: str, name: str) -> str:
    """The text of a file in the folder `static` of a package (a module's `__package__`)."""
    return (files(package) / "static" / name).read_text(encoding="utf-8")
