"""Finding a configuration file and checking every key of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from stackwarden.config.places import KeyPath, key_places
from stackwarden.config.problems import BadValue, MissingWaiverKey, UnknownKey, WrongType
from stackwarden.config.settings import ParamValue, Settings, Waiver
from stackwarden.diagnostics import Diagnostic, Message, Severity
from stackwarden.source import Position, Source, Span

__all__ = ["find_config", "load_settings"]

T = TypeVar("T")

_FILE: Final = "stackwarden.toml"
_PROJECT: Final = "pyproject.toml"
_TABLE: Final = ("tool", "stackwarden")
_OTHER_TOOLS: Final = ("cfn-nag", "checkov", "guard")
_WAIVER_KEYS: Final = ("rule", "path", "resource", "reason", "until", "owner")


def find_config(path: Path) -> Path | None:
    """The configuration file that counts for `path` (a template, or a folder that may itself hold the file).

    The nearest one upwards wins; beside each other, `stackwarden.toml` wins over `pyproject.toml`, which
    counts only where it has a `[tool.stackwarden]` table.
    """
    start = path.absolute()
    for folder in (start, *start.parents) if start.is_dir() else start.parents:
        own = folder / _FILE
        if own.is_file():
            return own
        project = folder / _PROJECT
        if project.is_file() and _has_table(project):
            return project
    return None


def _has_table(project: Path) -> bool:
    """Whether a `pyproject.toml` speaks of stackwarden; one that cannot be read is another tool's trouble."""
    try:
        text = project.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False
    if "stackwarden" not in text:
        return False
    document = _parse(Source(str(project), text))
    return not isinstance(document, Diagnostic) and isinstance(_table(document), dict)


def _table(document: Mapping[str, object]) -> object:
    tool = document.get("tool")
    return tool.get("stackwarden") if isinstance(tool, dict) else None


def _parse(source: Source) -> dict[str, object] | Diagnostic:
    import re
    import tomllib

    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:  # Python 3.11 has the place only in the text
        text = str(error)
        at = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", text)
        offset = len(source.text)
        if at is not None and at[1]:
            offset = source.offset(Position(int(at[1]), int(at[2])))
        reason = text[: at.start()] if at is not None else text
        return Message(Span(source, offset, offset), f"not valid TOML: {reason[:1].lower()}{reason[1:]}")


def load_settings(path: Path) -> Settings | tuple[Diagnostic, ...]:
    """The settings in a `stackwarden.toml`, or in `[tool.stackwarden]` of any other file; all that is wrong otherwise.

    Raises nothing: a file that cannot be opened is a diagnostic too.
    """
    try:
        source = Source(str(path), path.read_text(encoding="utf-8"))
    except OSError as error:
        return (Message(None, f"cannot read `{path}`: {(error.strerror or str(error)).lower()}"),)
    except UnicodeDecodeError:
        return (Message(None, f"`{path}` is not UTF-8 text"),)
    document = _parse(source)
    if isinstance(document, Diagnostic):
        return (document,)
    top: KeyPath = () if path.name != _PROJECT else _TABLE
    table = document if not top else _table(document)
    reader = _Reader(source, path, top)
    if not isinstance(table, dict):
        return Settings(path, path.parent) if table is None else (reader.wrong((), "a table", table),)
    settings = reader.settings(table)
    return tuple(reader.problems) if reader.problems else settings


