"""A SAM template that deploys the rule and the remediation of AWS Config, for the rules that one selects.

`checks` says which rules of AWS Config there are, `template` what is deployed, `files` what stands in the folder.
"""

from __future__ import annotations

from stackwarden.integrations.aws_config_export.checks import Check, Selected, select_checks
from stackwarden.integrations.aws_config_export.files import export_files
from stackwarden.integrations.aws_config_export.template import Options

__all__ = ["Check", "Options", "Selected", "export_files", "select_checks"]
