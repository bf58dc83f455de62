"""What protects an operation of an OpenAPI definition.

API Gateway takes from `security` one authorizer and perhaps an API key; entries of the list are not alternatives to it,
but an entry that asks for nothing lets everybody in. A scheme that says neither `x-amazon-apigateway-authtype` nor
`x-amazon-apigateway-authorizer` (plain OAuth 2.0, basic authentication) is documentation and protects nothing.

Source: API Gateway Developer Guide, *x-amazon-apigateway-auth*, *x-amazon-apigateway-authtype*,
*x-amazon-apigateway-authorizer*, *Specify a schema for an API key*.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from stackwarden.apis.documents import Document, Operation, follow
from stackwarden.apis.reading import elements, in_upper
from stackwarden.resolve.guards import FALSE, Guard
from stackwarden.resolve.questions import where_true
from stackwarden.resolve.reading import at, first_of
from stackwarden.resolve.values import (
    ABSENT,
    Absent,
    Item,
    Known,
    ListValue,
    MapValue,
    Plain,
    Text,
    Unknown,
    Value,
    bind,
    cases_of,
    fold_cases,
)

__all__ = ["Protection", "kind_of_authorizer", "protection_of", "scheme_authorization", "schemes_of"]

_KINDS: Final = {"TOKEN": "CUSTOM", "REQUEST": "CUSTOM", "COGNITO_USER_POOLS": "COGNITO_USER_POOLS", "JWT": "JWT"}
_AUTHTYPES: Final = {"AWSSIGV4": "AWS_IAM", "COGNITO_USER_POOLS": "COGNITO_USER_POOLS", "CUSTOM": "CUSTOM"}

FindAuthorizer = Callable[[Document, str], Value]


@dataclass(slots=True)
class Protection:
    """What a request has to bring along.

    `schemes` are the names that `security` lists, `ignored_schemes` those of them that protect nothing.
    """

    authorization: Value = field(default_factory=lambda: Known("NONE"))
    authorizer: Value = ABSENT
    scopes: Value = field(default_factory=lambda: ListValue(()))
    api_key_required: Value = field(default_factory=lambda: Known(False))
    schemes: Value = field(default_factory=lambda: ListValue(()))
    ignored_schemes: Value = field(default_factory=lambda: ListValue(()))
    security_from: Value = ABSENT


@dataclass(frozen=True, slots=True)
class _Requirement:
    """A scheme that is asked for under a guard, with what it comes to and the scopes that it has to bring."""

    guard: Guard
    name: str
    authorization: Value
    scopes: Value


def schemes_of(document: Document) -> Value:
    """The security schemes of a document by name: `components.securitySchemes`, or `securityDefinitions`."""
    return first_of(document.root, ("components", "securitySchemes"), ("securityDefinitions",))


def kind_of_authorizer(value: Value) -> Value:
    """The authorization that an authorizer of a type gives: CUSTOM for functions, else the type itself."""

    def one(plain: Plain) -> Value:
        return Known(_KINDS.get(plain.text, plain.text), plain.origin) if isinstance(plain, Known) else plain

    return bind(in_upper(value), one)


def scheme_authorization(scheme: Value) -> Value:
    """What a security scheme comes to: an authorization, `API_KEY`, or `NONE` where API Gateway passes it over."""

    def one(plain: Plain) -> Value:
        match plain:
            case MapValue():
                return _scheme(plain)
            case Unknown() | Text():
                return Unknown("the security scheme is not known", plain.origin)
            case _:
                return Known("NONE", plain.origin)

    return bind(scheme, one)


def _scheme(scheme: MapValue) -> Value:
    authorizer = at(scheme, "x-amazon-apigateway-authorizer")

    def of_type(plain: Plain) -> Value:
        if not isinstance(plain, Absent):
            return kind_of_authorizer(plain)
        return bind(in_upper(scheme.get("x-amazon-apigateway-authtype")), lambda word: _of_authtype(scheme, word))

    return bind(at(authorizer, "type"), of_type)


def _of_authtype(scheme: MapValue, word: Plain) -> Value:
    match word:
        case Known():
            return Known(_AUTHTYPES.get(word.text, "CUSTOM"), word.origin)
        case Absent():
            return bind(in_upper(scheme.get("type")), lambda kind: _plain_scheme(scheme, kind))
        case _:
            return Unknown("the security scheme is not known", word.origin)


def _plain_scheme(scheme: MapValue, kind: Plain) -> Value:
    """A scheme of OpenAPI alone: an API key in the header that API Gateway reads, or nothing."""
    if isinstance(kind, Unknown | Text):
        return Unknown("the security scheme is not known", kind.origin)
    if not isinstance(kind, Known) or kind.text != "APIKEY":
        return Known("NONE", scheme.origin)

    def named(name: Plain) -> Value:
        is_key = isinstance(name, Known) and name.text.lower() == "x-api-key"
        return Known("API_KEY" if is_key else "NONE", scheme.origin)

    return bind(scheme.get("name"), named)


def protection_of(operation: Operation, find: FindAuthorizer) -> Protection:
    """What protects an operation. `find` gives the record of the authorizer that a scheme declares."""
    document = operation.document
    own = operation.node.get("security")
    security = bind(own, lambda plain: document.root.get("security") if isinstance(plain, Absent) else plain)
    requirements, is_open, unknown = _requirements(document, security)
    origin = next((plain.origin for _, plain in cases_of(own) if not isinstance(plain, Absent)), operation.node.origin)
    nothing = Known("NONE", origin)
    made = Protection(security_from=_where(own, document))
    made.schemes = _names(requirements, unknown)
    made.ignored_schemes = _ignored(requirements, unknown)
    key = FALSE
    remaining: Guard = ~is_open
    kinds: list[tuple[Guard, Value]] = [(is_open, nothing)]
    authorizers: list[tuple[Guard, Value]] = [(is_open, ABSENT)]
    scopes: list[tuple[Guard, Value]] = [(is_open, ListValue(()))]
    for one in requirements:
        for guard, plain in cases_of(one.authorization):
            there = remaining & one.guard & guard
            if isinstance(plain, Known) and plain.text == "API_KEY":
                key = key | (one.guard & guard)
            elif there is not FALSE and not (isinstance(plain, Known) and plain.text == "NONE"):
                kinds.append((there, plain))
                authorizers.append((there, find(document, one.name)))
                scopes.append((there, one.scopes))
                remaining = remaining & ~there
    hidden = Unknown("the security of the operation is not known", origin)
    kinds += [(remaining & unknown, hidden), (remaining & ~unknown, nothing)]
    authorizers += [(remaining & unknown, hidden), (remaining & ~unknown, ABSENT)]
    scopes += [(remaining & unknown, ListValue((), open=True)), (remaining & ~unknown, ListValue(()))]
    made.authorization, made.authorizer, made.scopes = (fold_cases(one) for one in (kinds, authorizers, scopes))
    made.api_key_required = fold_cases(
        ((key, Known(True)), (~key & unknown, hidden), (~key & ~unknown, Known(False, operation.node.origin)))
    )
    _by_extension(made, operation)
    return made


def _by_extension(made: Protection, operation: Operation) -> None:
    """`x-amazon-apigateway-auth` says the type outright; it is how signed requests are asked for."""
    security = made.authorization

    def one(plain: Plain) -> Value:
        return security if isinstance(plain, Absent) or (isinstance(plain, Known) and plain.text == "NONE") else plain

    made.authorization = bind(in_upper(at(operation.node, "x-amazon-apigateway-auth", "type")), one)


def _requirements(document: Document, security: Value) -> tuple[list[_Requirement], Guard, Guard]:
    """What `security` asks for, where one of its entries asks for nothing, and where it is not known."""
    schemes = schemes_of(document)
    found: list[_Requirement] = []
    is_open: Guard = FALSE
    entries, unknown = elements(security)
    for guard, entry in entries:
        match entry:
            case MapValue():
                names = entry.names()
                if not names and not entry.open:
                    is_open = is_open | guard
                for name in names:
                    found.append(_Requirement(guard, name, _authorization(document, schemes, name), entry.get(name)))
            case Unknown() | Text():
                unknown = unknown | guard
            case _:
                pass
    return found, is_open, unknown


def _authorization(document: Document, schemes: Value, name: str) -> Value:
    """What a scheme of a document comes to; worked out once for all the operations that ask for it."""
    known = document.authorizations.get(name)
    if known is None:
        known = scheme_authorization(follow(document, at(schemes, name)))
        document.authorizations[name] = known
    return known


def _names(requirements: list[_Requirement], unknown: Guard) -> ListValue:
    items = tuple(Item(Known(one.name), one.guard) for one in requirements)
    return ListValue(items, open=unknown is not FALSE)


def _ignored(requirements: list[_Requirement], unknown: Guard) -> ListValue:
    items: list[Item] = []
    for one in requirements:
        ignored = where_true(one.authorization, lambda plain: isinstance(plain, Known) and plain.text == "NONE")
        if (one.guard & ignored) is not FALSE:
            items.append(Item(Known(one.name), one.guard & ignored))
    return ListValue(tuple(items), open=unknown is not FALSE)


def _where(own: Value, document: Document) -> Value:
    whole = document.root.get("security")

    def of_document(plain: Plain) -> Value:
        return Absent(plain.origin) if isinstance(plain, Absent) else Known("document", plain.origin)

    def of_operation(plain: Plain) -> Value:
        return bind(whole, of_document) if isinstance(plain, Absent) else Known("operation", plain.origin)

    return bind(own, of_operation)
