"""What the checker says about wrong rules: `wrong/NAME.warden` gives `golden/typecheck/NAME.txt`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from stackwarden.diagnostics import Diagnostic, code_frame
from stackwarden.language.check import check_files
from stackwarden.language.typecheck import problems
from stackwarden.schema.registry import Registry
from stackwarden.source import Source

_HERE = Path(__file__).parent
_WRONG = sorted((_HERE / "wrong").glob("*.warden"))
_FAULTLESS = sorted((*(_HERE / "right").glob("*.warden"), _HERE / "whole_rules.warden"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry()


def checked(path: Path, registry: Registry) -> tuple[Diagnostic, ...]:
    return check_files([(path, Source(path.name, path.read_text(encoding="utf-8")))], registry).diagnostics


def text_checked(text: str, registry: Registry, name: str = "rule.warden") -> tuple[Diagnostic, ...]:
    return check_files([(Path("/") / name, Source(name, text))], registry).diagnostics


def rendered(diagnostics: tuple[Diagnostic, ...]) -> str:
    """Each diagnostic with its place, its marked text and its advice."""
    blocks: list[str] = []
    for one in diagnostics:
        assert one.span is not None
        at = one.span.begin
        lines = [f"{one.span.source.name}:{at.line}:{at.column} {one.message()}"]
        frame = code_frame(one.span, context=0)
        for line, mark in zip(frame.lines, frame.marks, strict=True):
            lines.append(f"    {line}".rstrip())
            if mark is not None:
                lines.append(f"    {' ' * mark[0]}{'^' * (mark[1] - mark[0])}")
        advice = one.help()
        lines += [f"  help: {advice}"] if advice else []
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


@pytest.mark.parametrize("path", _WRONG, ids=lambda path: path.stem)
def test_all_mistakes_of_a_file_are_told_at_once(
    path: Path, registry: Registry, golden: Callable[[str, str], None]
) -> None:
    golden(f"typecheck/{path.stem}.txt", rendered(checked(path, registry)))


def test_every_kind_of_problem_is_shown_by_some_file(registry: Registry) -> None:
    together = check_files([(path, Source(path.name, path.read_text(encoding="utf-8"))) for path in _WRONG], registry)
    assert {type(one).__name__ for one in together.diagnostics} == set(problems.__all__)


def test_params_of_one_name_in_unrelated_files(registry: Registry) -> None:
    text = "param limit: number = 3\n"
    given = [(Path("/") / name, Source(name, text)) for name in ("a.warden", "b.warden")]
    (found,) = check_files(given, registry).diagnostics
    assert found.message() == "param `limit` is already defined in a.warden:1"
    assert found.span is not None and found.span.source.name == "b.warden"


@pytest.mark.parametrize("path", _FAULTLESS, ids=lambda path: path.stem)
def test_good_files_have_no_problems(path: Path, registry: Registry) -> None:
    assert [f"{one.position.line}: {one.message()}" for one in checked(path, registry)] == []


RULE = """\
rule a-rule {{
    title "T"
    severity high
    for url in AWS::Lambda::Url
    {clauses}
}}
"""

# Clauses, the marked text, what is said of it, and the advice.
MISTAKES = [
    ("require url.AuthTyp == 3", "AuthTyp", "`AWS::Lambda::Url` has no property `AuthTyp`", "did you mean `AuthType`?"),
    ("require url.AuthType == 3", "==", "`==` cannot compare a string with a number", 'write `"3"` with quotes'),
    (
        'require url.Cors.AllowMethods == "GET"',
        "==",
        "`==` cannot compare a list of strings with a string",
        "use `contains`, `in` or a quantifier",
    ),
    (
        'require url.Cors.AllowCredentials == "true"',
        "==",
        "`==` cannot compare a boolean with a string",
        "write `true` without quotes",
    ),
    (
        "require url.FunctionUrl is present",
        "FunctionUrl",
        "`AWS::Lambda::Url` has no property `FunctionUrl`",
        "that is an attribute of the deployed resource, which a template cannot set",
    ),
    (
        'require "NOEN" != url.AuthType',
        '"NOEN"',
        "`NOEN` is not one of the values that the schema allows",
        "did you mean `NONE`?",
    ),
    (
        "require url.AuthType is present along url.Cors.AllowMethods",
        "url.Cors.AllowMethods",
        "expected a list of records such as the hops of a path, found a list of strings",
        None,
    ),
    (
        "require url.AuthType",
        "url.AuthType",
        "expected a condition, found a string",
        "compare it, or ask whether it `is present`",
    ),
    ("require every c in url.AuthType satisfies true", "url.AuthType", "expected a list, found a string", None),
    (
        'require url.Qualifier matches "(?!x)"',
        '"(?!x)"',
        "bad regular expression: invalid perl operator: (?!",
        "patterns follow RE2: no look-around and no back-references",
    ),
    ("require urll.AuthType is present", "urll", "unknown name `urll`", "did you mean `url`?"),
    (
        "require net.isworld(url.AuthType)",
        "net.isworld",
        "unknown function `net.isworld`",
        "did you mean `net.is_world`?",
    ),
    ("let a = url.AuthType require true", "a", "`a` is never used", "remove the `let`, or use it"),
    (
        "where url.AuthType is absent and url.AuthType is present require true",
        "url.AuthType is absent and url.AuthType is present",
        "this `where` can never hold",
        None,
    ),
    (
        "param ports: map<string> = 3 require ports is empty",
        "map<string>",
        "a param cannot be a map of strings",
        "a param is a string, a number or a boolean, or a list of these",
    ),
]


@pytest.mark.parametrize(("clauses", "marked", "message", "advice"), MISTAKES)
def test_a_mistake_is_marked_at_its_word(
    clauses: str, marked: str, message: str, advice: str | None, registry: Registry
) -> None:
    (found,) = text_checked(RULE.format(clauses=clauses), registry)
    assert found.span is not None
    assert (found.span.text, found.message(), found.help()) == (marked, message, advice)


ALWAYS_POSSIBLE = [
    'url.AuthType == "NONE" or url.AuthType == "AWS_IAM"',
    'url.AuthType == "NONE" and url.InvokeMode == "BUFFERED"',
    "url.Cors.MaxAge >= 5 and url.Cors.MaxAge <= 5",
    'url.AuthType in ["NONE", "AWS_IAM"] and url.AuthType != "NONE"',
    'url.Qualifier is absent and url.Qualifier != "live"',
    'not (url.Qualifier is absent) and url.Qualifier == "live"',
]
NEVER_POSSIBLE = [
    "false",
    "not true",
    "url.Qualifier in []",
    'url.AuthType == "NONE" and url.AuthType == "AWS_IAM"',
    'url.AuthType == "NONE" and url.AuthType in ["AWS_IAM"]',
    'url.AuthType == "NONE" and url.Qualifier is present and url.AuthType != "NONE"',
    'url.Qualifier is absent and url.Qualifier like "l*"',
    'url.Cors.AllowOrigins contains "*" and url.Cors.AllowOrigins is absent',
    "url.Qualifier is empty and url.Qualifier is not empty",
    "url.Cors.MaxAge > 5 and url.Cors.MaxAge <= 5",
    "url.Cors.MaxAge > 6 and url.Cors.MaxAge < 5",
    'url.Qualifier matches "a" and not (url.Qualifier matches "a")',
    '(url.AuthType == "NONE" and false) or not true',
]


@pytest.mark.parametrize("condition", NEVER_POSSIBLE)
def test_a_where_that_never_holds_is_a_mistake(condition: str, registry: Registry) -> None:
    (found,) = text_checked(RULE.format(clauses=f"where {condition} require true"), registry)
    assert isinstance(found, problems.NeverHolds)


@pytest.mark.parametrize("condition", ALWAYS_POSSIBLE)
def test_a_where_that_may_hold_is_none(condition: str, registry: Registry) -> None:
    assert text_checked(RULE.format(clauses=f"where {condition} require true"), registry) == ()


def test_a_let_is_not_used_by_a_parameter_of_its_name(registry: Registry) -> None:
    text = "define same(name: string) = name == name\n" + RULE.format(
        clauses="let name = url.AuthType require same(url.Qualifier)"
    )
    found = text_checked(text, registry)
    assert [one.message() for one in found] == ["`name` is never used"]


def test_lets_of_a_file_that_another_uses_count_as_read(tmp_path: Path, registry: Registry) -> None:
    library, user = tmp_path / "library.warden", tmp_path / "user.warden"
    library.write_text('let open = "NONE"\n' + RULE.format(clauses="require true"), encoding="utf-8")
    user.write_text(
        'use "library.warden"\n' + RULE.replace("a-rule", "b-rule").format(clauses="require url.AuthType != open"),
        encoding="utf-8",
    )
    both = [(path, Source(path.name, path.read_text(encoding="utf-8"))) for path in (library, user)]
    assert check_files(both, registry).diagnostics == ()
    (alone,) = check_files(both[:1], registry).diagnostics
    assert alone.message() == "`open` is never used"


def test_names_of_a_property_that_only_some_types_have(registry: Registry) -> None:
    text = RULE.replace("AWS::Lambda::Url", "AWS::Lambda::Url | AWS::Lambda::Function")
    assert text_checked(text.format(clauses="require url.AuthType is present"), registry) == ()
    (found,) = text_checked(text.format(clauses="require url.AuthTyp is present"), registry)
    assert found.message() == "`AWS::Lambda::Url | AWS::Lambda::Function` has no property `AuthTyp`"
