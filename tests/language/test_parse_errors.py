"""The parser on what is wrong: one golden file, and the errors that deserve a test of their own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from language.sources import problems, rule_text
from stackwarden.language.parse import parse
from stackwarden.source import Source

_MISTAKES = Path(__file__).parents[1] / "golden" / "parse" / "mistakes.warden"


def test_many_mistakes(golden: Callable[[str, str], None]) -> None:
    file, diagnostics = parse(Source("mistakes.warden", _MISTAKES.read_text(encoding="utf-8")))
    lines = []
    for diagnostic in diagnostics:
        position, advice = diagnostic.position, diagnostic.help()
        lines.append(f"{position.line}:{position.column} {diagnostic.message()}")
        lines += [f"    {advice}"] if advice else []
    golden("parse/mistakes.txt", "\n".join([*lines, ""]))
    assert [rule.id for rule in file.rules] == ["two-subjects", "severity-after-require", "fine", "also-fine"]


@pytest.mark.parametrize(
    ("clauses", "message", "advice"),
    [
        ("requires x", "a rule has no clause `requires`", "did you mean `require`?"),
        ("require some s in x.L s.A", "expected `satisfies` or `where`, found `s`", None),
        ("require some s x.L", "expected `in`, found `x`", None),
        (
            "require evry s in x.L satisfies s",
            "expected an operator or the next clause, found `s`",
            "did you mean `every`?",
        ),
        (
            "require x is presnt",
            "expected `absent`, `empty`, `not empty` or `present`, found `presnt`",
            "did you mean `present`?",
        ),
        ("require x.", "expected a name, found `}`", None),
        ("require f(x", "expected `)` or `,`, found `}`", None),
        ("require x = 1", "expected an operator or the next clause, found `=`", "to compare, write `==`"),
        ("require x && x", "expected an operator or the next clause, found `&&`", "write `and`"),
        ("require 'x'", "expected an expression, found `'`", 'strings stand in double quotes: `"…"`'),
        ("require x fix set x", "expected `=`, found `}`", None),
        ('require x example "e" pass "x"', None, "did you mean `passes`?"),
        ('require x example "e" passes', None, None),
        ("require x else x", "expected a string, found `x`", None),
        ('require x == "a', "this string is not closed on its line", None),
        ("require x == 12ab", "expected an expression, found `12ab`", None),
        ("require x in AWS:S3::Bucket", None, "a resource type is written with `::`, such as `AWS::S3::Bucket`"),
        ("require x severity grave", "unknown severity `grave`", None),
        ('require x else "{"', "this `{` of the message is not closed", None),
        ('require x else "}"', "this `}` of the message closes nothing", None),
        ('require x else "{}"', "expected an expression, found `}`", None),
        ('require x else "{x y}"', "expected an operator, found `y`", None),
        (r'require x else "\q"', "unknown escape `\\q` in a string", None),
        (r'require x like "\{"', None, "a brace that is only text is written `{{`"),
        (r'require x like "\ud83da"', "unknown escape `\\ud83d` in a string", None),
        ("require x == 1234567890123456789012345678901", "a number has at most 30 digits", None),
        ("require x require x at x at x", "`at` is given twice, first on line 2", None),
        ('title "U" require x', "`title` is given twice, first on line 1", None),
        ("for y in template require x", "`for` is given twice, first on line 1", None),
        ("where x where x require x", "`where` is given twice, first on line 2", "join the conditions with `and`"),
        ('maps {a: "b", a: "c"} require x', "key `a` is given twice", None),
        ("deprecated_by NotKebab require x", "rule id `NotKebab` is not in kebab-case", "write `not-kebab`"),
    ],
)
def test_one_mistake(clauses: str, message: str | None, advice: str | None) -> None:
    (problem,) = problems(rule_text(clauses))
    if message is not None:
        assert problem.message() == message
    if advice is not None:
        assert problem.help() == advice


def test_a_message_points_into_the_string() -> None:
    text = rule_text('require x else "é {x.A} {x.}"')
    (problem,) = problems(text)
    assert problem.span is not None
    assert problem.span.start == text.index("{x.}") + 3


@pytest.mark.parametrize(
    ("name", "better"),
    [("S3PublicRead", "s3-public-read"), ("a_b", "a-b"), ("a--b", "a-b"), ("Lambda.Url", "lambda-url")],
)
def test_rule_ids_are_kebab_case(name: str, better: str) -> None:
    (problem,) = problems(rule_text("require x").replace("a-rule", name))
    assert problem.help() == f"write `{better}`"


def test_what_is_missing_is_told_only_of_rules_that_parse() -> None:
    (problem,) = problems("rule a { requires x }")
    assert problem.message() == "a rule has no clause `requires`"


def test_missing_clauses() -> None:
    messages = [problem.message() for problem in problems("rule a {}")]
    assert messages == [f"rule `a` has no `{word}`" for word in ("title", "severity", "for", "require")]


def test_a_missing_brace_does_not_hide_the_next_rule() -> None:
    text = rule_text("require x").removesuffix("}") + rule_text("require x").replace("a-rule", "b-rule")
    file, (problem,) = parse(Source("test.warden", text))
    assert problem.message() == "rule `a-rule` is not closed"
    assert [rule.id for rule in file.rules] == ["b-rule"]


def test_an_open_text_does_not_hide_the_next_rule() -> None:
    text = rule_text('require x example "e" passes """\n a: 1') + "\n\n" + rule_text('require x because """b"""')
    file, diagnostics = parse(Source("test.warden", text))
    assert "this text is not closed" in [diagnostic.message() for diagnostic in diagnostics]
    assert len(file.rules) == 1


def test_a_clause_may_go_on_in_lines_of_its_own_indentation() -> None:
    text = rule_text("require no s in x.L\nwhere s.A\nsatisfies s.B\nelse 5\nrequire x.")
    assert [problem.position.line for problem in problems(text)] == [5, 7]
