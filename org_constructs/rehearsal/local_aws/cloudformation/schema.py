"""The published CloudFormation schemas: which types a region has, and what a resource of the types made here may say.

`schemas.json` has them of cfn-lint, which with what it needs takes a seventh of an installation; `scripts/schemas`
renews it. Its "types" say in which of its "regions" each type exists: one bit for each of them, in hexadecimal.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Final

import jsonschema
import regex  # type: ignore[import-untyped]  # its stubs are a package of their own
from jsonschema.exceptions import ValidationError

from org_constructs.rehearsal.local_aws.values import Value

Properties = dict[str, Any]


class Schema:
    """What a resource type's published schema says."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Take the published document."""
        self.create_only: Final = _names(document.get("createOnlyProperties", ()))
        self.read_only: Final = _names(document.get("readOnlyProperties", ()))
        self.primary_identifier: Final = tuple(_names(document.get("primaryIdentifier", ())))
        self.taggable: Final[bool] = document.get("tagging", {}).get("taggable", False)
        self._validator: Final = _Validator(document)

    def problems(self, properties: Properties) -> Iterator[str]:
        """Tell what in a resource's properties AWS does not accept."""
        for name in properties:
            if name in self.read_only:
                yield f"#/{name}: the property is read-only"
        for error in sorted(self._validator.iter_errors(properties), key=lambda error: list(map(str, error.path))):
            yield f"#/{'/'.join(map(str, error.path))}: {error.message}"


def exists(resource_type: str, region: str) -> bool:
    """Tell whether a region has a resource type, whether or not it is made here."""
    published = _published()
    if region not in published["regions"]:
        raise ValueError(f"region must be one of AWS's, got {region!r}")
    having = int(published["types"].get(resource_type, "0"), 16)
    return bool(having >> published["regions"].index(region) & 1)


def schema_of(resource_type: str, region: str) -> Schema | None:
    """Return the schema of a type that is made here, or None if it is not, or the region does not have it."""
    return _schema(resource_type) if exists(resource_type, region) else None


@cache
def _published() -> dict[str, Any]:
    file = files(__package__ or "org_constructs.rehearsal.local_aws.cloudformation") / "schemas.json"
    published: dict[str, Any] = json.loads(file.read_bytes())
    return published


@cache
def _schema(resource_type: str) -> Schema | None:
    document = _published()["schemas"].get(resource_type)
    return None if document is None else Schema(document)


def _names(pointers: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return tuple(pointer.removeprefix("/properties/") for pointer in pointers)


def _pattern(_validator: Value, pattern: str, instance: Value, _schema: Value) -> Iterator[ValidationError]:
    r"""Match as CloudFormation and then the service do.

    CloudFormation searches, as JSON schema says; the service behind it matches the whole value with the pattern of its
    own API, which is the same without anchors ([\w+=,.@-]+ of a permission set's name). JSON schema's expressions are
    ECMA 262's, so \p{L} needs more than `re`.
    """
    if not isinstance(instance, str):
        return
    anchored = pattern.startswith("^") or pattern.endswith("$")
    if not (regex.search if anchored else regex.fullmatch)(pattern, instance):
        yield ValidationError(f"string {instance!r} does not match pattern {pattern}")


def _type(_validator: Value, types: str | list[str], instance: Value, _schema: Value) -> Iterator[ValidationError]:
    """Accept a string for a number or boolean, and the other way round, as CloudFormation coerces scalars."""
    wanted = {types} if isinstance(types, str) else set(types)
    if not any(_TYPES[name](instance) for name in wanted):
        yield ValidationError(f"expected type {' or '.join(sorted(wanted))}, got {instance!r}")


def _is_number(value: Value, pattern: str) -> bool:
    return isinstance(value, (int, float)) or (isinstance(value, str) and re.fullmatch(pattern, value) is not None)


_TYPES: Final[dict[str, Callable[[Value], bool]]] = {
    "object": lambda value: isinstance(value, dict),
    "array": lambda value: isinstance(value, list),
    "string": lambda value: isinstance(value, (str, int, float)),
    "boolean": lambda value: value in (True, False, "true", "false"),
    "integer": lambda value: not isinstance(value, float) and _is_number(value, r"-?\d+"),
    "number": lambda value: _is_number(value, r"-?\d+(\.\d+)?"),
    "null": lambda value: value is None,
}

_Validator: Final = jsonschema.validators.extend(jsonschema.Draft7Validator, {"pattern": _pattern, "type": _type})  # type: ignore[no-untyped-call]  # jsonschema's
