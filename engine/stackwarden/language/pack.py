"""Policy packs: Warden files found, checked, compiled once and kept.

A pack is a folder of Warden files; the folder under which a rule stands names its pack. Checked rules are kept in the
user's cache folder under a digest of what they depend on (texts, language, schemas), so that a scan neither parses nor
checks what did not change. Files outside of the packs that a `use` names are compared one by one.
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
from stackwarden.language.builtins import BUILTINS, COLLECTIONS, RECORDS

__all__ = ["LoadedRule", "Packs", "PolicyFile", "cache_dir", "load_packs", "policy_files", "read_policies"]

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

    def outline(self) -> ir.RuleIR:
        """The rule without its lets and conditions, which costs a fraction."""
        return codec.outline(self.encoded)


@dataclass(frozen=True, slots=True)
class Packs:
    """All loaded rules in a fixed order, and their policy parameters."""

    rules: tuple[LoadedRule, ...]
    params: tuple[ir.ParamIR, ...]
    files: int


@dataclass(frozen=True, slots=True)
class PolicyFile:
    """A Warden file: where it is, its name for people, the pack it belongs to, and its text."""

    path: Path
    name: str
    pack: str
    text: str


def cache_dir() -> Path | None:
    """The user's cache folder for stackwarden (`STACKWARDEN_CACHE`, else by the XDG base directory specification).

    None for a user without a home folder.
    """
    chosen = os.environ.get("STACKWARDEN_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    try:
        return Path(base or Path.home() / ".cache") / "stackwarden"
    except RuntimeError:  # there is no home folder
        return None


def load_packs(
    paths: Iterable[str] = (), *, shipped: bool = True, cache: bool = True
) -> Packs | tuple[Diagnostic, ...]:
    """The shipped packs and those under `paths`, from the cache where nothing changed.

    Gives every diagnostic of every file instead where something is wrong with one of them.
    """
    own = ((Path(path), path) for path in paths)
    files, problems = read_policies((*([(policies_dir(), "policies")] if shipped else []), *own))
    if problems:
        return tuple(problems)
    folder = cache_dir() if cache else None
    kept_at = None if folder is None else folder / "packs" / f"{_digest(files)}.bin"
    kept = None if kept_at is None else _kept(kept_at)
    if kept is not None:
        return kept
    packs, outside = _checked(files)
    if kept_at is not None and isinstance(packs, Packs):
        _keep(kept_at, packs, outside)
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


def read_policies(roots: Iterable[tuple[Path, str]]) -> tuple[list[PolicyFile], list[Diagnostic]]:
    """The Warden files under files and folders, each given with its name for people, and what could not be read."""
    files: list[PolicyFile] = []
    problems: list[Diagnostic] = []
    for root, shown in roots:
        if not root.exists():
            problems.append(Message(None, f"there is no policy file or folder `{shown}`"))
            continue
        for path in policy_files(root):
            name = shown if path == root else f"{shown.rstrip('/')}/{path.relative_to(root).as_posix()}"
            try:
                files.append(PolicyFile(path, name, pack_name(root, path), path.read_text(encoding="utf-8")))
            except (OSError, UnicodeDecodeError) as error:
                problems.append(Message(None, f"cannot read policy file `{name}`: {error}"))
    return files, problems


_Outside = tuple[tuple[str, str], ...]
"""Files outside of the packs that the rules depend on: path, and the digest of the text; empty for no file."""


def _checked(files: list[PolicyFile]) -> tuple[Packs | tuple[Diagnostic, ...], _Outside]:
    from stackwarden.language.check import check_files  # loads the parser
    from stackwarden.source import Source

    sources = [(file.path, Source(file.name, file.text)) for file in files]
    checked = check_files(sources)
    if checked.diagnostics:
        return checked.diagnostics, ()
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
    own = {file.path.resolve() for file in files}
    read = ((str(path), _text_digest(text)) for path, text in checked.used if path not in own)
    missed = ((str(path.absolute()), "") for path in checked.missed)
    return Packs(tuple(rules), tuple(params.values()), len(files)), (*read, *missed)


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _is_unchanged(path: Path, digest: str) -> bool:
    """Whether a file still has the text with that digest; with an empty one, whether there still is no such file."""
    if not digest:
        return not path.is_file()
    return path.is_file() and _text_digest(path.read_text(encoding="utf-8")) == digest


def _digest(files: Iterable[PolicyFile]) -> str:
    digest = hashlib.sha256(f"{__version__} {codec.VERSION} {_library_version()} {_schema_version()}".encode())
    for file in files:
        for part in (file.name, file.pack, file.text):
            digest.update(part.encode())
            digest.update(b"\0")
    return digest.hexdigest()[:32]


def _library_version() -> str:
    """What tells one set of builtins from another: their names and types, and where their collections come from."""
    functions = ((name, one.takes, one.gives, one.optional) for name, one in BUILTINS.items())
    collections = ((name, one.item, one.resources) for name, one in COLLECTIONS.items())
    kinds = ((name, one.fields) for name, one in RECORDS.items())
    return repr((*functions, *collections, *kinds))


def _schema_version() -> str:
    """What tells one set of schemas from another: the lists of types, which name each schema by its digest."""
    from stackwarden.assets import schema_dir

    lists = (schema_dir() / "providers" / f"{name}.json" for name in ("us-east-1", "sam"))
    return " ".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in lists)


def _kept(path: Path) -> Packs | None:
    try:
        data = cast("Mapping[str, object]", codec.unpack_bytes(path.read_bytes()))
        outside = cast("_Outside", data["outside"])
        if not all(_is_unchanged(Path(name), digest) for name, digest in outside):
            return None
        rules = cast("tuple[tuple[str, str, str, tuple[str, ...], int, str, object], ...]", data["rules"])
        return Packs(
            tuple(
                LoadedRule(name, pack, file, resources, Severity(severity), category, encoded)
                for name, pack, file, resources, severity, category, encoded in rules
            ),
            tuple(codec.decode(param, ir.ParamIR) for param in cast("tuple[object, ...]", data["params"])),
            cast(int, data["files"]),
        )
    except (OSError, ValueError, EOFError, TypeError, KeyError, IndexError, AttributeError):
        return None  # missing or damaged: it is made anew


def _keep(path: Path, packs: Packs, outside: _Outside) -> None:
    rules = tuple(
        (rule.id, rule.pack, rule.file, rule.resources, int(rule.severity), rule.category, rule.encoded)
        for rule in packs.rules
    )
    params = tuple(codec.encode(param) for param in packs.params)
    content = codec.pack_bytes({"rules": rules, "params": params, "files": packs.files, "outside": outside})
    with suppress(OSError):  # a cache that cannot be written only costs time
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(path, content)
        _prune(path.parent)


def _write(path: Path, content: bytes) -> None:
    """Writes a file in one step, so that whoever reads it at the same time sees all of it or nothing."""
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        made = Path(file.name)
        try:
            file.write(content)
            file.flush()
            made.replace(path)
        except OSError:
            made.unlink(missing_ok=True)
            raise


_MOST_KEPT: Final = 20


def _prune(folder: Path) -> None:
    """Keeps the newest few sets of packs."""
    kept = sorted(folder.glob("*.bin"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in kept[_MOST_KEPT:]:
        path.unlink(missing_ok=True)
