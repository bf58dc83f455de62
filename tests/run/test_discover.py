"""Which files a scan takes: by name, by content, without what git and the settings leave out, each file once."""

from __future__ import annotations

import os
import random
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from stackwarden.run.discover import STDIN, Discovery, Found, discover
from stackwarden.run.ignores import ignored_with_parents, patterns_of
from stackwarden.template.limits import Limits

TEMPLATE = "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n"
JSON_TEMPLATE = '{"Resources":{"Bucket":{"Type":"AWS::S3::Bucket"}}}'
OTHER = "services:\n  web:\n    image: nginx\n"

Tree = Callable[..., None]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    """Writes files below an empty working folder: names are templates, keywords (`__` for `/`) have other texts."""
    monkeypatch.chdir(tmp_path)

    def write(*names: str, texts: dict[str, str | bytes] | None = None) -> None:
        for name, text in {**dict.fromkeys(names, TEMPLATE), **(texts or {})}.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    return write


def names(discovery: Discovery) -> list[str]:
    return [found.name for found in discovery.files]


def found_in(*paths: str) -> list[str]:
    """The names found, where nothing may be wrong."""
    discovery = discover(paths)
    assert discovery.errors == ()
    return names(discovery)


def test_a_folder_gives_its_templates_sorted_by_name_and_nothing_else(tree: Tree) -> None:
    tree(
        "b.yaml", "a/z.yml", "a/b/c.template", "a.YAML", "x.cfn", "readme.txt", "notes.md",
        texts={"c.json": JSON_TEMPLATE, "compose.yaml": OTHER, "package.json": '{"name": "x"}', "empty.yaml": ""},
    )  # fmt: skip
    assert found_in(".") == ["a/b/c.template", "a/z.yml", "a.YAML", "b.yaml", "c.json", "x.cfn"]


def test_names_are_shown_as_they_were_given(tree: Tree, tmp_path: Path) -> None:
    tree("stacks/app.yaml")
    assert found_in("stacks") == found_in("stacks/") == ["stacks/app.yaml"]
    assert found_in(".") == found_in("./") == ["stacks/app.yaml"]
    assert found_in("./stacks/app.yaml") == ["./stacks/app.yaml"]
    assert found_in("./stacks") == ["./stacks/app.yaml"]
    assert found_in("../" + tmp_path.name) == [f"../{tmp_path.name}/stacks/app.yaml"]
    assert found_in(str(tmp_path)) == [f"{tmp_path.as_posix()}/stacks/app.yaml"]
    assert discover(["stacks"]).files[0].path == Path("stacks/app.yaml")


def test_arguments_keep_their_order_and_a_file_comes_once(tree: Tree) -> None:
    tree("a.yaml", "b.yaml", "c/d.yaml", "c/e.yaml")
    assert found_in("b.yaml", "a.yaml", "b.yaml", "./b.yaml") == ["b.yaml", "a.yaml"]
    assert found_in("c", ".", "a.yaml") == ["c/d.yaml", "c/e.yaml", "b.yaml", "a.yaml"]
    assert discover([".", "a.yaml"]).files == (
        Found("b.yaml", Path("b.yaml"), False),
        Found("c/d.yaml", Path("c/d.yaml"), False),
        Found("c/e.yaml", Path("c/e.yaml"), False),
        Found("a.yaml", Path("a.yaml"), True),
    )


def test_standard_input_is_a_file_without_a_path(tree: Tree) -> None:
    tree("a.yaml")
    assert discover(["-", "a.yaml", "-"]).files == (Found(STDIN, None, True), Found("a.yaml", Path("a.yaml"), True))


def test_a_file_that_is_named_is_taken_whatever_it_holds_unless_only_changes_count(tree: Tree) -> None:
    tree("app.yaml", "sub/generated.yaml", texts={"compose.yaml": OTHER, "script.sh": "echo", "raw.bin": b"\xff\xfe"})
    given = ["compose.yaml", "script.sh", "raw.bin", "app.yaml", "sub/generated.yaml"]
    assert found_in(*given) == given
    assert names(discover(given, changed_only=True)) == ["app.yaml", "sub/generated.yaml"]
    assert names(discover(given, changed_only=True, exclude=["generated.*"])) == ["app.yaml"]
    assert names(discover(given, exclude=["generated.*"])) == given


