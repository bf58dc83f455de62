"""What a run needs and makes once: settings, loaded packs, chosen rules, values of policy parameters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from stackwarden.config import ParamValue, Settings
from stackwarden.diagnostics import Diagnostic, Severity, did_you_mean
from stackwarden.language.about import About, about
from stackwarden.language.pack import LoadedRule, Packs, load_packs
from stackwarden.run.finding import RuleInfo
from stackwarden.run.standards import Standard, load_standard, standard_files

if TYPE_CHECKING:
    from stackwarden.language import ir
    from stackwarden.language.compile import Compiler
    from stackwarden.resolve.values import Known, ListValue
    from stackwarden.run.evaluate import Check

__all__ = ["BadParam", "Session", "SessionOptions", "UnknownChoice", "info_of", "open_session"]


@dataclass(frozen=True, slots=True)
class SessionOptions:
    """How to run: packs and rules to use, values given, what to show. `stats` takes the time of each rule."""

    policies: tuple[str, ...] = ()
    packs: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    skip: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    pseudo: Mapping[str, str] = field(default_factory=dict)
    min_severity: Severity = Severity.LOW
    show_maybe: bool = False
    settings: Settings | None = None
    cache: bool = True
    stats: bool = False
    shipped: bool = True
    count_outcomes: bool = False


@dataclass(frozen=True, slots=True)
class UnknownChoice(Diagnostic):
    """A pack, rule or param was asked for that nobody loaded."""

    kind: str
    name: str
    known: tuple[str, ...]

    def message(self) -> str:
        return f"there is no {self.kind} `{self.name}`"

    def help(self) -> str | None:
        return did_you_mean(self.name, self.known)


@dataclass(frozen=True, slots=True)
class BadParam(Diagnostic):
    """A value for a policy parameter that is not of its type."""

    name: str
    type: str
    value: str

    def message(self) -> str:
        return f"param `{self.name}` is {self.type}, not `{self.value}`"


_Scalar = str | int | float | bool
_Param = _Scalar | tuple[_Scalar, ...]


class Session:
    """The chosen rules, ready to run on any number of templates. `packs` tells the loaded policies from others."""

    def __init__(self, options: SessionOptions, chosen: Iterable[LoadedRule], params: Mapping[str, _Param], packs: str):
        self.options = options
        self.packs = packs
        self._params = params
        self._loaded = tuple(chosen)
        self._values: dict[str, Known | ListValue] | None = None
        self._checks: dict[str, Check] = {}
        self._infos: dict[str, RuleInfo] = {}
        self._by_type: dict[str, list[int]] = {}
        self._always: list[int] = []
        for index, rule in enumerate(self._loaded):
            for resource_type in rule.about.resources:
                self._by_type.setdefault(resource_type, []).append(index)
            if not rule.about.resources:
                self._always.append(index)

    def __reduce__(self) -> tuple[type[Session], tuple[object, ...]]:
        """As another process gets it: without what is made at the first use. No policy file is needed there."""
        return Session, (self.options, self._loaded, dict(self._params), self.packs)

    @property
    def rules(self) -> tuple[RuleInfo, ...]:
        """What reports say of the chosen rules, in the order of their ids."""
        return tuple(self.infos[rule.id] for rule in self._loaded)

    @property
    def infos(self) -> Mapping[str, RuleInfo]:
        """What reports say of the chosen rules, by their ids; made when it is first asked for."""
        if len(self._infos) < len(self._loaded):
            for rule in self._loaded:
                self._info(rule)
        return self._infos

    def given(self, parameters: Mapping[str, str], pseudo: Mapping[str, str]) -> Session:
        """The same rules for other values of template parameters and pseudo parameters; what was made is shared."""
        other = copy(self)
        other.options = replace(self.options, parameters=parameters, pseudo=pseudo)
        return other

    def checks(self, types: Iterable[str]) -> list[Check]:
        """The rules that can apply to a template with resources of these types, in order."""
        chosen = set(self._always)
        for resource_type in types:
            chosen.update(self._by_type.get(resource_type, ()))
        return [self.check(self._loaded[index]) for index in sorted(chosen)]

    def check(self, rule: LoadedRule) -> Check:
        """A rule, decoded at its first use."""
        check = self._checks.get(rule.id)
        if check is None:
            from stackwarden.run.evaluate import Check  # with the engine; a scan whose results are kept needs neither

            decoded = rule.decoded()
            check = self._checks[rule.id] = Check(self._info(rule), decoded, self._compiler(decoded))
        return check

    @property
    def params(self) -> Mapping[str, _Param]:
        """The values of the policies' parameters by qualified name."""
        return self._params

    def _compiler(self, rule: ir.RuleIR) -> Compiler:
        from stackwarden.language.compile import Compiler, constant

        if self._values is None:
            self._values = {name: constant(value) for name, value in self._params.items()}
        return Compiler(self._values, rule.lets)

    def find(self, rule_id: str) -> Check | None:
        """The rule of that id, if it was chosen."""
        return next((self.check(rule) for rule in self._loaded if rule.id == rule_id), None)

    def _info(self, rule: LoadedRule) -> RuleInfo:
        info = self._infos.get(rule.id)
        if info is None:
            info = self._infos[rule.id] = _info_of(rule.about, rule.pack, rule.file, self._severity(rule))
        return info

    def _severity(self, rule: LoadedRule) -> Severity:
        settings = self.options.settings
        overridden = settings.severity.get(rule.id) if settings is not None else None
        return rule.severity if overridden is None else overridden


