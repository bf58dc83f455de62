"""The parser on what is right: every node, precedence, places, recovery of what stands beside a mistake."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from language.sources import NOWHERE, expression, parsed, problems, rule, rule_text
from stackwarden.language import ast
from stackwarden.language.ast import (
    And,
    Arithmetic,
    Aspect,
    Call,
    Compare,
    Comprehension,
    Default,
    Each,
    Expectation,
    Expr,
    Implies,
    Index,
    Is,
    Like,
    ListLiteral,
    Literal,
    Matches,
    Name,
    Negate,
    Not,
    Or,
    Property,
    Quantifier,
    Refers,
    TypeExpr,
    TypePattern,
    TypeRef,
)
from stackwarden.language.parse import parse
from stackwarden.source import Source

N = NOWHERE
A, B, C = (Name(name, N) for name in "abc")


def types(*names: str) -> TypeRef:
    return TypeRef(tuple(TypePattern(name, N) for name in names), N)


def prop(value: Expr, name: str) -> Property:
    return Property(value, name, N, N)


def compare(operator: ast.CompareOp, left: Expr, right: Expr) -> Compare:
    return Compare(operator, left, right, N, N)


NODES: list[tuple[str, Expr]] = [
    ('"a"', Literal("a", N)),
    ("22", Literal(22, N)),
    ("2.5", Literal(2.5, N)),
    ("true", Literal(True, N)),
    ("false", Literal(False, N)),
    ("a", A),
    ("trueish", Name("trueish", N)),
    ("every_one", Name("every_one", N)),
    ("title", Name("title", N)),
    ("severity", Name("severity", N)),
    ("at", Name("at", N)),
    ("AWS::S3::Bucket", types("AWS::S3::Bucket")),
    ("AWS::Serverless::*", types("AWS::Serverless::*")),
    ("Custom::My-Thing_2", types("Custom::My-Thing_2")),
    ("AWS::EC2::VPC::MODULE", types("AWS::EC2::VPC::MODULE")),
    ("AWS::A::B | AWS::A::C | Custom::D", types("AWS::A::B", "AWS::A::C", "Custom::D")),
    ("[]", ListLiteral((), N)),
    ("[a, 1,]", ListLiteral((A, Literal(1, N)), N)),
    ("a.B.c", prop(prop(A, "B"), "c")),
    ("a.In", prop(A, "In")),
    ("a.where", prop(A, "where")),
    ("a.default.not", prop(prop(A, "default"), "not")),
    ("a.B[*].C", prop(Each(prop(A, "B"), N), "C")),
    ("a[0]", Index(A, 0, N)),
    ('a["odd key"]', Index(A, "odd key", N)),
    ("a@id", Aspect(A, "id", N, N)),
    ("a@Metadata.for", prop(Aspect(A, "Metadata", N, N), "for")),
    ("a()", Call(A, (), N)),
    ("a.f(b, AWS::S3::Bucket)", Call(prop(A, "f"), (B, types("AWS::S3::Bucket")), N)),
    ("not a", Not(A, N)),
    ("-a", Negate(A, N)),
    ("a and b", And(A, B, N)),
    ("a or b", Or(A, B, N)),
    ("a implies b", Implies(A, B, N)),
    *((f"a {op} b", compare(op, A, B)) for op in ("==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains")),
    ("a not\n in b", compare("not in", A, B)),
    ('a matches "^\\d+\\.\\"$"', Matches(A, '^\\d+\\."$', N, N)),
    ('a matches """\\d"+"""', Matches(A, '\\d"+', N, N)),
    ('a like "arn:*"', Like(A, "arn:*", N, N)),
    ("a refers b", Refers(A, B, N)),
    ("a is present", Is(A, "present", N)),
    ("a is absent", Is(A, "absent", N)),
    ("a is empty", Is(A, "empty", N)),
    ("a is not  empty", Is(A, "not empty", N)),
    ("a default b", Default(A, B, N)),
    ("a + b", Arithmetic("+", A, B, N)),
    ("a - b", Arithmetic("-", A, B, N)),
    ("a * b", Arithmetic("*", A, B, N)),
    ("every a in b satisfies c", Quantifier("every", "a", N, B, None, C, N)),
    ("some a in b where a satisfies c", Quantifier("some", "a", N, B, A, C, N)),
    (
        "no a in AWS::A::B | AWS::A::C satisfies c",
        Quantifier("no", "a", N, types("AWS::A::B", "AWS::A::C"), None, C, N),
    ),
    ("[a for b in c]", Comprehension(A, "b", N, C, None, N)),
    ("[a for b in c where b == a]", Comprehension(A, "b", N, C, compare("==", B, A), N)),
]