def test_paths_that_do_not_exist_are_told_and_the_others_scanned(tree: Tree) -> None:
    tree("a.yaml")
    discovery = discover(["missing.yaml", "a.yaml", "", "gone/"])
    assert names(discovery) == ["a.yaml"]
    assert [(error.file, error.message, error.fatal) for error in discovery.errors] == [
        ("missing.yaml", "no such file or folder", True),
        ("", "no such file or folder", True),
        ("gone/", "no such file or folder", True),
    ]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="permissions do not stop this user")
def test_what_cannot_be_opened_is_told_and_the_others_scanned(tree: Tree) -> None:
    tree("a.yaml", "locked/b.yaml", "secret.yaml")
    Path("locked").chmod(0)
    Path("secret.yaml").chmod(0)
    discovery = discover(["."])
    Path("locked").chmod(0o700)
    assert names(discovery) == ["a.yaml"]
    assert [(error.file, error.message) for error in discovery.errors] == [
        ("secret.yaml", "cannot be opened: permission denied"),
        ("locked", "cannot be opened: permission denied"),
    ]


def test_a_folder_or_file_that_vanishes_is_told(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when a folder may not be opened, which a superuser's test cannot bring about."""
    tree("a.yaml", "locked/b.yaml", "secret.yaml")
    scandir, opened = os.scandir, Path.open

    def no_scandir(path: Path) -> object:
        if path.name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    def no_open(path: Path, mode: str) -> object:
        if path.name == "secret.yaml":
            raise PermissionError(13, "Permission denied")
        return opened(path, mode)

    monkeypatch.setattr(os, "scandir", no_scandir)
    monkeypatch.setattr(Path, "open", no_open)
    discovery = discover(["."])
    assert names(discovery) == ["a.yaml"]
    assert {(error.file, error.message) for error in discovery.errors} == {
        ("secret.yaml", "cannot be opened: permission denied"),
        ("locked", "cannot be opened: permission denied"),
    }


def test_templates_in_another_encoding_or_of_great_size_are_left_to_the_reader_to_refuse(tree: Tree) -> None:
    tree(texts={
        "utf16.yaml": TEMPLATE.encode("utf-16"),
        "latin.yaml": (TEMPLATE + "# caf\xe9").encode("latin-1"),
        "bom.yaml": TEMPLATE.encode("utf-8-sig"),
        "huge.yaml": TEMPLATE + "# filling\n" * 1000,
        "huge-other.yaml": OTHER + "# filling\n" * 1000,
    })  # fmt: skip
    assert names(discover(["."], limits=Limits(size=200))) == ["bom.yaml", "huge.yaml", "latin.yaml", "utf16.yaml"]


@pytest.mark.parametrize("folder", [".git", ".aws-sam", "node_modules", ".venv", "__pycache__", ".tox"])
def test_folders_of_tools_are_skipped_unless_they_are_named(tree: Tree, folder: str) -> None:
    tree("a.yaml", f"{folder}/b.yaml", f"deep/{folder}/c.yaml", "cdk.out/App.template.json")
    assert found_in(".") == ["a.yaml", "cdk.out/App.template.json"]
    assert found_in(folder) == [f"{folder}/b.yaml"]


def test_a_python_environment_of_any_name_is_skipped_unless_it_is_named(tree: Tree) -> None:
    tree("a.yaml", "env/lib/cfnlint/b.yaml", texts={"env/pyvenv.cfg": "home = /usr"})
    assert found_in(".") == ["a.yaml"]
    assert found_in("env") == ["env/lib/cfnlint/b.yaml"]


class TestLinks:
    """Symbolic links."""

    def test_loops_end(self, tree: Tree) -> None:
        tree("a/b/c.yaml")
        Path("a/b/up").symlink_to(Path("..").absolute() / "a", target_is_directory=True)
        Path("a/self.yaml").symlink_to("self.yaml")
        Path("a/here").symlink_to(".", target_is_directory=True)
        Path("a/gone.yaml").symlink_to("nowhere.yaml")
        assert found_in("a") == ["a/b/c.yaml"]

    def test_what_a_link_leads_to_is_taken_once_under_its_own_name(self, tree: Tree) -> None:
        tree("z/real.yaml", "z/deep/x.yaml")
        Path("a-link.yaml").symlink_to("z/real.yaml")
        Path("a-folder").symlink_to("z/deep", target_is_directory=True)
        assert found_in(".") == ["z/deep/x.yaml", "z/real.yaml"]
        assert found_in("a-link.yaml", ".") == ["a-link.yaml", "z/deep/x.yaml"]

    def test_links_out_of_the_folder_are_followed(self, tree: Tree) -> None:
        tree("inside/a.yaml", "outside/b.yaml", "outside/sub/c.yaml")
        Path("inside/l.yaml").symlink_to("../outside/b.yaml")
        Path("inside/sub").symlink_to("../outside/sub", target_is_directory=True)
        assert found_in("inside") == ["inside/a.yaml", "inside/l.yaml", "inside/sub/c.yaml"]

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
    def test_a_pipe_is_not_waited_for(self, tree: Tree) -> None:
        tree("a.yaml")
        os.mkfifo("pipe.yaml")
        assert found_in(".") == ["a.yaml"]


@pytest.mark.usefixtures("tree")
def test_a_tree_deeper_than_the_interpreter_recurses_is_walked() -> None:
    deep = "/".join("d" * 1100)
    folders = [Path(deep[:depth]) for depth in range(1, len(deep) + 1, 2)]
    for folder in folders:
        folder.mkdir()
    Path(deep, "a.yaml").write_text(TEMPLATE)
    names_found = found_in(".")
    Path(deep, "a.yaml").unlink()  # nor does `shutil` go so deep
    for folder in reversed(folders):
        folder.rmdir()
    assert names_found == [f"{deep}/a.yaml"]


def test_a_name_that_is_no_utf8_is_shown_so_that_it_can_be_written(tree: Tree) -> None:
    tree("a.yaml")
    try:
        Path(os.fsdecode(b"caf\xe9.yaml")).write_text(TEMPLATE)
    except OSError:
        pytest.skip("this file system has no such names")
    discovery = discover(["."])
    assert names(discovery) == ["a.yaml", "caf\ufffd.yaml"]
    assert discovery.files[1].path is not None and discovery.files[1].path.is_file()


class TestExclude:
    """Globs of the settings."""

    def test_globs_are_seen_from_the_folder_of_the_settings(self, tree: Tree) -> None:
        tree("app/a.yaml", "app/vendor/b.yaml", "vendor/c.yaml", "app/x.generated.yaml", "app/keep.generated.yaml")
        globs = ["/vendor/", "*.generated.yaml", "!keep.generated.yaml"]
        assert names(discover(["."], exclude=globs)) == ["app/a.yaml", "app/keep.generated.yaml", "app/vendor/b.yaml"]
        assert names(discover(["app"], exclude=globs)) == [
            "app/a.yaml", "app/keep.generated.yaml", "app/vendor/b.yaml",
        ]  # fmt: skip
        assert names(discover(["app"], exclude=globs, exclude_root=Path("app"))) == [
            "app/a.yaml", "app/keep.generated.yaml",
        ]  # fmt: skip

    def test_a_folder_that_is_excluded_can_be_named(self, tree: Tree) -> None:
        tree("vendor/a.yaml", "vendor/b/c.yaml", "d.yaml")
        assert names(discover(["."], exclude=["vendor/"])) == ["d.yaml"]
        assert names(discover(["vendor"], exclude=["vendor/"])) == ["vendor/a.yaml", "vendor/b/c.yaml"]


class TestGit:
    """What git ignores."""

    def test_patterns_of_every_folder_count(self, tree: Tree) -> None:
        tree(
            "a.yaml", "out/b.yaml", "sub/out/c.yaml", "sub/d.gen.yaml", "sub/keep.gen.yaml", "sub/deep/e.yaml",
            "sub/deep/top.yaml", "top.yaml", "private.yaml",
            texts={
                ".gitignore": "# made by the build\nout/\n*.gen.yaml\n/top.yaml\n",
                "sub/.gitignore": "!keep.gen.yaml\n/out\n",
                ".git/info/exclude": "private.yaml\n",
            },
        )  # fmt: skip
        whole = ["a.yaml", "sub/deep/e.yaml", "sub/deep/top.yaml", "sub/keep.gen.yaml"]
        assert found_in(".") == whole
        assert found_in("sub") == whole[1:]
        assert found_in("sub/deep") == whole[1:3]

    def test_a_folder_that_is_ignored_can_be_named_and_its_own_patterns_count(self, tree: Tree) -> None:
        tree(
            "cdk.out/App.template.json", "cdk.out/assembly/S.template.json", "cdk.out/no.json",
            texts={".gitignore": "cdk.out\n*.json\n", "cdk.out/.gitignore": "no.json\n", ".git/HEAD": ""},
        )  # fmt: skip
        assert found_in(".") == []
        assert found_in("cdk.out") == ["cdk.out/App.template.json", "cdk.out/assembly/S.template.json"]
        assert found_in("cdk.out/assembly") == ["cdk.out/assembly/S.template.json"]

    def test_without_a_repository_only_the_patterns_in_the_folder_count(self, tree: Tree) -> None:
        tree("sub/a.yaml", "sub/b.yaml", texts={".gitignore": "a.yaml\n", "sub/.gitignore": "b.yaml\n"})
        assert found_in("sub") == ["sub/a.yaml"]

    def test_a_repository_inside_of_another_has_its_own_patterns(self, tree: Tree) -> None:
        tree("a.yaml", "b.yaml", "lib/a.yaml", "lib/b.yaml", "lib/sub/a.yaml", "lib/sub/b.yaml", texts={
            ".git/HEAD": "", ".gitignore": "a.yaml\n",
            "lib/.git/HEAD": "", "lib/.gitignore": "b.yaml\n",
        })  # fmt: skip
        assert found_in(".") == ["b.yaml", "lib/a.yaml", "lib/sub/a.yaml"]
        assert found_in("lib/sub") == ["lib/sub/a.yaml"]

    def test_a_work_tree_has_the_excludes_of_its_repository(self, tree: Tree) -> None:
        tree("work/a.yaml", "work/b.yaml", texts={
            "work/.git": "gitdir: ../main/.git/worktrees/work\n",
            "main/.git/worktrees/work/commondir": "../..\n",
            "main/.git/info/exclude": "a.yaml\n",
        })  # fmt: skip
        assert found_in("work") == ["work/b.yaml"]

    def test_lines_that_are_no_pattern_and_files_that_are_no_text_are_passed_over(self, tree: Tree) -> None:
        tree("a.yaml", "b.yaml", "c/d.yaml", texts={".gitignore": b"[z-a].yaml\n!\n\xff\xfe\nb.yaml\n"})
        Path("c/.gitignore").mkdir()
        assert found_in(".") == ["a.yaml", "c/d.yaml"]

    @pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
    @pytest.mark.usefixtures("tree")
    def test_the_same_files_as_git_takes(self) -> None:
        """Random trees and patterns; `git ls-files` says what is not ignored."""
        for seed in range(40):
            chance = random.Random(seed)
            root = Path(f"tree-{seed}")
            _grow(chance, root)
            git(root, "init", "--quiet")
            (root / ".git/info").mkdir(exist_ok=True)
            (root / ".git/info/exclude").write_text(_some_patterns(chance))
            listed = git(root, "ls-files", "--others", "--exclude-standard", "-z").split("\0")
            expected = sorted(name for name in listed if name.endswith(".yaml"))
            assert sorted(found_in(str(root))) == [f"{root}/{name}" for name in expected], f"seed {seed}"
            folder = chance.choice([path for path in root.rglob("*") if path.is_dir() and ".git" not in path.parts])
            below = folder.relative_to(root).as_posix()
            if any(name.startswith(f"{below}/") for name in expected):
                part = [f"{root}/{name}" for name in expected if name.startswith(f"{below}/")]
                assert sorted(found_in(str(folder))) == part, f"seed {seed}"

    @pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
    @pytest.mark.usefixtures("tree")
    @pytest.mark.parametrize("seed", range(4))
    def test_patterns_match_what_they_match_in_git(self, seed: int) -> None:
        """Random patterns of all the language has; `git check-ignore` says what each matches."""
        git(Path(), "init", "--quiet")
        chance = random.Random(seed)
        for _ in range(50):
            pattern = "".join(chance.choice(_PIECES) for _ in range(chance.randint(1, 6)))
            if re.search(r"[^/*]\*\*", pattern):
                continue  # against its manual, git takes the stars of `a**/b` for more than one
            Path(".gitignore").write_bytes(f"{pattern}\n".encode())
            told = git(Path(), "check-ignore", "--no-index", "--stdin", "-z", given="\0".join(_NAMES)).split("\0")
            rules = patterns_of([pattern])
            assert [name for name in _NAMES if ignored_with_parents(rules, name)] == told[:-1], pattern


def git(folder: Path, *arguments: str, given: str | None = None) -> str:
    """What git prints, without the settings of this machine."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(Path.cwd()), "GIT_CONFIG_NOSYSTEM": "1"}
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(command, input=given, check=False, capture_output=True, text=True, env=environment)
    assert not done.stderr
    return done.stdout


_PIECES = (
    "a", "b", "ab", "/", "/", "*", "*", "?", "**", "**/", "/**", "[ab]", "[!a]", "[^a]", "[a-c]", "[b-a]", "[]a]",
    "[]-a]", "[a",
    "[[:alpha:]]", "[![:digit:]-]", "[[:wrong:]]", r"[\]]", r"[\a-\c]", "[a-]", "\\", r"\*", r"\ ", " ", "!",
    "#", ".", "]", "-", "+", "(", "$", "\t",
)  # fmt: skip
_NAMES = (
    "a", "b", "ab", "c", "A", "a/b", "b/a", "a/a/b", "a/b/c/ab", "b/ab/a", "ab/c", ".a", "a.b", "a b", "a ", "*", "]",
    "[a", "-", "!", "#", "\\", "+", "(", "$", "1", "a1", "1/b", "a-", "!a", "#a", "a/*/b", "c/a b/]", "a\tb",
)  # fmt: skip
_STEPS = ("a", "b", "ab", "out")
_PATTERNS = (
    "a", "b/", "/a", "/b/", "*.yaml", "!a.yaml", "!b.yaml", "a*", "!ab", "!ab/", "out", "!/out/", "a/b", "/a/*",
    "!/a/b", "**/b", "a/**", "!a/**/b.yaml", "**/out/*.yaml", "*b*", "[ab].yaml", "![a].yaml", "?.yaml", "#a", r"\!a",
    "a.yaml ", "", "*", "!*/",
)  # fmt: skip


def _grow(chance: random.Random, root: Path) -> None:
    for _ in range(14):
        folder = root.joinpath(*(chance.choice(_STEPS) for _ in range(chance.randint(0, 3))))
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{chance.choice(_STEPS)}.yaml").write_text(TEMPLATE)
    for folder in [root, *(path for path in root.rglob("*") if path.is_dir())]:
        if chance.random() < 0.4:
            (folder / ".gitignore").write_text(_some_patterns(chance))


def _some_patterns(chance: random.Random) -> str:
    return "".join(f"{chance.choice(_PATTERNS)}\n" for _ in range(chance.randint(0, 3)))
