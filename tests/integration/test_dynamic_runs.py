"""The commands of the page about dynamic tests as written there, on a local server that does what the template declares
and on one that does not: newman and Schemathesis pass on the one and fail on the other.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import pytest

from integration.api_server import GOOD, Behaviour, serve
from integration.checkout import ROOT

_PAGE = ROOT / "docs" / "integrations" / "dynamic-tests.md"
_BASE = "https://test.example.com"
_APIS = ("Orders", "Site", "HandlerUrl")


def _commands() -> list[str]:
    """The commands in the page's blocks of `sh`, which have to run here."""
    blocks = _PAGE.read_text(encoding="utf-8").split("```sh\n")[1:]
    return [line for block in blocks for line in block.partition("```")[0].splitlines() if line]


def _command(start: str) -> str:
    (found,) = (line for line in _commands() if line.startswith(start))
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the template, in which the page's commands of stackwarden ran."""
    made = tmp_path_factory.mktemp("dynamic")
    shutil.copy(ROOT / "fixtures" / "orders-api.yaml", made)
    shutil.copy(Path(__file__).parent / "zap" / "report.json", made / "zap-report.json")
    for line in _commands():
        if line.startswith("stackwarden "):
            done = _run(made, line, {})
            assert done.returncode == 0, (line, done.stderr)
    return made


def _run(folder: Path, line: str, replaced: dict[str, str], **variables: str) -> subprocess.CompletedProcess[str]:
    """A command of the page, with some of its texts replaced."""
    program, *arguments = shlex.split(os.path.expandvars(line) if not variables else _with(line, variables))
    for old, new in replaced.items():
        arguments = [argument.replace(old, new) for argument in arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "engine"), "NO_COLOR": "1"}
    called = [sys.executable, "-c", _MAIN] if program == "stackwarden" else [program]
    return subprocess.run(
        [*called, *arguments], cwd=folder, env=environment, capture_output=True, text=True, timeout=120, check=False
    )


_MAIN = "import sys; sys.argv[0] = 'stackwarden'; from stackwarden.cli.app import main; main()"


def _with(line: str, variables: dict[str, str]) -> str:
    for name, value in variables.items():
        line = line.replace(f"${name}", value)
    return line


@pytest.fixture(scope="module")
def newman(tmp_path_factory: pytest.TempPathFactory) -> str:
    """newman, from the system or from npm."""
    found = shutil.which("newman")
    if found is not None:
        return found
    npm = shutil.which("npm")
    if npm is None:
        pytest.skip("there is neither newman nor npm to install it with")
    home = tmp_path_factory.mktemp("newman")
    command = [npm, "install", "--prefix", str(home), "--no-audit", "--no-fund", "--no-update-notifier", "newman@6"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode != 0:
        pytest.skip(f"npm cannot install newman: {done.stderr[-300:]}")
    return str(home / "node_modules" / ".bin" / "newman")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate that nobody knows, with its key, in one file."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("there is no openssl to make a certificate with")
    file = tmp_path_factory.mktemp("tls") / "server.pem"
    key, certificate = file.with_suffix(".key"), file.with_suffix(".crt")
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=127.0.0.1"]
    command = [openssl, "req", *kind, "-keyout", str(key), "-out", str(certificate), "-days", "2"]
    subprocess.run(command, check=True, capture_output=True)
    file.write_bytes(key.read_bytes() + certificate.read_bytes())
    return file


def _behaviour(folder: Path) -> Behaviour:
    """A server that does what the exported documents declare."""
    documents = {
        f"/{name}": json.loads((folder / "apis" / f"{name}.openapi.json").read_text(encoding="utf-8")) for name in _APIS
    }
    return Behaviour(documents, {"/Site": "https://shop.example.com"})


def _newman(folder: Path, newman: str, url: str, *more: str) -> tuple[int, dict[str, list[str]], str]:
    """Newman's exit code, the requests that failed each assertion, and what it printed."""
    line = _command("newman run")
    done = _run(folder, " ".join([newman, *line.split(" ")[1:], "--insecure", *more]), {_BASE: url})
    failed: dict[str, list[str]] = {}
    for suite in ET.parse(folder / "newman.xml").getroot():
        for case in suite.iter("testcase"):
            if case.find("failure") is not None:
                failed.setdefault(case.get("name", ""), []).append(suite.get("name", ""))
    return done.returncode, failed, done.stdout + done.stderr


def test_newman_passes_where_the_server_does_what_is_declared(folder: Path, newman: str, certificate: Path) -> None:
    behaviour = _behaviour(folder)
    behaviour.burst = 10
    with serve(behaviour, certificate) as url, serve(Behaviour({}, moved_to=url)) as plain:
        code, failed, printed = _newman(folder, newman, url, "--env-var", f"plainUrl={plain}")
    assert (code, failed) == (0, {}), printed
    asked = {line.partition("?")[0] for line in behaviour.seen}
    assert {"DELETE /Orders/orders/stackwarden", "PATCH /Orders/files/stackwarden", "OPTIONS /Site/cart"} <= asked


def test_newman_fails_for_each_thing_that_is_broken(folder: Path, newman: str) -> None:
    behaviour = _behaviour(folder)
    behaviour.checks_credentials, behaviour.lets_any_origin, behaviour.keeps_strangers_out = False, True, True
    with serve(behaviour) as url:
        code, failed, printed = _newman(folder, newman, url, "--env-var", f"plainUrl={url}/Orders/orders")
    assert code == 1, printed
    without = failed["refuses a call without credentials"]
    assert len(without) == len(failed["refuses a call with bad credentials"]) == 17
    assert any("POST /cart" in name for name in without)
    assert [name.rpartition(" / ")[2] for name in failed["keeps pages of other origins out"]] == [
        "preflight of any path from elsewhere"
    ]
    assert len(failed["answers over TLS"]) == len(failed["answers nothing in plain text"]) == 3
    assert len(failed["lets everybody in"]) == 2
    assert any(name.startswith("throttles") for name in failed), failed.keys()


@pytest.fixture
def schemathesis() -> Iterator[str]:
    found = Path(sys.executable).with_name("schemathesis")
    if not found.is_file():
        pytest.skip("there is no Schemathesis")
    yield str(found)


@pytest.mark.parametrize("checks_credentials", [True, False])
def test_schemathesis_tells_a_server_that_checks_from_one_that_does_not(
    folder: Path, schemathesis: str, checks_credentials: bool
) -> None:
    line = _command("schemathesis run").replace("schemathesis", schemathesis, 1)
    behaviour = _behaviour(folder)
    behaviour.checks_credentials = checks_credentials
    with serve(behaviour) as url:
        done = _run(folder, f"{line} --phases fuzzing --seed 1 --no-color", {_BASE: url}, TOKEN=GOOD)
    assert done.returncode == (0 if checks_credentials else 1), done.stdout + done.stderr
    assert "Tested: 12" in done.stdout
    assert ("API accepts requests without authentication" in done.stdout) is not checks_credentials
