"""How long a command takes from the shell, beside what nobody can save: Python itself and its libraries.

Run it with the project installed, or with `PYTHONPATH=engine`. It prints the median of several runs in milliseconds;
the first run of each, which compiles bytecode and policies, is not counted.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

_MAIN = "import sys; sys.argv[0] = 'stackwarden'; from stackwarden.cli.app import main; main()"
_TEMPLATE = Path(__file__).parents[2] / "fixtures" / "insecure-api.yaml"


def measure(arguments: Sequence[str], runs: int, cache: Path) -> float:
    """The median time of a command in milliseconds; it must end with exit code 0 or 1 (findings)."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"STACKWARDEN_CACHE": str(cache), "PYTHONPYCACHEPREFIX": str(cache / "bytecode")}
    times: list[float] = []
    for _ in range(runs + 1):
        started = time.perf_counter()
        done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=False)
        times.append((time.perf_counter() - started) * 1000)
        if done.returncode not in (0, 1):
            raise SystemExit(done.stderr.decode(errors="replace"))
    return statistics.median(times[1:])


def main() -> None:
    """Prints a table of commands and their times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10, help="runs that count for each command")
    parser.add_argument("--template", default=str(_TEMPLATE), help="the template to scan")
    options = parser.parse_args()
    commands = (
        ("python -c pass", ("-c", "pass")),
        ("import typer, rich, yaml", ("-c", "import typer, rich, yaml")),
        ("stackwarden --version", ("-c", _MAIN, "--version")),
        ("stackwarden scan", ("-c", _MAIN, "scan", options.template, "--no-config")),
        ("stackwarden scan -f json", ("-c", _MAIN, "scan", options.template, "--no-config", "-f", "json")),
    )
    with tempfile.TemporaryDirectory() as folder:
        for name, arguments in commands:
            sys.stdout.write(f"{name:28}{measure(arguments, options.runs, Path(folder)):7.0f} ms\n")


if __name__ == "__main__":
    main()
