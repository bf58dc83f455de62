"""Module `api`: routes, authorizers, validators and stages of APIs, however they are written."""

from __future__ import annotations

from typing import Final

from stackwarden.apis import (
    authorizers,
    backends,
    cors,
    definitions,
    domains,
    endpoints,
    gateway_responses,
    integrations,
    log_formats,
    requests,
    rest_paths,
    routes,
    settings,
    shapes,
    stages,
    validators,
)
from stackwarden.apis.documents import HTTP_API, REST_API
from stackwarden.graph.stack import Stack
from stackwarden.language.builtins._record import (
    Arguments,
    Collection,
    Function,
    Predicate,
    RecordKind,
    predicate,
)
from stackwarden.language.types import (
    ANY,
    BOOLEAN,
    NUMBER,
    STRING,
    STRINGS,
    ListType,
    RecordType,
    ResourceType,
    StringType,
    Type,
)
from stackwarden.resolve.values import Value

__all__ = ["BUILTINS", "COLLECTIONS", "RECORDS"]

_ROUTE: Final = RecordType(shapes.ROUTE)
_AUTHORIZER: Final = RecordType(authorizers.AUTHORIZER)
_VALIDATOR: Final = RecordType(validators.VALIDATOR)
_INTEGRATION: Final = RecordType(integrations.INTEGRATION)
_STAGE: Final = RecordType(stages.STAGE)
_SETTING: Final = RecordType(settings.SETTING)
_DOMAIN: Final = RecordType(domains.DOMAIN)
_MAPPING: Final = RecordType(domains.MAPPING)
_GATEWAY: Final = ResourceType((REST_API, HTTP_API))
_API: Final = ResourceType(
    (
        REST_API,
        HTTP_API,
        "AWS::AppSync::GraphQLApi",
        "AWS::Lambda::Url",
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
    )
)
_RESOURCE: Final = ResourceType(())
_FUNCTION: Final = ResourceType(("AWS::Lambda::Function",))


def _rest_path(stack: Stack, arguments: Arguments) -> Value:
    """The path of a REST API's resource, from the `ResourceId` of a method: `/`, `/orders/{id}`."""
    return rest_paths.path_of(stack, arguments[0])


def _routes_of(stack: Stack, arguments: Arguments) -> Value:
    """The routes of an API, or of the API that a record of this module (an authorizer, a stage, …) belongs to."""
    return routes.routes_of(stack, arguments[0])


def _routes_with(stack: Stack, arguments: Arguments) -> Value:
    """The routes that an authorizer protects."""
    return routes.routes_with(stack, arguments[0])


def _api_of(stack: Stack, arguments: Arguments) -> Value:
    """What is said of the API that a resource is, or that a record of this module belongs to; absent for APIs of other
    stacks and for what is not of API Gateway."""
    return definitions.api_behind(stack, arguments[0])


def _log_variables(stack: Stack, arguments: Arguments) -> Value:
    """The variables of an access log's format, without `$context.`: `requestId`, `identity.sourceIp`."""
    return log_formats.variables_of(stack, arguments[0])


BUILTINS: Final[tuple[Function | Predicate, ...]] = (
    Function("api.rest_path", (("resource_id", STRING),), STRING, _rest_path, _rest_path.__doc__ or ""),
    Function("api.api_of", (("thing", ANY),), RecordType(definitions.API), _api_of, _api_of.__doc__ or ""),
    Function("api.routes_of", (("thing", ANY),), ListType(_ROUTE), _routes_of, _routes_of.__doc__ or ""),
    Function(
        "api.routes_with", (("authorizer", _AUTHORIZER),), ListType(_ROUTE), _routes_with, _routes_with.__doc__ or ""
    ),
    Function("api.log_variables", (("format", STRING),), STRINGS, _log_variables, _log_variables.__doc__ or ""),
    predicate("api.is_json_log", (("format", STRING),), log_formats.is_json),
)