@pytest.mark.parametrize(("text", "tree"), NODES)
def test_every_node(text: str, tree: Expr) -> None:
    assert expression(text) == tree


PRECEDENCE = [
    ("a implies b implies c", "a implies (b implies c)"),
    ("a or b implies c", "(a or b) implies c"),
    ("a or b and c", "a or (b and c)"),
    ("a or b or c", "(a or b) or c"),
    ("a and not b and c", "(a and (not b)) and c"),
    ("not a == b", "not (a == b)"),
    ("not not a", "not (not a)"),
    ("a == b default c", "a == (b default c)"),
    ("a default b + c", "a default (b + c)"),
    ("a default b default c", "(a default b) default c"),
    ("a + b * c - a", "(a + (b * c)) - a"),
    ("-a * b", "(-a) * b"),
    ("-a.B[0]", "-((a.B)[0])"),
    ("a - -b", "a - (-b)"),
    ("some a in b satisfies a and b implies c", "some a in b satisfies ((a and b) implies c)"),
    ("c and some a in b satisfies a or b", "c and (some a in b satisfies (a or b))"),
    ("not some a in b satisfies a or b", "not (some a in b satisfies (a or b))"),
    ("c or no a in b satisfies a and b or c", "c or (no a in b satisfies ((a and b) or c))"),
    ("c implies every a in b satisfies a", "c implies (every a in b satisfies a)"),
    ("(some a in b satisfies a) and c", "((some a in b satisfies a) and c)"),
    (
        "some a in b where some c in a satisfies c satisfies a",
        "some a in b where (some c in a satisfies c) satisfies a",
    ),
    ("some a in b default [] satisfies a", "some a in (b default []) satisfies a"),
    (
        "every a in b + c where a satisfies some b in c satisfies a",
        "every a in (b + c) where a satisfies (some b in c satisfies a)",
    ),
    ("a in b or c", "(a in b) or c"),
    ("a is not empty and b", "(a is not empty) and b"),
    ("[a or b for a in b where a or b]", "[(a or b) for a in (b) where (a or b)]"),
]


@pytest.mark.parametrize(("loose", "tight"), PRECEDENCE)
def test_precedence(loose: str, tight: str) -> None:
    assert expression(loose) == expression(tight)


@pytest.mark.parametrize("text", ["a == b == c", "a < b in c", "a is present is absent", "a refers b refers c"])
def test_comparisons_do_not_chain(text: str) -> None:
    (problem,) = problems(f"let it = {text}")
    assert problem.help() == "comparisons do not chain: join two of them with `and`"


def written(node: Expr) -> str:
    """An expression with parentheses around every part."""
    match node:
        case Literal(bool() as value):
            return str(value).lower()
        case Literal(str() as value):
            return quoted(value)
        case Literal(value):
            return str(value)
        case Name(name):
            return name
        case TypeRef(patterns):
            return f"({' | '.join(pattern.name for pattern in patterns)})"
        case ListLiteral(items):
            return f"[{', '.join(map(written, items))}]"
        case Property(value, name):
            return f"({written(value)}).{name}"
        case Aspect(value, name):
            return f"({written(value)})@{name}"
        case Index(value, index):
            return f"({written(value)})[{quoted(index) if isinstance(index, str) else index}]"
        case Each(value):
            return f"({written(value)})[*]"
        case Call(function, arguments):
            return f"({written(function)})({', '.join(map(written, arguments))})"
        case Not(operand):
            return f"(not {written(operand)})"
        case Negate(operand):
            return f"(- {written(operand)})"
        case And(left, right) | Or(left, right) | Implies(left, right):
            return f"({written(left)} {type(node).__name__.lower()} {written(right)})"
        case Compare(operator, left, right) | Arithmetic(operator, left, right):
            return f"({written(left)} {operator} {written(right)})"
        case Matches(value, pattern):
            escaped = pattern.replace('"', '\\"')
            return f'({written(value)} matches "{escaped}")'
        case Like(value, pattern):
            return f"({written(value)} like {quoted(pattern)})"
        case Refers(value, resource):
            return f"({written(value)} refers {written(resource)})"
        case Is(value, state):
            return f"({written(value)} is {state})"
        case Default(value, fallback):
            return f"({written(value)} default {written(fallback)})"
        case Quantifier():
            where = "" if node.where is None else f" where {written(node.where)}"
            head = f"{node.kind} {node.variable} in {written(node.collection)}"
            return f"({head}{where} satisfies {written(node.body)})"
        case Comprehension():
            where = "" if node.where is None else f" where {written(node.where)}"
            return f"[{written(node.body)} for {node.variable} in {written(node.collection)}{where}]"


