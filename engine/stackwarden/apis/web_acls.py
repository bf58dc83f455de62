"""Which web ACLs stand before a resource.

Sources: CloudFormation Template Reference, `AWS::WAFv2::WebACLAssociation`, `AWS::WAFRegional::WebACLAssociation`.
"""

from __future__ import annotations

from typing import Final

from stackwarden.graph.references import refers
from stackwarden.graph.stack import Stack
from stackwarden.resolve.guards import FALSE
from stackwarden.resolve.reading import at
from stackwarden.resolve.values import Item, ListValue, ResourceValue

__all__ = ["ASSOCIATIONS", "web_acls_of"]

ASSOCIATIONS: Final = ("AWS::WAFv2::WebACLAssociation", "AWS::WAFRegional::WebACLAssociation")


def web_acls_of(stack: Stack, resource: ResourceValue) -> ListValue:
    """The web ACLs that associations of the template put before a resource, as their ARNs or ids are written."""
    items: list[Item] = []
    is_open = stack.unseen(ASSOCIATIONS) is not FALSE
    for link in stack.resources(ASSOCIATIONS):
        claim = refers(stack, at(link, "ResourceArn"), resource)
        there = link.guard & claim.true
        if there is not FALSE:
            name = "WebACLArn" if "WAFv2" in link.resource.resource_type else "WebACLId"
            items.append(Item(at(link, name), there))
        is_open = is_open or (link.guard & claim.unknown) is not FALSE
    return ListValue(tuple(items), open=is_open)
