"""Where the shipped files are found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from stackwarden import assets


def test_the_installation_has_all_files_of_the_checkout() -> None:
    root = Path(__file__).parents[1]
    for found, name in ((assets.grammar_dir(), "grammar"), (assets.policies_dir(), "policies")):
        there = {path.relative_to(found): path.read_bytes() for path in found.rglob("*") if path.is_file()}
        assert there == {
            path.relative_to(root / name): path.read_bytes() for path in (root / name).rglob("*") if path.is_file()
        }
    assert (assets.schema_dir() / "resources").is_dir()


def _say(module: Path, call: str) -> subprocess.CompletedProcess[str]:
    script = f"from {module.stem} import *; print({call})"
    return subprocess.run([sys.executable, "-c", script], cwd=module.parent, capture_output=True, text=True)


def test_a_package_has_its_own(tmp_path: Path) -> None:
    module = tmp_path / "engine" / "pack" / "assets.py"
    (module.parent / "_grammar").mkdir(parents=True)
    shutil.copy(assets.__file__, module)
    (tmp_path / "grammar").mkdir()
    (tmp_path / "grammar" / "warden.lark").touch()
    assert _say(module, "grammar_dir()").stdout.strip() == str(tmp_path / "grammar")
    (module.parent / "_grammar" / "warden.lark").touch()
    assert _say(module, "grammar_dir()").stdout.strip() == str(module.parent / "_grammar")
    missing = _say(module, "policies_dir()")
    assert missing.returncode == 1
    assert "lacks its folder `policies`" in missing.stderr