class _Reader:
    """Checks one document; what is wrong is collected in `problems`, and a usable value stands in for it."""

    def __init__(self, source: Source, file: Path, top: KeyPath) -> None:
        self.source = source
        self.file = file
        self.top = top
        self.problems: list[Diagnostic] = []
        self._places: Mapping[KeyPath, tuple[int, int]] | None = None

    def span(self, path: KeyPath) -> Span:
        """The place of a key; of the nearest key above it where the key itself has none."""
        if self._places is None:
            self._places = key_places(self.source.text)
        full = (*self.top, *path)
        while full and full not in self._places:
            full = full[:-1]
        start, end = self._places.get(full, (0, 0))
        return Span(self.source, start, end)

    def wrong(self, path: KeyPath, wanted: str, found: object) -> WrongType:
        return WrongType(self.span(path), _spell(path) or "tool.stackwarden", wanted, _type_word(found))

    def settings(self, table: Mapping[str, object]) -> Settings:
        root = self.file.parent
        self.unknown((), table, _KEYS)
        return Settings(
            file=self.file,
            root=root,
            packs=self.strings(table, "packs"),
            policies=tuple(str(root / entry) for entry in self.strings(table, "policies")),
            select=self.strings(table, "select"),
            ignore=self.strings(table, "ignore"),
            severity={key: level for key in self.table(table, "severity") if (level := self.severity_of(table, key))},
            params={name: self.param(("params", name), value) for name, value in self.table(table, "params").items()},
            parameters=tuple(
                (pattern, self.string_or_list(("parameters", pattern), value, root))
                for pattern, value in self.table(table, "parameters").items()
            ),
            fail_on=self.level(("fail-on",), table.get("fail-on")),
            min_severity=self.level(("min-severity",), table.get("min-severity")),
            exclude=self.strings(table, "exclude"),
            honor_suppressions=self.tools(table),
            waivers=self.waivers(table),
            environments=self.environments(table, root),
            stacks=tuple(
                (pattern, self.check(("stacks", pattern), name, str, "a string", ""))
                for pattern, name in self.table(table, "stacks").items()
            ),
        )

    def environments(self, table: Mapping[str, object], root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
        found: list[tuple[str, tuple[str, ...]]] = []
        for name, value in self.table(table, "environments").items():
            path: KeyPath = ("environments", name)
            fields = self.check(path, value, dict, "a table", {})
            self.unknown(path, fields, ("parameters",))
            found.append((name, self.arguments((*path, "parameters"), fields.get("parameters", []), root)))
        return tuple(found)

    def arguments(self, path: KeyPath, value: object, root: Path) -> tuple[str, ...]:
        """Parameter arguments as a string or a list of them, or as a table of names and values."""
        if not isinstance(value, dict):
            return self.string_or_list(path, value, root)
        return tuple(f"{name}={_as_parameter(self.param((*path, name), one))}" for name, one in value.items())

    def unknown(self, path: KeyPath, table: Mapping[str, object], known: tuple[str, ...]) -> None:
        self.problems += [UnknownKey(self.span((*path, key)), key, known) for key in table if key not in known]

    def check(self, path: KeyPath, value: object, kind: type[T], wanted: str, otherwise: T) -> T:
        if isinstance(value, kind) and not (kind is int and isinstance(value, bool)):
            return value
        self.problems.append(self.wrong(path, wanted, value))
        return otherwise

    def strings(self, table: Mapping[str, object], key: str) -> tuple[str, ...]:
        items = self.check((key,), table.get(key, []), list, "a list of strings", [])
        return tuple(self.check((key, index), item, str, "a string", "") for index, item in enumerate(items))

    def table(self, table: Mapping[str, object], key: str) -> dict[str, object]:
        return self.check((key,), table.get(key, {}), dict, "a table", {})

    def level(self, path: KeyPath, value: object) -> Severity | None:
        if value is None:
            return None
        word = self.check(path, value, str, "a severity", "low")
        severity = Severity.parse(word)
        if severity is None:
            words = Severity.words()
            self.problems.append(BadValue(self.span(path), _spell(path), word, words, f"one of {', '.join(words)}"))
        return severity

    def severity_of(self, table: Mapping[str, object], rule: str) -> Severity | None:
        overrides = table["severity"]
        assert isinstance(overrides, dict)  # `table` gave its keys
        return self.level(("severity", rule), overrides[rule])

    def param(self, path: KeyPath, value: object) -> ParamValue:
        match value:
            case str() | bool() | int() | float():
                return value
            case list():
                return tuple(self.param((*path, index), item) for index, item in enumerate(value))
            case _:
                return self.check(path, value, str, "a string, a number, a boolean or a list of them", "")

    def string_or_list(self, path: KeyPath, value: object, root: Path) -> tuple[str, ...]:
        """Parameter arguments; file names are joined to the folder of the configuration, `K=V` stays."""
        items = (
            [value] if isinstance(value, str) else self.check(path, value, list, "a string or a list of strings", [])
        )
        texts = [self.check((*path, index), item, str, "a string", "") for index, item in enumerate(items)]
        return tuple(text if "=" in text else str(root / text) for text in texts)

    def tools(self, table: Mapping[str, object]) -> tuple[str, ...]:
        names = self.strings(table, "honor-suppressions")
        for index, name in enumerate(names):
            if name not in _OTHER_TOOLS:
                wanted = f"one of {', '.join(_OTHER_TOOLS)}"
                span = self.span(("honor-suppressions", index))
                self.problems.append(BadValue(span, "honor-suppressions", name, _OTHER_TOOLS, wanted))
        return names

    def waivers(self, table: Mapping[str, object]) -> tuple[Waiver, ...]:
        entries = self.check(("waivers",), table.get("waivers", []), list, "a list of tables (`[[waivers]]`)", [])
        waivers = []
        for index, entry in enumerate(entries):
            path: KeyPath = ("waivers", index)
            fields = self.check(path, entry, dict, "a table", {})
            self.unknown(path, fields, _WAIVER_KEYS)
            waivers.append(self.waiver(path, fields))
        return tuple(waivers)

    def waiver(self, path: KeyPath, fields: Mapping[str, object]) -> Waiver:
        def text(key: str) -> str | None:
            return self.check((*path, key), fields[key], str, "a string", "") if key in fields else None

        for key in ("rule", "reason"):
            if key not in fields or (isinstance(fields[key], str) and not str(fields[key]).strip()):
                self.problems.append(MissingWaiverKey(self.span(path), key))
        return Waiver(
            rule=text("rule") or "",
            reason=text("reason") or "",
            path=text("path"),
            resource=text("resource"),
            until=self.until((*path, "until"), fields.get("until")),
            owner=text("owner"),
            root=self.file.parent,
            span=self.span(path),
        )

    def until(self, path: KeyPath, value: object) -> date | None:
        match value:
            case None:
                return None
            case date() if type(value) is date:  # a TOML date; not a date with a time
                return value
            case str():
                try:
                    return date.fromisoformat(value)
                except ValueError:
                    wanted = "a date such as 2027-01-31"
                    self.problems.append(BadValue(self.span(path), _spell(path), value, (), wanted))
                    return None
            case _:
                self.problems.append(self.wrong(path, "a date such as 2027-01-31", value))
                return None


_KEYS: Final = (
    "packs",
    "policies",
    "select",
    "ignore",
    "severity",
    "params",
    "parameters",
    "fail-on",
    "min-severity",
    "exclude",
    "honor-suppressions",
    "waivers",
    "environments",
    "stacks",
)

_TYPE_WORDS: Final[tuple[tuple[type, str], ...]] = (
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (str, "a string"),
    (list, "a list"),
    (dict, "a table"),
)


def _as_parameter(value: ParamValue) -> str:
    """A value of TOML as a template's parameter takes it: lists joined by commas, booleans in lower case."""
    if isinstance(value, tuple):
        return ",".join(_as_parameter(item) for item in value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _type_word(value: object) -> str:
    return next((word for kind, word in _TYPE_WORDS if isinstance(value, kind)), "a date or time")


def _spell(path: KeyPath) -> str:
    """`("waivers", 0, "until")` as `waivers[0].until`."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text
