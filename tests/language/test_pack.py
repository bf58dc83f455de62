"""Loading packs: the cache saves work, and never gives anything but what the files say."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from stackwarden import cache
from stackwarden.language import check
from stackwarden.language.pack import Packs, load_packs

RULE = """\
rule own-{name} {{
    title "{title}"
    severity {severity}
    for url in AWS::Lambda::Url
    require url.AuthType != "NONE"
}}
"""


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy; the cache is a folder beside it."""
    monkeypatch.setenv("STACKWARDEN_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "own" / "policies"
    folder.mkdir(parents=True)
    (folder / "one.warden").write_text(RULE.format(name="one", title="One", severity="high"), encoding="utf-8")
    return folder


@pytest.fixture
def compilations(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Grows by one with each time that files are parsed and checked."""
    counted: list[int] = []
    original = check.check_files

    def counting(*arguments: object, **options: object) -> object:
        counted.append(1)
        return original(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(check, "check_files", counting)
    yield counted


def loaded(folder: Path) -> Packs:
    packs = load_packs([str(folder)], shipped=False)
    assert isinstance(packs, Packs), [one.message() for one in packs]
    return packs


def titles(folder: Path) -> list[str]:
    return [rule.decoded().title for rule in loaded(folder).rules]


def kept_files(folder: Path) -> list[Path]:
    return sorted((folder.parents[1] / "cache" / "packs").iterdir())


def test_what_did_not_change_is_compiled_once(policies: Path, compilations: list[int]) -> None:
    first = loaded(policies)
    second = loaded(policies)
    assert len(compilations) == 1
    assert first == second
    assert [rule.decoded() for rule in first.rules] == [rule.decoded() for rule in second.rules]
    assert second.rules[0].pack == "policies" and second.rules[0].file == f"{policies}/one.warden"


def test_one_changed_byte_compiles_anew(policies: Path, compilations: list[int]) -> None:
    assert titles(policies) == ["One"]
    path = policies / "one.warden"
    state = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("One", "Ono"), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))  # the content counts, not the time
    assert titles(policies) == ["Ono"]
    assert len(compilations) == 2


@pytest.mark.parametrize("change", ["add", "rename", "remove"])
def test_files_that_come_and_go_compile_anew(policies: Path, change: str, compilations: list[int]) -> None:
    two = policies / "two.warden"
    two.write_text(RULE.format(name="two", title="Two", severity="low"), encoding="utf-8")
    assert titles(policies) == ["One", "Two"]
    match change:
        case "add":
            text = RULE.format(name="three", title="Three", severity="low")
            (policies / "three.warden").write_text(text, encoding="utf-8")
            assert titles(policies) == ["One", "Three", "Two"]
        case "rename":
            two.rename(policies / "zwei.warden")
            assert [rule.file.rpartition("/")[2] for rule in loaded(policies).rules] == ["one.warden", "zwei.warden"]
        case _:
            two.unlink()
            assert titles(policies) == ["One"]
    assert len(compilations) == 2


USER = 'use "shared.warden"\n' + RULE.replace('"NONE"', "open").format(name="user", title="User", severity="low")


def constants(folder: Path) -> str:
    (rule,) = [rule for rule in loaded(folder).rules if rule.id == "own-user"]
    return repr(rule.decoded().requires[0].condition)


def test_a_used_file_outside_of_the_pack_counts(policies: Path, compilations: list[int]) -> None:
    shared = policies.parents[1] / "shared.warden"
    shared.write_text('let open = "NONE"\n', encoding="utf-8")
    (policies / "user.warden").write_text(USER, encoding="utf-8")
    assert "NONE" in constants(policies) and "NONE" in constants(policies)
    assert len(compilations) == 1
    shared.write_text('let open = "AWS_IAM"\n', encoding="utf-8")
    assert "AWS_IAM" in constants(policies)
    nearer = policies.parent / "shared.warden"
    nearer.write_text('let open = "NONE"\n', encoding="utf-8")
    assert "NONE" in constants(policies)
    nearer.unlink()
    assert "AWS_IAM" in constants(policies)
    shared.unlink()
    assert not isinstance(load_packs([str(policies)], shipped=False), Packs)


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "shape", "outside"])
def test_a_damaged_cache_is_made_anew(policies: Path, damage: str, compilations: list[int]) -> None:
    titles(policies)
    (kept,) = kept_files(policies)
    content = kept.read_bytes()
    kept.write_bytes(
        {
            "cut": content[: len(content) // 2],
            "flip": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
            "empty": b"",
            "other": b"not a cache at all" * 9,
            "shape": cache.pack_bytes({"rules": ((1, 2),), "params": (), "files": 1, "outside": ()}),
            "outside": cache.pack_bytes([1, 2]),
        }[damage]
    )
    assert titles(policies) == ["One"]
    assert len(compilations) == 2
    assert kept.read_bytes() == content
    assert titles(policies) == ["One"] and len(compilations) == 2


def test_a_cache_that_cannot_be_written_only_costs_time(
    policies: Path, monkeypatch: pytest.MonkeyPatch, compilations: list[int]
) -> None:
    blocked = policies.parents[1] / "blocked"
    blocked.write_text("a file where the folder should be", encoding="utf-8")
    monkeypatch.setenv("STACKWARDEN_CACHE", str(blocked))
    assert titles(policies) == ["One"] and titles(policies) == ["One"]
    assert len(compilations) == 2


def test_a_user_without_a_home_folder(policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_home() -> Path:
        raise RuntimeError("Could not determine home directory.")

    for name in ("STACKWARDEN_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(Path, "home", no_home)
    assert cache.cache_dir() is None
    assert titles(policies) == ["One"]


def test_a_failed_write_leaves_nothing_behind(policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: Path, __: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    assert titles(policies) == ["One"]
    assert kept_files(policies) == []


def test_faults_are_never_kept(policies: Path, compilations: list[int]) -> None:
    (policies / "one.warden").write_text(RULE.format(name="one", title="One", severity="hihg"), encoding="utf-8")
    for _ in range(2):
        found = load_packs([str(policies)], shipped=False)
        assert not isinstance(found, Packs) and [one.message() for one in found]
    assert len(compilations) == 2


def test_old_sets_are_thrown_away(policies: Path) -> None:
    for number in range(25):
        text = RULE.format(name="one", title=f"Title {number}", severity="high")
        (policies / "one.warden").write_text(text, encoding="utf-8")
        assert titles(policies) == [f"Title {number}"]
    assert len(kept_files(policies)) <= 20


def _load(folder: str) -> list[str]:
    return [title for _ in range(5) for title in titles(Path(folder))]


def test_writers_at_the_same_time(policies: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(4) as pool:
        for found in pool.map(_load, [str(policies)] * 8):
            assert found == ["One"] * 5
    (kept,) = kept_files(policies)
    assert cache.unpack_bytes(kept.read_bytes())
