"""Policy packs: Warden files found, checked, compiled once and kept.

A pack is a folder of Warden files; the folder under which a rule stands names its pack. Checked rules are kept in the
user's cache folder under a digest of all that they depend on (texts, language version, schemas), so that a scan
parses and checks only what changed.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, cast

from stackwarden import __version__
from stackwarden.assets import policies_dir
from stackwarden.diagnostics import Diagnostic, Message, Severity
from stackwarden.language import codec, ir

__all__ = ["LoadedRule", "Packs", "cache_dir", "load_packs", "policy_files"]

_SUFFIX: Final = ".warden"


@dataclass(frozen=True, slots=True)
class LoadedRule:
    """A checked rule with the pack and the file (as shown to people) that it comes from. Decoded when first used."""

    id: str
    pack: str
    file: str
    resources: tuple[str, ...]
    severity: Severity
    category: str
    encoded: object = field(compare=False, repr=False)

    def decoded(self) -> ir.RuleIR:
        """The typed rule."""
        return codec.decode(self.encoded, ir.RuleIR)


@dataclass(frozen=True, slots=True)
class Packs:
    """All loaded rules in a fixed order, and their policy parameters."""

    rules: tuple[LoadedRule, ...]
    params: tuple[ir.ParamIR, ...]
    files: int


@dataclass(frozen=True, slots=True)
class _File:
    """A Warden file: where it is, its name for people, the pack it belongs to, and its text."""

    path: Path
    name: str
    pack: str
    text: str


def cache_dir() -> Path:
    """The user's cache folder for stackwarden (`STACKWARDEN_CACHE`, else by the XDG base directory specification)."""
    chosen = os.environ.get("STACKWARDEN_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "stackwarden"


def load_packs(
    paths: Iterable[str] = (), *, shipped: bool = True, cache: bool = True
) -> Packs | tuple[Diagnostic, ...]:
    """The shipped packs and those under `paths`, from the cache where nothing changed.

    Gives every diagnostic of every file instead where something is wrong with one of them.
    """
    files: list[_File] = []
    problems: list[Diagnostic] = []
    if shipped:
        _read(policies_dir(), "policies", files, problems)
    for path in paths:
        _read(Path(path), path, files, problems)
    if problems:
        return tuple(problems)
    key = _digest(files)
    if cache:
        kept = _kept(key)
        if kept is not None:
            return kept
    packs = _checked(files)
    if cache and isinstance(packs, Packs):
        _keep(key, packs)
    return packs


def policy_files(root: Path) -> list[Path]:
    """The Warden files of a folder, sorted; a file stands for itself."""
    if root.is_file():
        return [root]
    return sorted(path for path in root.rglob(f"*{_SUFFIX}") if path.is_file())


def pack_name(root: Path, path: Path) -> str:
    """The pack of a file: the first folder under the root of the shipped packs, else the root's own name."""
    inside = path.relative_to(root).parts if path != root else ()
    if root == policies_dir() and len(inside) > 1:
        return inside[0]
    return root.stem if root.is_file() else root.resolve().name


def _read(root: Path, shown: str, files: list[_File], problems: list[Diagnostic]) -> None:
    if not root.exists():
        problems.append(Message(None, f"there is no policy file or folder `{shown}`"))
        return
    for path in policy_files(root):
        name = shown if path == root else f"{shown.rstrip('/')}/{path.relative_to(root).as_posix()}"
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Message(None, f"cannot read policy file `{name}`: {error}"))
            continue
        files.append(_File(path, name, pack_name(root, path), text))


def _checked(files: list[_File]) -> Packs | tuple[Diagnostic, ...]:
    from stackwarden.language.check import check_files  # loads the parser
    from stackwarden.source import Source

    sources = [(file.path, Source(file.name, file.text)) for file in files]
    checked = check_files(sources)
    if checked.diagnostics:
        return checked.diagnostics
    rules: list[LoadedRule] = []
    params: dict[str, ir.ParamIR] = {}
    for file, made in zip(files, checked.files, strict=True):
        params.update((param.key, param) for param in made.params)
        for rule in made.rules:
            severity = Severity.parse(rule.severity)
            assert severity is not None  # checked
            rules.append(
                LoadedRule(rule.id, file.pack, file.name, rule.resources, severity, rule.category, codec.encode(rule))
            )
    return Packs(tuple(rules), tuple(params.values()), len(files))


def _digest(files: Iterable[_File]) -> str:
    digest = hashlib.sha256(f"{__version__} {codec.VERSION} {_schema_version()}".encode())
    for file in files:
        for part in (file.name, file.pack, file.text):
            digest.update(part.encode())
            digest.update(b"\0")
    return digest.hexdigest()[:32]


def _schema_version() -> str:
    """What tells one set of schemas from another without reading it: the folder's path and time of change."""
    from stackwarden.assets import schema_dir

    folder = schema_dir()
    return f"{folder} {folder.stat().st_mtime_ns}"


def _kept(key: str) -> Packs | None:
    try:
        content = (cache_dir() / "packs" / f"{key}.bin").read_bytes()
        data = cast("Mapping[str, object]", codec.unpack_bytes(content))
        rules = cast("tuple[tuple[str, str, str, tuple[str, ...], int, str, object], ...]", data["rules"])
        return Packs(
            tuple(
                LoadedRule(name, pack, file, resources, Severity(severity), category, encoded)
                for name, pack, file, resources, severity, category, encoded in rules
            ),
            tuple(codec.decode(param, ir.ParamIR) for param in cast("tuple[object, ...]", data["params"])),
            cast(int, data["files"]),
        )
    except (OSError, ValueError, EOFError, TypeError, KeyError, IndexError):
        return None  # missing or damaged: it is made anew


def _keep(key: str, packs: Packs) -> None:
    rules = tuple(
        (rule.id, rule.pack, rule.file, rule.resources, int(rule.severity), rule.category, rule.encoded)
        for rule in packs.rules
    )
    params = tuple(codec.encode(param) for param in packs.params)
    content = codec.pack_bytes({"rules": rules, "params": params, "files": packs.files})
    folder = cache_dir() / "packs"
    with suppress(OSError):  # a cache that cannot be written only costs time
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(content)
        Path(file.name).replace(folder / f"{key}.bin")
        _prune(folder)


_MOST_KEPT: Final = 20


def _prune(folder: Path) -> None:
    """Keeps the newest few sets of packs."""
    kept = sorted(folder.glob("*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink(missing_ok=True)
