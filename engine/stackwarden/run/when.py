"""The settings under which something holds: in words, and without secrets."""

from __future__ import annotations

from collections.abc import Mapping

from stackwarden.run.finding import Finding, Setting, When
from stackwarden.template.secrets import MASK, Secrets

__all__ = ["circumstances", "when_in_words", "when_without"]


def when_in_words(when: When) -> str:
    """`IsProd is false and Parameters.EnvType is dev, or …`; empty where the finding holds under every assignment."""
    if when is None:
        return ""
    return ", or ".join(" and ".join(f"{name} {_words(setting)}" for name, setting in way.items()) for way in when)


def _words(setting: Setting) -> str:
    match setting:
        case bool():
            return "is true" if setting else "is false"
        case str():
            return f"is {_value(setting)}"
        case tuple():
            return f"is {_alternatives(setting)}"
        case Mapping():
            excluded = setting["not"]
            if isinstance(excluded, str):
                return f"is not {_value(excluded)}"
            return f"is neither {_alternatives(excluded, ' nor ')}" if len(excluded) > 1 else f"is not {excluded[0]}"


def _alternatives(values: tuple[str, ...], last: str = " or ") -> str:
    words = [_value(value) for value in values]
    return last.join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def _value(text: str) -> str:
    """A value that reads as one word stays bare; anything else stands in quotes."""
    return text if text and not any(char.isspace() or char in ',"' for char in text) else f'"{text}"'


def circumstances(finding: Finding) -> str:
    """Through which nested stacks, in which environments and under which settings; empty where always."""
    stacks = f"through {'/'.join(finding.through)}" if finding.through else ""
    environments = f"in {', '.join(finding.environments)}" if finding.environments else ""
    settings = f"when {when_in_words(finding.when)}" if finding.when else ""
    return ", ".join(part for part in (stacks, environments, settings) if part)


def when_without(secrets: Secrets, when: When) -> When:
    """Settings without the values of parameters that hold secrets."""
    if when is None or not secrets.parameters:
        return when
    return tuple({name: _hidden(name, setting, secrets) for name, setting in way.items()} for way in when)


def _hidden(name: str, setting: Setting, secrets: Secrets) -> Setting:
    if name.removeprefix("Parameters.") not in secrets.parameters:
        return setting
    return {"not": MASK} if isinstance(setting, Mapping) else MASK
