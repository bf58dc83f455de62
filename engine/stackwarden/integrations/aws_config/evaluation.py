"""What rules say of a configuration item, as one verdict for AWS Config, with the findings behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from stackwarden.graph.stack import Excerpt
from stackwarden.integrations.aws_config.errors import BadItem
from stackwarden.integrations.aws_config.items import ConfigurationItem
from stackwarden.integrations.aws_config.selection import Selection
from stackwarden.integrations.aws_config.translate import translate
from stackwarden.report.asff import finding_id
from stackwarden.run.excerpt import Judged, judge
from stackwarden.run.finding import Finding
from stackwarden.schema.registry import Registry
from stackwarden.source import Source

__all__ = ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "Evaluation", "evaluate", "not_applicable"]

COMPLIANT: Final = "COMPLIANT"
NON_COMPLIANT: Final = "NON_COMPLIANT"
NOT_APPLICABLE: Final = "NOT_APPLICABLE"
_LONGEST: Final = 256
"""Characters of an annotation, by the API reference of `Evaluation`."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The verdict on a resource. `time` is the ISO time of what was judged.

    `findings` say why, `undecided` are the ids of rules that the item does not decide, `stack` and `logical_id` tell
    where the resource comes from.
    """

    resource_type: str
    resource_id: str
    compliance: str
    annotation: str
    time: str
    findings: tuple[Finding, ...] = ()
    undecided: tuple[str, ...] = ()
    account: str = ""
    region: str = ""
    stack: str = ""

    def as_request(self) -> dict[str, object]:
        """The member of `Evaluations` in `PutEvaluations`."""
        request: dict[str, object] = {
            "ComplianceResourceType": self.resource_type,
            "ComplianceResourceId": self.resource_id,
            "ComplianceType": self.compliance,
            "OrderingTimestamp": self.time,
        }
        return {**request, "Annotation": self.annotation} if self.annotation else request

    def as_data(self) -> dict[str, object]:
        """The evaluation with its findings, for logs and for who calls the function by hand."""
        return {
            "resourceType": self.resource_type,
            "resourceId": self.resource_id,
            "compliance": self.compliance,
            "annotation": self.annotation,
            "findings": [
                {
                    "id": finding_id(self.account, self.region, self.stack, one.resource, one.rule.id),
                    "rule": one.rule.id,
                    "severity": one.severity.word,
                    "resource": one.resource,
                    "message": one.message,
                    "fingerprint": one.fingerprint,
                    "waived": one.waived.reason if one.waived is not None else None,
                }
                for one in self.findings
            ],
            "undecided": list(self.undecided),
        }


def evaluate(
    item: ConfigurationItem,
    selection: Selection,
    registry: Registry,
    *,
    time: str = "",
    related: Sequence[ConfigurationItem] = (),
) -> Evaluation:
    """The verdict on an item, with what those of related resources add. Raises BadItem for one that is no template."""
    time = time or item.captured
    if item.is_gone:
        return not_applicable(item, time)
    translated = translate(item, registry, related)
    rules = selection.rules(item.resource_type)
    if translated is None or not rules:
        return not_applicable(item, time, f"no rule of this check is about {item.resource_type}")
    source = Source(item.arn or f"{item.resource_type}/{item.resource_id}", translated.text)
    judged = judge(source, selection.session, Excerpt(translated.whole), rules=rules, given=_pseudo(item))
    if judged.problems:
        told = "; ".join(one.message() for one in judged.problems)
        raise BadItem(f"the item of {item.resource_type} {item.resource_id} cannot be judged: {told}")
    if related:
        judged = _own(judged, translated.logical_id)
    return _folded(item, selection, judged, time)


def _own(judged: Judged, logical_id: str) -> Judged:
    """What is said of the item itself, and not of a resource that is only there to decide it."""
    own = (
        one for one in judged.findings if one.resource in (logical_id, "") or one.resource.startswith(f"{logical_id}.")
    )
    return replace(judged, findings=tuple(own))


def not_applicable(item: ConfigurationItem, time: str, annotation: str = "") -> Evaluation:
    """The verdict that there is none: for a resource that is gone, or no rule is about."""
    return Evaluation(item.resource_type, item.resource_id, NOT_APPLICABLE, annotation[:_LONGEST], time)


def _pseudo(item: ConfigurationItem) -> dict[str, str]:
    partition = item.arn.split(":")[1] if item.arn.startswith("arn:") else ""
    told = {
        "AWS::AccountId": item.account,
        "AWS::Region": "" if item.region == "global" else item.region,
        "AWS::Partition": partition,
        "AWS::StackName": item.stack,
    }
    return {name: value for name, value in told.items() if value}


def _folded(item: ConfigurationItem, selection: Selection, judged: Judged, time: str) -> Evaluation:
    """One verdict of many: worst first. What is not decided counts where nothing else does, or as one asks for."""
    shown = [one for one in judged.findings if one.severity >= selection.min_severity]
    failing = [one for one in shown if one.verdict == "fail" and one.waived is None]
    waived = [one for one in shown if one.waived is not None]
    failing.sort(key=lambda one: (-one.severity, one.rule.id, one.message))
    failed = {one.rule.id for one in failing}
    open_rules = dict.fromkeys(one.rule.id for one in shown if one.verdict == "maybe" and one.waived is None)
    undecided = tuple(sorted(rule for rule in open_rules if rule not in failed))
    if failing or (undecided and selection.undecided == NON_COMPLIANT):
        compliance = NON_COMPLIANT
    elif judged.passed or waived:
        compliance = COMPLIANT
    else:
        compliance = NOT_APPLICABLE
    return Evaluation(
        resource_type=item.resource_type,
        resource_id=item.resource_id,
        compliance=compliance,
        annotation=_annotation(failing, undecided),
        time=time,
        findings=(*failing, *waived),
        undecided=undecided,
        account=item.account,
        region=item.region,
        stack=item.stack,
    )


def _annotation(failing: Sequence[Finding], undecided: Sequence[str]) -> str:
    """What fits of the findings, the gravest first, else which rules are not decided."""
    if not failing:
        return _fitted("the item does not decide", [*undecided], ", ") if undecided else ""
    told = dict.fromkeys(f"{one.rule.id}: {' '.join(one.message.split())}" for one in failing)
    return _fitted("", [*told], "; ")


def _fitted(head: str, parts: list[str], mark: str) -> str:
    """Parts joined as far as they fit, and how many are left out."""
    text = head
    for count, part in enumerate(parts):
        joint = "" if not text else " " if text == head else mark
        rest = len(parts) - count
        more = f"{mark}+{rest - 1} more" if rest > 1 else ""
        if len(text) + len(joint) + len(part) + len(more) > _LONGEST:
            if count == 0:
                return f"{text}{joint}{part}"[: _LONGEST - len(more) - 1] + "…" + more
            return f"{text}{mark}+{rest} more"
        text = f"{text}{joint}{part}"
    return text
