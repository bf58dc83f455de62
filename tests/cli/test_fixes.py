"""`scan --fix`: files are mended or a patch is shown that git applies."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from cli.test_commands import run
from integration.checkout import GIT_ENVIRONMENT

_TEXT = """\
Resources:
  Open:
    Type: AWS::Lambda::Url   # the way in
    Properties:
      TargetFunctionArn: f
      AuthType: NONE"""
_FIXED = _TEXT.replace("NONE", "AWS_IAM")


def _arguments(*more: str) -> tuple[str, ...]:
    return ("scan", "app.yaml", "--no-config", "--rule", "lambda-url-auth-none", *more)


def test_a_file_is_fixed_in_place_and_then_scanned(tmp_path: Path) -> None:
    file = tmp_path / "app.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + _TEXT.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    done = run(tmp_path, *_arguments("--fix"))
    assert done.returncode == 0, done.stderr
    assert "fixed 1 finding in 1 file" in done.stderr
    assert "no findings" in done.stdout
    assert file.read_bytes() == b"\xef\xbb\xbf" + _FIXED.replace("\n", "\r\n").encode()
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in tmp_path.iterdir()] == ["app.yaml"]


def test_a_dry_run_prints_a_patch_that_git_applies(tmp_path: Path) -> None:
    file = tmp_path / "app.yaml"
    file.write_text(_TEXT, encoding="utf-8")
    done = run(tmp_path, *_arguments("--fix", "--dry-run"))
    assert done.returncode == 1
    assert "would fix 1 finding in 1 file" in done.stderr
    assert file.read_text(encoding="utf-8") == _TEXT
    subprocess.run(
        ["git", "apply", "-"], input=done.stdout, cwd=tmp_path, env=GIT_ENVIRONMENT, check=True, encoding="utf-8"
    )
    assert file.read_text(encoding="utf-8") == _FIXED
    again = run(tmp_path, *_arguments("--fix", "--dry-run"))
    assert (again.returncode, again.stdout) == (0, "")


def test_json_tells_the_fix_on_request(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(_TEXT, encoding="utf-8")
    silent, told = (
        json.loads(run(tmp_path, *_arguments("-f", "json", *more)).stdout)["findings"][0]["fix"]
        for more in ((), ("--offer-fixes",))
    )
    assert silent is None
    assert told == {"edits": [{"start": [6, 17], "end": [6, 21], "text": "AWS_IAM"}]}


def test_wrong_calls(tmp_path: Path) -> None:
    (tmp_path / "app.yaml").write_text(_TEXT, encoding="utf-8")
    assert "--dry-run is for --fix" in run(tmp_path, *_arguments("--dry-run")).stderr
    done = run(tmp_path, "scan", "-", "--fix", "--no-config")
    assert (done.returncode, "not standard input" in done.stderr) == (2, True)
