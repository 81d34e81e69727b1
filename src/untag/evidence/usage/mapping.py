"""Where the fields of a call stand in a log: presets of common servers, and a mapping file for all others.

Sources of the presets: nginx `ngx_http_log_module` (combined, and the variables that a JSON ``log_format``
names), the Common Log Format of the NCSA and Apache's mod_log_config, Envoy's access log operators, the W3C extended
log file format (draft), AWS Application Load Balancer access log syntax, AWS API Gateway ``$context`` names,
OpenTelemetry's HTTP semantic conventions.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError, UsageError
from untag.nouns import dataclass
from untag.policy.words import hint

if TYPE_CHECKING:
    from pathlib import Path

FORMATS: Final = ("json", "otlp", "combined", "w3c", "alb", "csv", "tsv", "parquet")
FIELDS: Final = (
    "client",
    "time",
    "method",
    "url",
    "path",
    "query",
    "status",
    "request",
    "request_type",
    "response",
    "response_type",
)
"""What a call has. ``url`` may stand for path and query; ``client`` is who called: an address, a key id, a user."""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The format of a log, and the names of its fields, each with alternatives in order."""

    name: str
    format: str
    fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Field of a call → names in the log; a dot goes into a nested object."""

    def names(self, field: str) -> tuple[str, ...]:
        """Return the names of a field."""
        return next((names for known, names in self.fields if known == field), ())


def _preset(name: str, form: str, **fields: str) -> Mapping:
    return Mapping(name, form, tuple((field, tuple(names.split())) for field, names in fields.items()))


PRESETS: Final = {
    preset.name: preset
    for preset in (
        _preset(
            "json",
            "json",
            client="client client_id api_key_id user user_id remote_addr client_ip clientIp ip source_ip remoteIp host",
            time="time timestamp @timestamp ts date datetime time_iso8601 time_local start_time requestTime",
            method="method request_method http_method verb",
            url="url uri request_uri request_url target requestUrl",
            path="path url_path route endpoint http_path uri_path",
            query="query query_string queryString args querystring url_query",
            status="status status_code response_code code",
            request="request_body body requestBody payload req_body req.body request.body params parameters request",
            request_type="request_content_type content_type req.content_type",
            response="response_body responseBody resp_body res.body response.body result response",
            response_type="response_content_type resp_content_type sent_http_content_type",
        ),
        _preset(
            "nginx-json",
            "json",
            client="remote_user http_x_api_key_id http_x_client_id remote_addr",
            time="time_iso8601 time_local msec",
            method="request_method",
            url="request_uri",
            path="uri",
            query="args query_string",
            status="status",
            request="request_body request",
            request_type="content_type http_content_type",
            response="response_body resp_body",
            response_type="sent_http_content_type",
        ),
        _preset(
            "envoy-json",
            "json",
            client="x_client_id authority_user downstream_remote_address x_forwarded_for",
            time="start_time timestamp",
            method="method x_request_method",
            url="path x_envoy_original_path",
            status="response_code",
            request="request_body",
            response="response_body",
        ),
        _preset(
            "apigateway",
            "json",
            client="apiKeyId caller user identity.apiKeyId identity.sourceIp sourceIp ip",
            time="requestTime requestTimeEpoch",
            method="httpMethod",
            path="path resourcePath",
            query="queryString querystring",
            status="status",
            request="requestBody",
            response="responseBody",
        ),
        _preset(
            "otel",
            "json",
            client="attributes.enduser.id attributes.client.address attributes.http.client_ip attributes.net.peer.ip",
            time="timestamp startTime start_time timeUnixNano startTimeUnixNano observedTimestamp observedTimeUnixNano",
            method="attributes.http.request.method attributes.http.method",
            url="attributes.url.full attributes.http.url attributes.http.target",
            path="attributes.url.path",
            query="attributes.url.query",
            status="attributes.http.response.status_code attributes.http.status_code",
            request="attributes.http.request.body",
            response="attributes.http.response.body",
        ),
        Mapping("combined", "combined"),
        Mapping("w3c", "w3c"),
        Mapping("alb", "alb"),
        _preset(
            "csv",
            "csv",
            client="client client_id user remote_addr client_ip ip source_ip",
            time="time timestamp ts date datetime",
            method="method",
            url="url uri request_uri",
            path="path endpoint",
            query="query query_string args",
            status="status status_code",
            request="request_body body request",
            response="response_body response",
        ),
        _preset(
            "parquet",
            "parquet",
            client="client client_id user remote_addr client_ip ip source_ip",
            time="time timestamp ts date datetime",
            method="method",
            url="url uri request_uri",
            path="path endpoint",
            query="query query_string args",
            status="status status_code",
            request="request_body body request",
            response="response_body response",
        ),
    )
}
PRESETS["otlp"] = Mapping("otlp", "otlp", PRESETS["otel"].fields)
"""Mappings by name. ``otlp`` is what a Collector writes: records as of ``otel``, many in a line.
``common`` logs are read as ``combined`` ones that end early; ``tsv`` as ``csv``."""

ALIASES: Final = {"common": "combined", "nginx": "combined", "apache": "combined", "tsv": "csv"}
"""Further names of presets."""


def preset(name: str) -> Mapping:
    """Return a preset; raise `UsageError` for an unknown name."""
    found = PRESETS.get(ALIASES.get(name, name))
    known = (*PRESETS, *ALIASES)
    if found is None:
        raise UsageError(f"unknown preset {name!r}; {hint(name, known)} Known are {', '.join(known)}")
    return found


def load_mapping(path: Path) -> Mapping:
    """Read a mapping file: ``format``, and a table ``fields`` of names or lists of names."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ConfigError(f"cannot read {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is no TOML: {error}") from error
    unknown = sorted(table.keys() - {"format", "preset", "fields"})
    if unknown:
        raise ConfigError(f"{path}: unknown key {unknown[0]!r}; known are format, preset and fields")
    base = preset(str(table["preset"])) if "preset" in table else None
    form = str(table.get("format", base.format if base else "json"))
    if form not in FORMATS:
        raise ConfigError(f"{path}: unknown format {form!r}; {hint(form, FORMATS)}")
    fields: dict[str, tuple[str, ...]] = dict(base.fields) if base else {}
    fields.update(_fields(table.get("fields", {}), path))
    return Mapping(path.name, form, tuple(fields.items()))


def _fields(table: Any, path: Path) -> list[tuple[str, tuple[str, ...]]]:
    if not isinstance(table, dict):
        raise ConfigError(f"{path}: fields is a table: [fields]")
    rows = []
    for field, names in table.items():
        if field not in FIELDS:
            raise ConfigError(f"{path}: unknown field {field!r}; {hint(field, FIELDS)}")
        listed = [names] if isinstance(names, str) else names
        if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
            raise ConfigError(f"{path}: {field} takes a name or a list of names")
        rows.append((field, tuple(listed)))
    return rows
