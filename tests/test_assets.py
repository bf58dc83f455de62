"""Where the shipped files are found."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from stackwarden import assets


def test_the_checkout_has_all_files() -> None:
    root = Path(__file__).parents[1]
    assert assets.grammar_dir() == root / "grammar"
    assert assets.policies_dir() == root / "policies"
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
