"""Policy packs: Warden files found, checked, compiled once and kept.

A pack is a folder of Warden files; the folder under which a rule stands names its pack. Checked rules are kept in the
user's cache folder under a digest of what they depend on (texts, language, schemas), so that a scan neither parses nor
checks what did not change. Files outside of the packs that a `use` names are compared one by one.
"""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from stackwarden import __version__, cache
from stackwarden.assets import policies_dir, schema_dir
from stackwarden.cache import digest, engine_stamp
from stackwarden.diagnostics import Diagnostic, Message, Severity
from stackwarden.language.about import About, PolicyParam, about, param, written

if TYPE_CHECKING:
    from stackwarden.language import ir

__all__ = ["LoadedRule", "Packs", "PolicyFile", "load_packs", "policy_files", "read_policies"]

_SUFFIX: Final = ".warden"


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A checked rule with the pack and the file (as shown to people) that it comes from. Decoded when first used."""

    about: About
    pack: str
    file: str
    severity: Severity
    encoded: bytes = field(compare=False, repr=False)

    @property
    def id(self) -> str:
        """The id of the rule."""
        return self.about.id

    def decoded(self) -> ir.RuleIR:
        """The typed rule."""
        from stackwarden.language import codec, ir

        return codec.decode(marshal.loads(self.encoded), ir.RuleIR)


@dataclass(frozen=True, slots=True)
class Packs:
    """All loaded rules in a fixed order, and their policy parameters. `digest` tells them from others."""

    rules: tuple[LoadedRule, ...]
    params: tuple[PolicyParam, ...]
    files: int
    digest: str


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A Warden file: where it is, its name for people, the pack it belongs to, and its text."""

    path: Path
    name: str
    pack: str
    text: str


def load_packs(
    paths: Iterable[str] = (), *, shipped: bool = True, use_cache: bool = True
) -> Packs | tuple[Diagnostic, ...]:
    """The shipped packs and those under `paths`, from the cache where nothing changed.

    Gives every diagnostic of every file instead where something is wrong with one of them.
    """
    own = ((Path(path), path) for path in paths)
    files, problems = read_policies((*([(policies_dir(), "policies")] if shipped else []), *own))
    if problems:
        return tuple(problems)
    folder = cache.cache_dir() if use_cache else None
    name = _digest(files)
    kept_at = None if folder is None else folder / "packs" / f"{name}.bin"
    kept = None if kept_at is None else _kept(kept_at)
    if kept is not None:
        return kept
    packs, outside = _checked(files, name)
    if kept_at is not None and isinstance(packs, Packs):
        _keep(kept_at, packs, outside)
    return packs


def policy_files(root: Path) -> list[Path]:
    """The Warden files of a folder, sorted; a file stands for itself."""
    if root.is_file():
        return [root]
    found = (Path(folder, name) for folder, _, names in os.walk(root) for name in names if name.endswith(_SUFFIX))
    return sorted(found)


def pack_name(root: Path, path: Path) -> str:
    """The pack of a file: the first folder under the root of the shipped packs, else the root's own name."""
    inside = path.relative_to(root).parts if path != root else ()
    if root == policies_dir() and len(inside) > 1:
        return inside[0]
    return root.stem if root.is_file() else root.resolve().name


def read_policies(roots: Iterable[tuple[Path, str]]) -> tuple[list[PolicyFile], list[Diagnostic]]:
    """The Warden files under files and folders, each given with its name for people, and what could not be read."""
    files: list[PolicyFile] = []
    problems: list[Diagnostic] = []
    for root, shown in roots:
        if not root.exists():
            problems.append(Message(None, f"there is no policy file or folder `{shown}`"))
            continue
        top = os.fspath(root)
        for path in policy_files(root):
            below = os.fspath(path)[len(top) :].replace(os.sep, "/").lstrip("/")
            name = f"{shown.rstrip('/')}/{below}" if below else shown
            try:
                files.append(PolicyFile(path, name, pack_name(root, path), path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Message(None, f"cannot read policy file `{name}`: {error}"))
    return files, problems


_Outside = tuple[tuple[str, str], ...]
"""Files outside of the packs that the rules depend on: path, and the digest of the text; empty for no file."""


def _checked(files: list[PolicyFile], name: str) -> tuple[Packs | tuple[Diagnostic, ...], _Outside]:
    from stackwarden.language import codec
    from stackwarden.language.check import check_files  # loads the parser
    from stackwarden.source import Source

    sources = [(file.path, Source(file.name, file.text)) for file in files]
    checked = check_files(sources)
    if checked.diagnostics:
        return checked.diagnostics, ()
    rules: list[LoadedRule] = []
    params: dict[str, PolicyParam] = {}
    for file, made in zip(files, checked.files, strict=True):
        params.update((one.key, param(one)) for one in made.params)
        for rule in made.rules:
            severity = Severity.parse(rule.severity)
            assert severity is not None  # checked
            rules.append(LoadedRule(about(rule), file.pack, file.name, severity, marshal.dumps(codec.encode(rule))))
    own = {file.path.resolve() for file in files}
    read = ((str(path), _text_digest(text)) for path, text in checked.used if path not in own)
    missed = ((str(path.absolute()), "") for path in checked.missed)
    outside = (*read, *missed)
    return Packs(tuple(rules), tuple(params.values()), len(files), digest(name, repr(outside))), outside


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_unchanged(path: Path, digest: str) -> bool:
    """Whether a file still has the text with that digest; with an empty one, whether there still is no such file."""
    if not digest:
        return not path.is_file()
    return path.is_file() and _text_digest(path.read_text(encoding="utf-8")) == digest


def _digest(files: Iterable[PolicyFile]) -> str:
    texts = (part for file in files for part in (file.name, file.pack, file.text))
    return digest(__version__, engine_stamp(), str(schema_dir()), *texts)


def _kept(path: Path) -> Packs | None:
    try:
        data = cast("Mapping[str, object]", cache.kept(path))
        outside = cast("_Outside", data["outside"])
        if not all(_is_unchanged(Path(name), digest) for name, digest in outside):
            return None
        rules = cast("tuple[tuple[tuple[Any, ...], str, str, int, bytes], ...]", data["rules"])
        return Packs(
            tuple(
                LoadedRule(About(*said), pack, file, Severity(severity), encoded)
                for said, pack, file, severity, encoded in rules
            ),
            tuple(PolicyParam(*one) for one in cast("tuple[tuple[Any, ...], ...]", data["params"])),
            cast(int, data["files"]),
            digest(path.stem, repr(outside)),
        )
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        return None  # missing or damaged: it is made anew


def _keep(path: Path, packs: Packs, outside: _Outside) -> None:
    rules = tuple((written(rule.about), rule.pack, rule.file, int(rule.severity), rule.encoded) for rule in packs.rules)
    params = tuple(written(one) for one in packs.params)
    cache.keep(path, {"rules": rules, "params": params, "files": packs.files, "outside": outside})
    cache.prune(path.parent, _MOST_KEPT)


_MOST_KEPT: Final = 20
