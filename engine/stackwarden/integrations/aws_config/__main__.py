"""What an item says, without AWS: `python -m stackwarden.integrations.aws_config ITEM.json [PARAMETER=VALUE …]`.

The file is a configuration item as `aws configservice get-resource-config-history` or an event has it; the parameters
are those of the rule. Prints the template that the item becomes, then the evaluation. Exit code 2: something is wrong.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from stackwarden.integrations.aws_config.errors import BadItem, BadSetup
from stackwarden.integrations.aws_config.evaluation import evaluate
from stackwarden.integrations.aws_config.items import ConfigurationItem
from stackwarden.integrations.aws_config.selection import select
from stackwarden.integrations.aws_config.translate import translate
from stackwarden.schema.registry import Registry


def main(arguments: list[str]) -> int:
    """Judges the item in a file; gives the exit code."""
    if not arguments or not all("=" in one for one in arguments[1:]):
        sys.stderr.write("usage: python -m stackwarden.integrations.aws_config ITEM.json [PARAMETER=VALUE ...]\n")
        return 2
    try:
        data = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        listed = data.get("configurationItems") if isinstance(data, dict) else None
        item = ConfigurationItem.read(listed[0] if listed else data)
        selection = select({name: value for name, _, value in (one.partition("=") for one in arguments[1:])})
        registry = Registry()
        made, verdict = translate(item, registry), evaluate(item, selection, registry)
    except (OSError, ValueError, BadItem, BadSetup) as error:
        sys.stderr.write(f"stackwarden: {error}\n")
        return 2
    sys.stdout.write(f"{made.text if made is not None else '{}'}\n{json.dumps(verdict.as_data(), indent=1)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
