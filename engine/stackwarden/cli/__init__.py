"""The command line: one module for each command, which reads options, calls and renders."""

__all__: list[str] = []
