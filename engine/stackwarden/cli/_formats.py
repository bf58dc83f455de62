"""Which output goes where: each `--output` belongs to the `--format` before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from typer.core import TyperCommand

__all__ = ["ORDER", "FormatCommand", "Target", "pair"]

ORDER: Final = "stackwarden.order"
_REPEATED: Final = ("formats", "outputs")


@dataclass(frozen=True, slots=True)
class Target:
    """A format and the file for it; None is standard output."""

    format: str
    file: str | None


class FormatCommand(TyperCommand):
    """Notes in `ctx.meta[ORDER]` the order of `--format` and `--output`, which their values do not tell."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # the type of `ctx` has no public name
        _, _, order = self.make_parser(ctx).parse_args(args=list(args))
        ctx.meta[ORDER] = tuple(parameter.name for parameter in order if parameter.name in _REPEATED)
        return super().parse_args(ctx, args)


def pair(formats: Sequence[str], outputs: Sequence[str], order: Sequence[str]) -> tuple[Target, ...] | str:
    """The targets, or what is wrong with the call.

    An `--output` belongs to the nearest `--format` before it that has none yet, else to the first one after it.
    `order` holds `formats` and `outputs`, once for each time that the option was given.
    """
    if outputs and not formats:
        return "--output needs a --format, such as `--format json --output report.json`"
    files: list[str | None] = [None] * len(formats)
    remaining = list(outputs)
    pending: list[str] = []
    seen = 0
    for name in order:
        if name == "formats":
            if pending:
                files[seen] = pending.pop(0)
            seen += 1
            continue
        file = remaining.pop(0)
        free = [index for index in range(seen) if files[index] is None]
        if free:
            files[free[-1]] = file
        else:
            pending.append(file)
    if pending:
        return f"there is no --format for `--output {pending[0]}`"
    targets = tuple(Target(name, file) for name, file in zip(formats, files, strict=True))
    if sum(target.file is None for target in targets) > 1:
        return "only one format can go to standard output; give the others an --output"
    return targets or (Target("pretty", None),)
