"""The schemas of CloudFormation's resource types that AWS publishes, as cfn-lint ships them: what breaks one."""

from __future__ import annotations

import html
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import jsonschema
import regex  # type: ignore[import-untyped] # its stubs are a package of their own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_Json: TypeAlias = Any
_SCHEMAS: Final = files("cfnlint.data.schemas")


class _Unknown(str):
    """What an intrinsic function gives: some text that nothing is known of before the deploy."""

    __slots__ = ()


def broken_rules(template: Mapping[str, Any], region: str = "us-east-1") -> list[str]:
    """Return what in the resources of a template is not as published; custom resources have no schema."""
    broken = []
    for logical_id, resource in template["Resources"].items():
        if resource["Type"].startswith("Custom::"):
            continue
        schema, validator = _schema_of(resource["Type"], region)
        properties = _without_intrinsics(resource.get("Properties", {}))
        read_only = {pointer.removeprefix("/properties/") for pointer in schema.get("readOnlyProperties", ())}
        broken += [f"{logical_id}: {name} is read-only" for name in sorted(read_only & set(properties))]
        broken += [f"{logical_id}: {error.json_path}: {error.message}" for error in validator.iter_errors(properties)]
    return broken


@cache
def _schema_of(resource_type: str, region: str) -> tuple[Mapping[str, Any], jsonschema.Validator]:
    types = json.loads((_SCHEMAS / "providers" / f"{region}.json").read_bytes())
    schema = json.loads((_SCHEMAS / "resources" / f"{types[resource_type]}.json").read_bytes())
    return schema, _Validator(_whole(schema))


def _without_intrinsics(value: _Json) -> _Json:
    if isinstance(value, dict):
        if len(value) == 1 and (next(iter(value)) == "Ref" or next(iter(value)).startswith("Fn::")):
            return _Unknown(json.dumps(value))
        return {key: _without_intrinsics(item) for key, item in value.items()}
    return [_without_intrinsics(item) for item in value] if isinstance(value, list) else value


def _whole(schema: _Json) -> _Json:
    r"""Have patterns match the whole value, as the services do: most have no anchors, and `&amp;` for `&`.

    Not those of tags: the one of AWS::SSO::PermissionSet, `[\w+=,.@-]+`, is narrower than the service's:
    https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_Tag.html
    """
    if isinstance(schema, list):
        return [_whole(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: rf"\A(?:{html.unescape(item)})\Z"
        if key == "pattern" and isinstance(item, str)
        else item
        if key == "Tag"
        else _whole(item)
        for key, item in schema.items()
    }


def _pattern(_validator: _Json, pattern: str, value: _Json, _schema: _Json) -> Iterator[_Json]:
    r"""Match with `regex`, since the patterns hold classes such as `\p{L}`."""
    if isinstance(value, str) and not isinstance(value, _Unknown) and not regex.search(pattern, value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


def _of_known(keyword: str) -> Callable[..., Iterator[_Json]]:
    check = jsonschema.Draft7Validator.VALIDATORS[keyword]

    def of_known(validator: _Json, rule: _Json, value: _Json, schema: _Json) -> Iterator[_Json]:
        if not isinstance(value, _Unknown):
            yield from check(validator, rule, value, schema) or ()

    return of_known


_Validator: Final = jsonschema.validators.extend(  # type: ignore[no-untyped-call] # untyped in its stubs
    jsonschema.Draft7Validator,
    {
        "pattern": _pattern,
        **{keyword: _of_known(keyword) for keyword in ("minLength", "maxLength", "enum", "const", "format", "type")},
    },
)