def quoted(text: str) -> str:
    for char, escape in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\t", "\\t"), ("\r", "\\r")):
        text = text.replace(char, escape)
    return f'"{text}"'


_NAMES = st.sampled_from(["a", "b", "url", "title", "at", "set", "x1", "_y"])
_TEXTS = st.text(st.characters(codec="utf-8"), max_size=8)
_PATTERNS = st.from_regex(r"\A[a-z\"(|)*.]{0,8}\Z")
_LEAVES: st.SearchStrategy[Expr] = st.one_of(
    st.builds(Literal, _TEXTS | st.integers(0, 10**9) | st.sampled_from([0.5, 12.25]) | st.booleans(), st.just(N)),
    st.builds(Name, _NAMES, st.just(N)),
    st.builds(types, st.sampled_from(["AWS::S3::Bucket", "AWS::Lambda::*"]), st.sampled_from(["Custom::X", "A::B::C"])),
)


def _larger(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    one, at = st.just(N), st.just(N)
    words = st.sampled_from(["Name", "in", "where", "default", "effect"])
    compares = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "in", "not in", "contains"])
    kinds = st.sampled_from(["every", "some", "no"])
    return st.one_of(
        st.builds(lambda items: ListLiteral(tuple(items), N), st.lists(inner, max_size=3)),
        st.builds(Property, inner, words, at, at),
        st.builds(Aspect, inner, words, at, at),
        st.builds(Index, inner, st.integers(0, 99) | _TEXTS, at),
        st.builds(Each, inner, at),
        st.builds(lambda function, items: Call(function, tuple(items), N), inner, st.lists(inner, max_size=3)),
        st.builds(Not, inner, at),
        st.builds(Negate, inner, at),
        st.builds(And, inner, inner, at),
        st.builds(Or, inner, inner, at),
        st.builds(Implies, inner, inner, at),
        st.builds(Compare, compares, inner, inner, at, at),
        st.builds(Matches, inner, _PATTERNS, at, at),
        st.builds(Like, inner, _TEXTS, at, at),
        st.builds(Refers, inner, inner, at),
        st.builds(Is, inner, st.sampled_from(["present", "absent", "empty", "not empty"]), at),
        st.builds(Default, inner, inner, at),
        st.builds(Arithmetic, st.sampled_from(["+", "-", "*"]), inner, inner, at),
        st.builds(Quantifier, kinds, _NAMES, at, inner, st.none() | inner, inner, at),
        st.builds(Comprehension, inner, _NAMES, at, inner, st.none() | inner, one),
    )


@settings(deadline=None)  # the first text pays for building the parser
@given(st.recursive(_LEAVES, _larger, max_leaves=12))
def test_a_written_tree_parses_to_itself(tree: Expr) -> None:
    assert expression(written(tree)) == tree


@settings(deadline=None)
@given(st.text(st.sampled_from('ab."{}()[]\\#\n =:|@*-,') | st.characters(codec="utf-8"), max_size=60))
def test_no_text_raises(text: str) -> None:
    for whole in (text, rule_text(text), f'let it = "{text}"', rule_text(f'require a else """{text}"""')):
        for diagnostic in parse(Source("test.warden", whole))[1]:
            assert diagnostic.message()
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(whole)


@pytest.mark.parametrize("text", ["not " * 5000 + "x", "a or " * 5000 + "x", "- " * 5000 + "1", "x." * 5000 + "a"])
def test_depth_is_limited(text: str) -> None:
    assert [type(problem).__name__ for problem in problems(f"let it = {text}")] == ["TooDeep"]


def test_parentheses_may_nest_deeply() -> None:
    assert expression("(" * 3000 + "a" + ")" * 3000) == A


def test_strings() -> None:
    assert expression(r'"\" \\ \n \t \r \u00e9 \ud83d\ude00"') == Literal('" \\ \n \t \r é 😀', N)
    assert expression('""') == Literal("", N)
    assert expression('"""a\\n"b""c"""') == Literal('a\\n"b""c', N)
    assert expression('"""\r\n    a:\r\n      b\r\n    """') == Literal("a:\n  b\n", N)
    assert expression('"# no comment" # a comment') == Literal("# no comment", N)


def test_adjacent_strings_join_in_texts() -> None:
    made = rule('because "a" # why\n "b" """c""" require x else "d" "{x}e"')
    assert {meta.name: meta.value for meta in made.metadata}["because"] == "abc"
    assert made.requires[0].message == ast.Message(("d", Name("x", N), "e"), N)