def open_session(options: SessionOptions) -> Session | tuple[Diagnostic, ...]:
    """Loads packs and chooses rules; gives every fault of policies and options instead, if there is one."""
    settings = options.settings
    paths = (*(settings.policies if settings is not None else ()), *options.policies)
    packs = load_packs(paths, shipped=options.shipped, use_cache=options.cache)
    if not isinstance(packs, Packs):
        return packs
    params, problems = _params(packs, options)
    standards, faults = _standards(packs, paths, options)
    chosen, unknown = _choose(packs, standards, options)
    if problems or faults or unknown:
        return (*problems, *faults, *unknown)
    return Session(options, sorted(chosen, key=lambda rule: rule.id), params, packs.digest)


def info_of(rule: ir.RuleIR, pack: str, file: str, severity: Severity) -> RuleInfo:
    """What reports say of a checked rule."""
    return _info_of(about(rule), pack, file, severity)


def _info_of(said: About, pack: str, file: str, severity: Severity) -> RuleInfo:
    return RuleInfo(
        id=said.id,
        title=said.title,
        severity=severity,
        category=said.category,
        pack=pack,
        because=said.because,
        remediation=said.remediation,
        see=said.see,
        tags=said.tags,
        maps=dict(said.maps),
        resources=said.resources,
        fixable=said.fixable,
        source=f"{file}:{said.line}",
        deprecated_by=said.deprecated_by or None,
    )


def _standards(
    packs: Packs, paths: tuple[str, ...], options: SessionOptions
) -> tuple[tuple[Standard, ...], list[Diagnostic]]:
    """The standards among the packs that are asked for, and what names neither a pack nor a standard."""
    wanted = _only_packs(options)
    names = tuple(dict.fromkeys(rule.pack for rule in packs.rules))
    if all(name in names for name in wanted):
        return (), []
    files = standard_files(Path(path) for path in paths)
    found: list[Standard] = []
    problems: list[Diagnostic] = []
    for name in wanted:
        if name in names:
            continue
        loaded = load_standard(files[name]) if name in files else UnknownChoice(None, "pack", name, (*names, *files))
        if isinstance(loaded, Standard):
            found.append(loaded)
        else:
            problems.append(loaded)
    return tuple(found), problems


def _only_packs(options: SessionOptions) -> tuple[str, ...]:
    return options.packs or (options.settings.packs if options.settings is not None else ())


def _choose(
    packs: Packs, standards: tuple[Standard, ...], options: SessionOptions
) -> tuple[list[LoadedRule], list[Diagnostic]]:
    settings = options.settings or Settings()
    ids = tuple(rule.id for rule in packs.rules)
    problems: list[Diagnostic] = []
    only_packs = _only_packs(options)
    for pattern in (*options.rules, *options.skip):
        if not any(fnmatchcase(name, pattern) for name in ids):
            problems.append(UnknownChoice(None, "rule", pattern, ids))
    chosen = [
        rule
        for rule in packs.rules
        if (not only_packs or rule.pack in only_packs or _is_selected(rule, standards))
        and (not options.rules or any(fnmatchcase(rule.id, pattern) for pattern in options.rules))
        and not any(fnmatchcase(rule.id, pattern) for pattern in options.skip)
        and (not settings.select or _picked(rule, settings.select))
        and not _picked(rule, settings.ignore)
    ]
    return chosen, problems


def _is_selected(rule: LoadedRule, standards: tuple[Standard, ...]) -> bool:
    if not standards:
        return False
    info = _info_of(rule.about, rule.pack, rule.file, rule.severity)
    return any(standard.selects(info) for standard in standards)


def _picked(rule: LoadedRule, patterns: Iterable[str]) -> bool:
    """Whether a rule's id, category or severity is among patterns."""
    words = (rule.about.category, rule.severity.word)
    return any(fnmatchcase(rule.id, pattern) or pattern in words for pattern in patterns)


def _params(packs: Packs, options: SessionOptions) -> tuple[dict[str, _Param], list[Diagnostic]]:
    values: dict[str, _Param] = {param.key: param.value for param in packs.params}
    given: dict[str, ParamValue] = dict(options.settings.params) if options.settings is not None else {}
    given.update(options.params)
    problems: list[Diagnostic] = []
    for name, value in given.items():
        matching = [param for param in packs.params if name in (param.key, param.key.rpartition(".")[2])]
        if not matching:
            known = (*values, *(key.rpartition(".")[2] for key in values))
            problems.append(UnknownChoice(None, "param", name, known))
        for param in matching:
            converted = _converted(value, param.type)
            if converted is None:
                problems.append(BadParam(None, param.key, param.type, str(value)))
            else:
                values[param.key] = converted
    return values, problems


def _converted(value: ParamValue, kind: str) -> _Param | None:
    """A value from the command line or the configuration as one of the param's type; None where it is none."""
    if kind.startswith("list"):
        items = value if isinstance(value, tuple) else tuple(part.strip() for part in str(value).split(",") if part)
        inner = kind.removeprefix("list").strip("<>") or "any"
        converted = [_converted(item, inner) for item in items]
        scalars = tuple(item for item in converted if item is not None and not isinstance(item, tuple))
        return scalars if len(scalars) == len(converted) else None
    if isinstance(value, tuple):
        return None
    match kind:
        case "boolean":
            return {"true": True, "false": False}.get(str(value).lower())
        case "number":
            try:
                number = float(value)
            except ValueError:
                return None
            return int(number) if number.is_integer() else number
        case "string":
            return str(value)
        case _:
            return value
