"""Packs by standard: what they select, and what is wrong with a file of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from stackwarden.run.session import Session, SessionOptions, open_session
from stackwarden.run.standards import Standard, checking, load_standard, standard_files

_HEAD = 'title = "T"\nsee = "https://example.org"\n'
_REQUIREMENT = '[[requirements]]\nid = "1"\ntitle = "t"\nunseen = "u"\n'
_TWO = f'{_HEAD}{_REQUIREMENT}[[practices]]\ntitle = "P"\nrequirements = ["*"]\n[[practices]]\n'


@pytest.mark.parametrize("name", sorted(standard_files()))
def test_shipped_standards_select_rules(name: str) -> None:
    standard = load_standard(standard_files()[name])
    assert isinstance(standard, Standard)
    session = open_session(SessionOptions(packs=(name,)))
    assert isinstance(session, Session)
    assert session.rules
    assert all(standard.selects(rule) for rule in session.rules)
    everything = open_session(SessionOptions())
    assert isinstance(everything, Session)
    assert [rule for rule in everything.rules if standard.selects(rule)] == list(session.rules)
    for requirement in standard.requirements:
        rules = checking(standard, everything.rules)[requirement.id]
        assert rules or requirement.unseen, f"{requirement.id} has neither a rule nor a reason"


def test_standards_and_packs_add_up() -> None:
    def ids(*packs: str) -> set[str]:
        session = open_session(SessionOptions(packs=packs))
        assert isinstance(session, Session)
        return {rule.id for rule in session.rules}

    assert ids("iam", "owasp-api-top10") == ids("iam") | ids("owasp-api-top10")


def test_an_own_standard_is_found_beside_own_policies(tmp_path: Path) -> None:
    (tmp_path / "standards").mkdir()
    (tmp_path / "standards" / "house.toml").write_text(
        f'{_HEAD}[[requirements]]\nid = "1"\ntitle = "One"\nrules = ["lambda-url-*"]\n', encoding="utf-8"
    )
    session = open_session(SessionOptions(policies=(str(tmp_path),), packs=("house",)))
    assert isinstance(session, Session)
    assert "lambda-url-auth-none" in {rule.id for rule in session.rules}
    assert all(rule.id.startswith("lambda-url-") for rule in session.rules)


def test_an_unknown_pack_is_compared_with_standards() -> None:
    (problem,) = _problems(SessionOptions(packs=("owasp-api-top",)))
    assert problem == ("there is no pack `owasp-api-top`", "did you mean `owasp-api-top10`?")


def _problems(options: SessionOptions) -> list[tuple[str, str | None]]:
    session = open_session(options)
    assert not isinstance(session, Session)
    return [(one.message(), one.help()) for one in session]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("title =", "Invalid value"),
        ('see = "x"\n[[requirements]]\nid = "1"\ntitle = "t"\nunseen = "u"\n', "the file has no `title`"),
        (_HEAD, "it has no `[[requirements]]`"),
        (f'{_HEAD}colour = "red"\n', "the file has an unknown key `colour`"),
        (f'{_HEAD}[[requirements]]\nid = "1"\ntitle = "t"\n', "requirement `1` has neither"),
        (
            f'{_HEAD}[[requirements]]\nid = "1"\ntitle = "t"\nrule = ["a"]\n',
            "requirement `1` has an unknown key `rule`",
        ),
        (f'{_HEAD}[[requirements]]\nid = "1"\ntitle = "t"\nrules = "a"\n', "`rules` of requirement `1` must be a list"),
        (f'{_HEAD}[[requirements]]\nid = "1"\ntitle = "t"\nmaps = {{a = 1}}\n', "`maps.a` of requirement `1`"),
        (f'{_HEAD}practices = "a"\n{_REQUIREMENT}', "`practices` must be tables"),
        (f'{_HEAD}{_REQUIREMENT}[[practices]]\nrequirements = ["1"]\n', "a practice has no `title`"),
        (
            f'{_HEAD}{_REQUIREMENT}[[practices]]\ntitle = "P"\ncolour = "red"\n',
            "practice `P` has an unknown key `colour`",
        ),
        (f'{_HEAD}{_REQUIREMENT}[[practices]]\ntitle = "P"\n', "requirement `1` is in no practice"),
        (f'{_HEAD}{_REQUIREMENT}[[practices]]\ntitle = "P"\nrequirements = ["2"]\n', "practice `P` names `2`"),
        (
            f'{_TWO}title = "Q"\nrequirements = ["1"]\n',
            "practice `Q` names `1`, which is no requirement, or one of an earlier practice",
        ),
        (f"{_HEAD}" + '[[requirements]]\nid = "1"\ntitle = "t"\nunseen = "u"\n' * 2, "requirement `1` is there twice"),
    ],
)
def test_faults_of_a_file(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "house.toml"
    path.write_text(text, encoding="utf-8")
    fault = load_standard(path)
    assert not isinstance(fault, Standard)
    assert fault.message().startswith("standard `house.toml` cannot be read: ")
    assert reason in fault.message()