COLLECTIONS: Final = (
    Collection(
        "api.routes",
        _ROUTE,
        routes.routes,
        routes.ROUTE_SOURCES,
        "Routes of REST, HTTP and WebSocket APIs, as resources, as SAM events or in an OpenAPI definition; "
        "`POST /graphql` of each GraphQL API, `ANY /` of each function URL, rules of load balancers.",
    ),
    Collection(
        "api.integrations",
        _INTEGRATION,
        backends.integrations,
        backends.INTEGRATION_SOURCES,
        "Integrations of REST, HTTP and WebSocket APIs, those included that no route of the template leads to.",
    ),
    Collection(
        "api.authorizers",
        _AUTHORIZER,
        authorizers.authorizers,
        (*authorizers.AUTHORIZER_TYPES, REST_API, HTTP_API, authorizers.GRAPHQL_API),
        "Authorizers of REST, HTTP and WebSocket APIs, as resources or as security schemes of a definition; functions "
        "that GraphQL APIs ask.",
    ),
    Collection(
        "api.validators",
        _VALIDATOR,
        validators.validators,
        (validators.VALIDATOR_TYPE, REST_API),
        "Request validators of REST APIs, as resources or in a definition.",
    ),
    Collection(
        "api.stages",
        _STAGE,
        stages.stages,
        stages.STAGE_TYPES,
        "Stages of REST, HTTP and WebSocket APIs, those included that a deployment or quick create makes.",
    ),
    Collection(
        "api.apis",
        RecordType(definitions.API),
        definitions.apis,
        definitions.API_TYPES,
        "REST, HTTP and WebSocket APIs with what their resources and their definitions say of the whole API.",
    ),
    Collection(
        "api.cors",
        RecordType(cors.CORS),
        cors.cors,
        cors.CORS_SOURCES,
        "What APIs, methods, gateway responses and function URLs let the pages of other origins do.",
    ),
    Collection(
        "api.gateway_responses",
        RecordType(gateway_responses.RESPONSE),
        gateway_responses.gateway_responses,
        (gateway_responses.RESPONSE_TYPE, REST_API),
        "What API Gateway itself answers, as resources or in a definition.",
    ),
    Collection(
        "api.domains",
        _DOMAIN,
        domains.domains,
        domains.DOMAIN_TYPES,
        "Custom domain names of REST, HTTP, WebSocket and GraphQL APIs.",
    ),
    Collection(
        "api.mappings",
        _MAPPING,
        domains.mappings,
        domains.MAPPING_TYPES,
        "Which API and stage a custom domain name leads to.",
    ),
    Collection(
        "api.endpoints",
        RecordType(endpoints.ENDPOINT),
        endpoints.endpoints,
        endpoints.ENDPOINT_SOURCES,
        "Ways in: REST, HTTP, WebSocket, GraphQL and event APIs, function URLs, load balancers and distributions.",
    ),
    Collection(
        "api.public_endpoints",
        RecordType(endpoints.ENDPOINT),
        endpoints.public_endpoints,
        endpoints.ENDPOINT_SOURCES,
        "The endpoints that the internet certainly reaches.",
    ),
)


def _fields(names: tuple[str, ...], **kinds: Type) -> tuple[tuple[str, Type], ...]:
    """The fields of a record by name; those without a type of their own are strings."""
    return tuple((name, kinds.get(name, STRING)) for name in names)


_KINDS: Final = StringType(frozenset({"rest", "http", "websocket", "graphql", "function-url", "load-balancer"}))
_PROTECTIONS: Final = StringType(
    frozenset(
        {"NONE", "AWS_IAM", "CUSTOM", "COGNITO_USER_POOLS", "JWT", "API_KEY", "OPENID_CONNECT"},
    )
)

