"""What is said about YAML that is no template: one line, column and sentence for each kind of mistake."""

from __future__ import annotations

import pytest

from stackwarden.template.limits import Limits
from template.reading import faults, read, told


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "advice"),
    [
        ("a:\n\tb: 1", 2, 1, "a tab cannot be used for indentation", "indent with spaces"),
        ("a: |\n\tb", 2, 1, "a tab cannot be used for indentation", "indent with spaces"),
        ("a: @b", 1, 4, "a plain value cannot start with `@`", "put the value in quotes"),
        ("a: `b`", 1, 4, "a plain value cannot start with a backtick", "put the value in quotes"),
        ("a: |b", 1, 5, "nothing may follow `|` or `>` on its line", "start the text on the next line, indented"),
        ("a: ? b", 1, 4, "a key cannot stand here", "start the mapping on a line of its own"),
        ("a: [!b]", 1, 7, "a tag must end with a blank", None),
        ("a: %b", 1, 4, "a plain value cannot start with `%`", "put the value in quotes"),
        ("a: b: c", 1, 5, "a value cannot hold `: ` unless it is quoted", "put the value in quotes"),
        ("- a: b: c", 1, 7, "a value cannot hold `: ` unless it is quoted", "put the value in quotes"),
        (
            "a: 1\n b: 2",
            2,
            3,
            "a key cannot stand here",
            "keys of one mapping must be indented alike, and deeper than the key above that holds them",
        ),
        ("a: - b", 1, 4, "a list entry cannot stand here", "start the list on a line of its own"),
        (
            "a:\n  - b\n c: d",
            3,
            2,
            "expected another key of the mapping that starts on line 1",
            "keys of one mapping must be indented alike",
        ),
        ("- a\nb: c", 2, 1, "expected another `- ` of the list that starts on line 1", "entries of one list align"),
        ("a: {b: c", 1, 9, "expected `,` or `}` in the mapping that starts on line 1", None),
        ("a:\n  [b\nc: d", 3, 2, "expected `,` or `]` in the list that starts on line 2", None),
        ("a:\n  b: 'x\n\n", 2, 6, "the quoted text that starts here is never closed", None),
        ('a: "\\q"', 1, 5, "`\\q` is no escape in double quotes", "write `\\\\` for a backslash, or use single quotes"),
        (
            "a: *b",
            1,
            4,
            "the alias `*b` has no anchor before it",
            "for text that starts with `*`, put the value in quotes",
        ),
        ("a: *", 1, 5, "a name is missing", "for text that starts with `*` or `&`, put the value in quotes"),
        ("a: &x 1\nb: &x 2", 2, 4, "the anchor `&x` is defined twice", "give one of them another name"),
        ("Resources: {}\na: &x [*x]", 2, 4, "the value of the anchor `&x` contains itself", None),
        ("a: 1\n---\nb: 2", 2, 1, "the file holds a second document", "put each template in a file of its own"),
        ("a: }", 1, 4, "expected a value, found `}`", "put the value in quotes"),
        ("{a: 1} b", 1, 8, "expected the end of the file", "a file holds one template"),
        ("a: !b!c d", 1, 4, "unknown tag `!b!c`", None),
        (
            "a: x\x00",
            1,
            5,
            "the character U+0000 is not allowed in YAML",
            'write it as an escape in double quotes: `"\\u0000"`',
        ),
        ("a\nb: c", 2, 2, "a key cannot stand here", None),
        ("%YAML 2.0\n---\na: 1", 1, 1, "found incompatible YAML document", None),
    ],
)
def test_syntax(text: str, line: int, column: int, message: str, advice: str | None) -> None:
    (fault,) = faults(text)
    assert told([fault]) == [(line, column, message)]
    if advice is not None:
        assert fault.help() == advice


