"""Parsing and checking Warden files together: all that is wrong with any of them, in one run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from stackwarden.diagnostics import Diagnostic
from stackwarden.language import ast, ir
from stackwarden.language.parse import parse
from stackwarden.language.typecheck.files import check_file, globals_of, unused_lets
from stackwarden.language.typecheck.problems import BadUse, DuplicateParam, DuplicateRule
from stackwarden.language.typecheck.scope import Globals, ProblemKey, problem_key
from stackwarden.schema.registry import Registry
from stackwarden.source import Source

__all__ = ["Checked", "check_files"]


@dataclass(frozen=True, slots=True)
class Checked:
    """The typed files in the order given, their syntax trees, and every diagnostic by file and place.

    `used` are the files that were read because a `use` names them, with their text; `missed` are the places where a
    used file was looked for in vain. With the given files they are all that the result depends on. `known` are the
    names in reach of each file.
    """

    files: tuple[ir.FileIR, ...]
    trees: tuple[ast.File, ...]
    diagnostics: tuple[Diagnostic, ...]
    used: tuple[tuple[Path, str], ...] = ()
    missed: tuple[Path, ...] = ()
    known: tuple[Globals, ...] = ()


def check_files(sources: Iterable[tuple[Path, Source]], registry: Registry | None = None) -> Checked:
    """Checks files, given with the path that `use` is relative to."""
    checker = _Checker(registry if registry is not None else Registry())
    given = tuple(sources)
    for path, source in given:
        checker.parse(path, source)
    made = tuple(checker.check(path) for path, _ in given)
    checker.check_ids()
    checker.check_params()
    checker.check_lets()
    order = {source.name: index for index, (_, source) in enumerate(given)}
    diagnostics = sorted(
        checker.diagnostics.values(),
        key=lambda one: (order.get(one.span.source.name, -1), one.span.start) if one.span else (-1, 0),
    )
    trees = tuple(checker.trees[path.resolve()] for path, _ in given)
    known = tuple(checker.known[path.resolve()] for path, _ in given)
    return Checked(made, trees, tuple(diagnostics), tuple(checker.used.items()), tuple(checker.missed), known)


class _Checker:
    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self.trees: dict[Path, ast.File] = {}
        self.known: dict[Path, Globals] = {}
        self.used: dict[Path, str] = {}
        self.missed: dict[Path, None] = {}
        self._targets: set[Path] = set()
        self._params: dict[Path, tuple[ir.ParamIR, ...]] = {}
        self.diagnostics: dict[ProblemKey, Diagnostic] = {}

    def parse(self, path: Path, source: Source) -> None:
        """Parses a file unless that was done."""
        key = path.resolve()
        if key not in self.trees:
            self.trees[key], diagnostics = parse(source)
            self._note(diagnostics)

    def check(self, path: Path) -> ir.FileIR:
        """Types a parsed file together with the files that it uses."""
        key = path.resolve()
        used = self._used(key, {key: None})
        known, diagnostics = globals_of(tuple(self.trees[one] for one in used), self._registry)
        self._note(diagnostics)
        self.known[key] = known
        made, diagnostics = check_file(self.trees[key], known, self._registry)
        self._note(diagnostics)
        lent = (param for one in used if one != key for param in self._lent(one, known))
        return replace(made, params=(*made.params, *lent))

    def _lent(self, key: Path, known: Globals) -> tuple[ir.ParamIR, ...]:
        """The policy parameters of a used file, which rules that use it read; its faults are reported elsewhere."""
        if key not in self._params:
            made, _ = check_file(self.trees[key], known, self._registry)
            self._params[key] = made.params
        return self._params[key]

    def check_ids(self) -> None:
        """Reports rule ids that are taken."""
        seen: dict[str, str] = {}
        for tree in self.trees.values():
            for rule in tree.rules:
                where = f"{rule.id_span.source.name}:{rule.id_span.begin.line}"
                if rule.id in seen:
                    self._note((DuplicateRule(rule.id_span, rule.id, seen[rule.id]),))
                seen.setdefault(rule.id, where)

    def check_params(self) -> None:
        """Reports params of one name in files that do not use each other: a setting could not tell them apart."""
        seen: dict[str, str] = {}
        marked = {key[:3] for key in self.diagnostics}
        for tree in self.trees.values():
            for param in tree.params:
                span = param.name_span
                if param.name in seen and (span.source.name, span.start, span.end) not in marked:
                    self._note((DuplicateParam(span, param.name, seen[param.name]),))
                seen.setdefault(param.name, f"{span.source.name}:{span.begin.line}")

    def check_lets(self) -> None:
        """Reports lets that nothing reads; those of a file without rules, or that another one uses, are for others."""
        for key, tree in self.trees.items():
            if tree.rules and key not in self._targets:
                self._note(unused_lets(tree))

    def _used(self, key: Path, found: dict[Path, None]) -> dict[Path, None]:
        for use in self.trees[key].uses:
            target = self._target(key, use)
            if target is not None and target not in found:
                found[target] = None
                self._used(target, found)
        return found

    def _target(self, key: Path, use: ast.Use) -> Path | None:
        for folder in key.parents:
            target = folder / use.path
            if target.is_file():
                break
            self.missed[target] = None
        else:
            self._note((BadUse(use.span, use.path, "there is no such file here or in a folder above"),))
            return None
        target = target.resolve()
        self._targets.add(target)
        if target not in self.trees:
            try:
                self.used[target] = text = target.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError) as error:
                self._note((BadUse(use.span, use.path, str(error)),))
                return None
            self.parse(target, Source(use.path, text))
        return target

    def _note(self, diagnostics: Iterable[Diagnostic]) -> None:
        for one in diagnostics:
            self.diagnostics.setdefault(problem_key(one), one)
