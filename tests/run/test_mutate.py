"""Mutants of rules: what is changed, what is noticed, and what is left out of the count."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.language.mutants import mutants
from stackwarden.language.parse import parse
from stackwarden.run.mutate import run_mutants
from stackwarden.source import Source

_RULE = """
define is_long(fn: AWS::Lambda::Function) = fn.Timeout > 100

rule slow {{
    title "t"
    severity low
    for fn in AWS::Lambda::Function
    require not is_long(fn)
    {examples}
}}
"""
_FAILS = 'example "slow" fails """\nResources: {F: {Type: AWS::Lambda::Function, Properties: {Timeout: 200}}}\n"""'
_EDGE = 'example "just" passes """\nResources: {F: {Type: AWS::Lambda::Function, Properties: {Timeout: 100}}}\n"""'
_OVER = 'example "over" fails """\nResources: {F: {Type: AWS::Lambda::Function, Properties: {Timeout: 101}}}\n"""'


def _changes(condition: str) -> set[str]:
    text = f'rule r {{ title "t" severity low for x in AWS::Lambda::Function require {condition} }}'
    tree, diagnostics = parse(Source("r.warden", text))
    assert not diagnostics
    return {one.change for one in mutants(tree.rules[0].requires[0].condition, truth=True)}


@pytest.mark.parametrize(
    ("condition", "change"),
    [
        ('x.Runtime == "a"', "`==` became `!=`"),
        ('x.Runtime == "a"', "`a` became `a~`"),
        ('x.Runtime == "a"', "`Runtime` became `NotRuntime`"),
        ("x.Timeout < 3", "`<` became `<=`"),
        ("x.Timeout < 3", "`3` became `4`"),
        ('x.Runtime in ["a", "b"]', "`in` became `not in`"),
        ('x.Runtime in ["a", "b"]', "the element was left out"),
        ("x.Role is absent and x.Timeout is present", "`and` became `or`"),
        ("x.Role is absent or x.Timeout is present", "`or` became `and`"),
        ("x.Role is absent implies x.Timeout is present", "`implies` became `and`"),
        ("not x.Role is absent", "`not` was left out"),
        ("x.Role is absent", "`is absent` became `is present`"),
        ('some l in x.Layers where l != "b" satisfies l == "a"', "`some` became `every`"),
        ('no l in x.Layers where l != "b" satisfies l == "a"', "`no` became `some`"),
        ('every l in x.Layers where l != "b" satisfies l == "a"', "`where` was left out"),
        ('(x.Runtime default "b") == "a"', "`default` was left out"),
        ('x.Runtime like "a*"', '"a*" became another pattern'),
        ("x.Timeout + 1 > 3", "`+` became `-`"),
        ("x.Role refers x", "the condition was negated"),
        ('str.starts_with(x.Role, "a") and x.Role is present', "the condition was negated"),
    ],
)
def test_each_kind_of_change(condition: str, change: str) -> None:
    assert change in _changes(condition)


def _run(tmp_path: Path, *examples: str) -> tuple[int, set[str]]:
    file = tmp_path / "rules.warden"
    file.write_text(_RULE.format(examples="\n".join(examples)), encoding="utf-8")
    result = run_mutants([str(file)])
    assert result.diagnostics == ()
    return result.mutants, {one.message() for one in result.survivors}


def test_examples_at_the_edge_notice_every_change(tmp_path: Path) -> None:
    count, survivors = _run(tmp_path, _EDGE, _OVER)
    assert count == 5  # `not`, `>` twice, 100, Timeout
    assert survivors == set()


def test_what_no_example_notices_is_told_with_its_place(tmp_path: Path) -> None:
    _, survivors = _run(tmp_path, _FAILS)
    assert survivors == {
        "no example notices when `>` became `>=` in `is_long`",
        "no example notices when `100` became `101` in `is_long`",
    }


def test_faulty_policies_are_not_mutated(tmp_path: Path) -> None:
    file = tmp_path / "rules.warden"
    file.write_text("rule r {", encoding="utf-8")
    result = run_mutants([str(file)])
    assert (result.mutants, result.survivors) == (0, ())
    assert result.diagnostics