def test_top_level() -> None:
    file = parsed(
        'use "a.warden"\n'
        'param ports: list<number> = [22] "ports"\n'
        'param plain: string = "a"\n'
        "let most = 3\n"
        "define f() = true\n"
        "define g(b: AWS::S3::Bucket | AWS::SQS::Queue, s: iam.Statement, m: map<list<any>>,) = f()\n"
    )
    assert file.uses == (ast.Use("a.warden", N),)
    numbers = TypeExpr("list", (TypeExpr("number", (), N),), N)
    assert file.params == (
        ast.Param("ports", N, numbers, ListLiteral((Literal(22, N),), N), "ports", N),
        ast.Param("plain", N, TypeExpr("string", (), N), Literal("a", N), None, N),
    )
    assert file.lets == (ast.Let("most", N, Literal(3, N), N),)
    f, g = file.defines
    assert f == ast.Define("f", N, (), Literal(True, N), N)
    assert [(one.name, one.type) for one in g.parameters] == [
        ("b", TypeExpr("AWS::S3::Bucket | AWS::SQS::Queue", (), N)),
        ("s", TypeExpr("iam.Statement", (), N)),
        ("m", TypeExpr("map", (TypeExpr("list", (TypeExpr("any", (), N),), N),), N)),
    ]


def test_metadata() -> None:
    made = parsed(
        "rule a-1 {\n"
        'maps { checkov: ["A", "B",], owasp-api: "API1", "CIS 1.4": [] }\n'
        'see "https://a" tags ["x", "y"]\n'
        'category data-at-rest deprecated_by b-2 remediate "r" severity low title "t"\n'
        "for x in template require x }"
    ).rules[0]
    assert {meta.name: meta.value for meta in made.metadata} == {
        "maps": {"checkov": ("A", "B"), "owasp-api": ("API1",), "CIS 1.4": ()},
        "see": ("https://a",),
        "tags": ("x", "y"),
        "category": "data-at-rest",
        "deprecated_by": "b-2",
        "remediate": "r",
        "severity": "low",
        "title": "t",
    }
    assert (made.variable, made.subject) == ("x", Name("template", N))


def test_clauses_in_any_order() -> None:
    made = rule(
        "fix set x.A = 1 fix remove x.B fix append [1] + a to x.C.D[0] let a = 1 let b = 2 where x.E\n"
        'param p: boolean = true require x.F severity low at x.F else "no" require x.G at x.G along x.H'
    )
    x = Name("x", N)
    assert made.fixes == (
        ast.Fix("set", prop(x, "A"), Literal(1, N), N),
        ast.Fix("remove", prop(x, "B"), None, N),
        ast.Fix(
            "append",
            Index(prop(prop(x, "C"), "D"), 0, N),
            Arithmetic("+", ListLiteral((Literal(1, N),), N), A, N),
            N,
        ),
    )
    assert [let.name for let in made.lets] == ["a", "b"]
    assert made.where == prop(x, "E")
    assert [param.name for param in made.params] == ["p"]
    assert made.requires == (
        ast.Require(prop(x, "F"), ast.Message(("no",), N), prop(x, "F"), None, "low", N, N),
        ast.Require(prop(x, "G"), None, prop(x, "G"), prop(x, "H"), None, None, N),
    )


def test_examples() -> None:
    made = rule(
        'require x example "a" "b" fails at A, Child/B severity low\n'
        'when {Env: prod, "AWS::Region": "x y", N: 10.0.0.0/8}\n'
        'maybe at "odd id" passes when {Env: dev} """\n      A:\n        B\n    """ example "c" passes "D: {}"'
    )
    assert [(example.name, example.template) for example in made.examples] == [("ab", "A:\n  B\n"), ("c", "D: {}")]
    given_values = (("Env", "prod"), ("AWS::Region", "x y"), ("N", "10.0.0.0/8"))
    assert made.examples[0].expectations == (
        Expectation("fails", ("A", "Child/B"), "low", given_values, N),
        Expectation("maybe", ("odd id",), None, (), N),
        Expectation("passes", (), None, (("Env", "dev"),), N),
    )


def test_message_interpolation() -> None:
    text = 'require x else "a {x.B} {{c}} {x[\\"d e\\"]}{f(x, \\"}\\")} \\u00e9{x}"'
    made = rule(text)
    x = Name("x", N)
    message = made.requires[0].message
    assert message is not None
    assert message.parts == (
        "a ",
        prop(x, "B"),
        " {c} ",
        Index(x, "d e", N),
        Call(Name("f", N), (x, Literal("}", N)), N),
        " é",
        x,
    )
    places = [part.span.text for part in message.parts if not isinstance(part, str)]
    assert places == ["x.B", 'x[\\"d e\\"]', 'f(x, \\"}\\")', "x"]