RECORDS: Final = (
    RecordKind(
        shapes.ROUTE,
        _fields(
            shapes.ROUTE_FIELDS,
            is_known=BOOLEAN,
            kind=_KINDS,
            api=_API,
            authorization=_PROTECTIONS,
            authorizer=_AUTHORIZER,
            schemes=STRINGS,
            scopes=STRINGS,
            api_key_required=BOOLEAN,
            request_validator=_VALIDATOR,
            ignored_schemes=STRINGS,
            parameters=ListType(RecordType(requests.PARAMETER)),
            bodies=ListType(RecordType(requests.BODY)),
            schemas=ListType(ANY),
            integration=_INTEGRATION,
            is_preflight=BOOLEAN,
            owner=ResourceType(routes.ROUTE_SOURCES),
        ),
        "A route of an API. `name` is method and path (`GET /orders`) or the route key (`$connect`); `authorization` "
        "is what a caller has to have, whatever the form calls it; `ignored_schemes` are the security schemes that are "
        "asked for and protect nothing; `schemas` are those of its `bodies`. `api` is absent for APIs of "
        "other stacks. "
        "Where a definition cannot be read, one route with `is_known` false stands for all that it may have.",
    ),
    RecordKind(
        requests.PARAMETER,
        _fields(
            requests.PARAMETER_FIELDS,
            place=StringType(frozenset({"query", "header", "path", "cookie"})),
            required=BOOLEAN,
            schema=ANY,
        ),
        "A parameter that a route of a REST API takes.",
    ),
    RecordKind(
        requests.BODY,
        _fields(requests.BODY_FIELDS, schema=ANY),
        "A body that a route of a REST API takes, and the schema that it is checked against.",
    ),
    RecordKind(
        integrations.INTEGRATION,
        _fields(
            integrations.INTEGRATION_FIELDS,
            timeout_ms=NUMBER,
            request_templates=ANY,
            request_parameters=ANY,
            responses=ANY,
            cache_keys=STRINGS,
            skips_verification=BOOLEAN,
            targets=ListType(_RESOURCE),
            api=_GATEWAY,
            owner=_RESOURCE,
        ),
        "What a route leads to. Words are in capitals (`AWS_PROXY`, `VPC_LINK`, `MOCK`); `service` is the AWS service "
        "that is called (`sqs`), `connection` the VPC link, `targets` the resources that `uri` names.",
    ),
    RecordKind(
        authorizers.AUTHORIZER,
        _fields(
            authorizers.AUTHORIZER_FIELDS,
            kind=StringType(frozenset({"TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT", "LAMBDA"})),
            api=ResourceType((REST_API, HTTP_API, authorizers.GRAPHQL_API)),
            ttl=NUMBER,
            identity_sources=STRINGS,
            user_pools=STRINGS,
            audience=STRINGS,
            functions=ListType(_FUNCTION),
            owner=ResourceType((*authorizers.AUTHORIZER_TYPES, REST_API, HTTP_API, authorizers.GRAPHQL_API)),
        ),
        "An authorizer; `LAMBDA` are those of GraphQL APIs. `ttl` is for how many seconds an answer is kept, by "
        "default 300 in a REST or GraphQL API and 0 elsewhere; `functions` are those that it asks.",
    ),
    RecordKind(
        validators.VALIDATOR,
        _fields(validators.VALIDATOR_FIELDS, api=_GATEWAY, checks_body=BOOLEAN, checks_parameters=BOOLEAN),
        "A request validator of a REST API.",
    ),
    RecordKind(
        stages.STAGE,
        _fields(
            stages.STAGE_FIELDS,
            kind=StringType(frozenset({"rest", "http", "websocket"})),
            api=_GATEWAY,
            tracing=BOOLEAN,
            cache_enabled=BOOLEAN,
            variables=ANY,
            auto_deploy=BOOLEAN,
            throttling_rate=NUMBER,
            throttling_burst=NUMBER,
            data_trace=BOOLEAN,
            metrics=BOOLEAN,
            settings=ListType(_SETTING),
            web_acls=STRINGS,
            routes=ListType(_ROUTE),
            is_left_over=BOOLEAN,
            owner=ResourceType(stages.STAGE_TYPES),
        ),
        "A stage of an API. `throttling_rate` to `metrics` are its settings for all methods or routes, `settings` all "
        "of its settings, `routes` those of its API. `is_left_over` is the stage `Stage` that SAM makes beside the "
        "one that is asked for.",
    ),
    RecordKind(
        settings.SETTING,
        _fields(
            settings.SETTING_FIELDS,
            is_for_all=BOOLEAN,
            throttling_rate=NUMBER,
            throttling_burst=NUMBER,
            data_trace=BOOLEAN,
            metrics=BOOLEAN,
            caching=BOOLEAN,
            cache_encrypted=BOOLEAN,
            cache_ttl=NUMBER,
        ),
        "What a stage says of one method, or of all (`/*`, `*`).",
    ),
    RecordKind(
        definitions.API,
        _fields(
            definitions.API_FIELDS,
            kind=StringType(frozenset({"rest", "http", "websocket"})),
            definition=StringType(frozenset({"resources", "inline", "file", "unseen"})),
            endpoint_types=STRINGS,
            is_private=BOOLEAN,
            vpc_endpoints=STRINGS,
            policy=ANY,
            is_closed=BOOLEAN,
            disables_default_endpoint=BOOLEAN,
            binary_media_types=STRINGS,
            minimum_compression_size=NUMBER,
            routes=ListType(_ROUTE),
            stages=ListType(_STAGE),
            mappings=ListType(_MAPPING),
            owner=_GATEWAY,
        ),
        "An API of API Gateway. `definition` tells whether it is made of resources, inline, in a local file, or "
        "not shown by the template (`unseen`); `is_closed` whether its resource policy admits only some "
        "networks, VPCs, accounts or organisations.",
    ),
    RecordKind(
        cors.CORS,
        _fields(
            cors.CORS_FIELDS,
            api=_API,
            route=_ROUTE,
            origins=STRINGS,
            methods=STRINGS,
            headers=STRINGS,
            credentials=BOOLEAN,
            owner=ResourceType(cors.CORS_SOURCES),
        ),
        "What pages of other origins may do, without the quotes that API Gateway wants around constant headers. "
        "`route` is absent where it is about a whole API or a gateway response.",
    ),
    RecordKind(
        gateway_responses.RESPONSE,
        _fields(gateway_responses.RESPONSE_FIELDS, api=_GATEWAY, parameters=ANY, templates=ANY),
        "What a REST API answers by itself, such as `UNAUTHORIZED` or `DEFAULT_4XX`.",
    ),
    RecordKind(
        domains.DOMAIN,
        _fields(
            domains.DOMAIN_FIELDS,
            kind=StringType(frozenset({"rest", "http", "graphql"})),
            endpoint_types=STRINGS,
            is_private=BOOLEAN,
            security_policies=STRINGS,
            certificates=STRINGS,
            mappings=ListType(_MAPPING),
            owner=ResourceType(domains.DOMAIN_TYPES),
        ),
        "A custom domain name. `truststore` is the URI of the certificates that clients are checked against.",
    ),
    RecordKind(
        domains.MAPPING,
        _fields(
            domains.MAPPING_FIELDS,
            domain=ResourceType(domains.DOMAIN_TYPES),
            api=ResourceType((REST_API, HTTP_API, "AWS::AppSync::GraphQLApi")),
            owner=ResourceType(domains.MAPPING_TYPES),
        ),
        "A mapping of a custom domain name to an API; `stage` is absent where callers choose it in the path.",
    ),
    RecordKind(
        endpoints.ENDPOINT,
        _fields(
            endpoints.ENDPOINT_FIELDS,
            resource=_RESOURCE,
            is_public=BOOLEAN,
            is_open=BOOLEAN,
            is_protected=BOOLEAN,
            web_acls=STRINGS,
            logs=STRINGS,
            stages=ListType(_STAGE),
            routes=ListType(_ROUTE),
            domains=ListType(_DOMAIN),
        ),
        "A way in. `is_public`: the internet reaches it; `is_open`: some route asks for no authorization; "
        "`is_protected`: a web ACL sees every request; `logs`: where requests are logged to.",
    ),
)