@pytest.mark.parametrize(
    ("value", "message", "advice"),
    [
        ("!Reff x", "unknown tag `!Reff`", "did you mean `!Ref`?"),
        ("!getatt x", "unknown tag `!getatt`", "did you mean `!GetAtt`?"),
        ("!ToJsonString {}", "`!ToJsonString` has no short form", "write `Fn::ToJsonString:`"),
        ("!Length []", "`!Length` has no short form", "write `Fn::Length:`"),
        ("!Rain::Embed x", "unknown tag `!Rain::Embed`", "scan what `rain pkg` makes of this file"),
        ("!!int abc", "`abc` is no value for `!!int`", None),
        ("!!map [1]", "`!!map` does not fit a list", None),
        ("!!seq 1", "`!!seq` does not fit text", None),
        ("!!str {a: 1}", "`!!str` does not fit a mapping", None),
        ("!!set {a}", "`!!set` does not fit a mapping", None),
        ("{[a]: b}", "a key must be text, not a list", None),
        ("{!Ref a : b}", "a key must be text, not a `Ref`", None),
        (
            "{<<: 1}",
            "the merge key `<<` takes a mapping or a list of mappings",
            'for a key that really is named so, write `"<<"`',
        ),
        (
            "{<<: [{}, !Ref a]}",
            "the merge key `<<` takes a mapping or a list of mappings",
            'for a key that really is named so, write `"<<"`',
        ),
    ],
)
def test_what_parses_but_is_no_template(value: str, message: str, advice: str | None) -> None:
    (fault,) = faults(f"Resources: {{}}\nMetadata: {value}\n")
    assert (fault.message(), fault.help()) == (message, advice)
    assert fault.position.line == 2


def test_all_faults_of_a_file_come_in_one_run() -> None:
    text = "Parameters: []\nResources:\n  A: !Reff x\n  B: {Type: !Gett x}\n  C: {}\n  C: 1\n"
    assert told(faults(text)) == [
        (1, 1, "`Parameters` must be a mapping, not a list"),
        (3, 3, "resource `A` must be a mapping, not text"),
        (3, 6, "unknown tag `!Reff`"),
        (4, 13, "unknown tag `!Gett`"),
        (6, 3, "duplicate key `C`, first on line 5; the last one counts"),
        (6, 3, "resource `C` must be a mapping, not a number"),
    ]


def test_nesting_is_limited() -> None:
    read("Resources: {}\nMetadata: " + "[" * 98 + "1" + "]" * 98)
    (fault,) = faults("Resources: {}\nMetadata: " + "[" * 100 + "1" + "]" * 100)
    assert fault.message() == "values are nested more than 100 levels deep"
    assert fault.position.line == 2


def test_a_short_tag_is_as_deep_as_its_long_form() -> None:
    read("Resources: {}\nMetadata: " + "!If [" * 49 + "1" + "]" * 49)
    (fault,) = faults("Resources: {}\nMetadata: " + "!If [" * 50 + "1" + "]" * 50)
    assert fault.message() == "values are nested more than 100 levels deep"
    assert fault.position.line == 2


@pytest.mark.parametrize("opening", ["[", "- ", "? ", "{a: ", "[{a: ", "!If [", "- - ? "])
def test_a_hundred_thousand_levels_are_a_diagnostic(opening: str) -> None:
    (fault,) = faults(opening * 100_000)
    assert fault.message() == "values are nested more than 100 levels deep"


def test_depth_through_aliases_counts() -> None:
    chain = "".join(f"a{n}: &a{n} [[*a{n - 1}]]\n" for n in range(1, 60))
    (fault,) = faults("a0: &a0 1\n" + chain + "Resources: {}\n")
    assert fault.message() == "values are nested more than 100 levels deep, aliases included"
    assert 1 < fault.position.line < 60


def test_an_alias_bomb_is_weighed_and_not_written_out() -> None:
    bomb = "a0: &a0 lol\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10))
    (fault,) = faults(bomb + "Resources: {}\n")
    assert fault.message() == "written out, the aliases stand for more than 1000000 values"
    assert fault.position.line == 7


def test_many_merges_are_a_bomb_too() -> None:
    wide = "{" + ", ".join(f"k{n}: 1" for n in range(500)) + "}"
    text = f"a: &a {wide}\nb:\n" + "  - <<: *a\n" * 500 + "Resources: {}\n"
    assert "written out" in faults(text, limits=Limits(nodes=100_000))[0].message()
    read(text)


def test_the_number_of_diagnostics_is_limited() -> None:
    text = "Resources: {}\nMetadata: [" + ", ".join(["!x y"] * 1000) + "]\n"
    assert len(faults(text)) == 100