def test_interpolation_in_a_long_message() -> None:
    message = rule('require x else """\n      a {x}\n        b {x["}"]}"""').requires[0].message
    assert message is not None
    x = Name("x", N)
    assert message.parts == ("a ", x, "\n  b ", Index(x, "}", N))


def test_places() -> None:
    text = (
        "# é😀\r\n"
        'let it = (a or b).C == f("x") # end\r\n'
        'rule some-id { title "t" severity low for x in AWS::A::B | AWS::A::C\n'
        '  require (x.P) not  in [1] severity high\n  example "e" passes """\n T\n""" }'
    )
    file = parsed(text)
    it = file.lets[0].value
    assert isinstance(it, Compare)
    assert isinstance(it.left, Property)
    assert [
        it.span.text,
        it.left.span.text,
        it.left.value.span.text,
        it.left.name_span.text,
        it.operator_span.text,
    ] == [
        '(a or b).C == f("x")',
        "(a or b).C",
        "a or b",
        "C",
        "==",
    ]
    assert file.lets[0].span.begin.line == 2
    made = file.rules[0]
    assert (made.id_span.text, made.variable_span.text, made.subject.span.text) == (
        "some-id",
        "x",
        "AWS::A::B | AWS::A::C",
    )
    assert made.span.text == text[text.index("rule") :]
    require = made.requires[0]
    assert require.severity_span is not None
    assert require.severity_span.text == "high"
    assert require.span.text == "require (x.P) not  in [1] severity high"
    assert isinstance(require.condition, Compare)
    assert require.condition.operator_span.text == "not  in"
    assert require.condition.span.text == "(x.P) not  in [1]"
    assert made.examples[0].template_span.text == "\n T\n"


def test_items_beside_a_mistake_are_parsed() -> None:
    text = "let a = 1\nlet b = \ndefine f() = 2\nlet c == 3\n" + rule_text("require x") + rule_text("require")
    file, diagnostics = parse(Source("test.warden", text))
    assert [let.name for let in file.lets] == ["a"]
    assert [define.name for define in file.defines] == ["f"]
    assert len(file.rules) == 1
    assert [diagnostic.position.line for diagnostic in diagnostics] == [3, 4, 9]


def test_a_rule_may_be_laid_out_anyhow() -> None:
    text = 'rule a { title "t"\nseverity low\nlet b = 1\nparam c: any = 2\nfor x in template\nrequire\nx\n}\nlet d = 1'
    file = parsed(text)
    assert [let.name for let in file.rules[0].lets] == ["b"]
    assert [let.name for let in file.lets] == ["d"]
    assert parsed(" ".join(text.split())) == file


def test_triple_quoted_texts_hide_what_looks_like_items() -> None:
    text = rule_text('require x example "e" passes """\nrule b {\nlet c = 1\n} "x" # }\n"""')
    assert parsed(text + "\nlet d = 1").rules[0].examples[0].template == 'rule b {\nlet c = 1\n} "x" # }\n'


def test_whole_rules() -> None:
    text = (Path(__file__).parent / "whole_rules.warden").read_text(encoding="utf-8")
    file = parsed(text)
    assert [(one.id, len(one.requires), len(one.fixes), len(one.examples)) for one in file.rules] == [
        ("lambda-url-auth-none", 1, 1, 2),
        ("apigateway-stage-waf-missing", 1, 0, 0),
        ("iam-policy-admin-access", 1, 0, 0),
        ("ec2-sg-ingress-admin-ports-open", 1, 0, 0),
        ("logs-group-retention", 1, 0, 2),
    ]
    first = file.rules[0]
    assert first.examples[0].template.splitlines()[:2] == ["Resources:", "  Open:"]
    stage = file.rules[1]
    assert isinstance(stage.where, Quantifier)
    assert stage.where.collection == Call(Name("target", N), (prop(Name("stage", N), "RestApiId"),), N)
    statements = file.rules[2].requires[0].condition
    assert isinstance(statements, Quantifier)
    assert isinstance(statements.where, And)
    assert isinstance(file.rules[3].requires[0].condition, Not)


def test_empty_files() -> None:
    for text in ("", "\n# only a comment", "\ufeff"):
        assert parsed(text).rules == ()


def test_a_plain_import_of_the_language_loads_no_parser() -> None:
    script = (
        "import sys, stackwarden.language, stackwarden.language.ast, stackwarden.language.syntax.items;"
        "assert 'lark' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
