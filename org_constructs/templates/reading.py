"""Dataclasses from JSON, by the types of their fields."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

if TYPE_CHECKING:
    from org_constructs.refusal import Refusal


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Reads what one format says; a value of another type than its field is refused, and none becomes another."""

    refuse: Callable[[str, str, object], Refusal]
    """Makes the refusal of where something stands, the rule for it, and what stands there; None is nothing."""

    key: Callable[[str], str] = str
    """The key in JSON of a field's name."""

    of_template: bool = False
    """Whether keys that no field has are passed over, and texts left out that intrinsic functions stand for."""

    def read(self, kind: Any, value: Any, where: str = "", **given: Any) -> Any:  # noqa: ANN401 (of any kind)
        """Return a value, which stands somewhere, as a type wants it; with the fields that JSON does not say.

        Raises:
            Refusal: It is of another type, or lacks something.
        """
        origin, inside = get_origin(kind), get_args(kind)
        if origin in {Union, UnionType}:
            one = next(each for each in inside if each is not NoneType)
            return None if value is None else self.read(one, value, where)
        if kind is Any:
            return value
        if is_dataclass(kind):
            return self._dataclass(kind, value, where, **given)
        if origin is tuple:
            return self._tuple(inside, value, where)
        if inside:
            if not isinstance(value, dict):
                raise self.refuse(where, "an object", value)
            of = inside[1]
            return {key: self.read(of, each, f"{where}.{key}") for key, each in value.items() if self._says(of, each)}
        # A number may have lost its decimals on the way through other programs.
        is_of_kind = type(value) is kind or (kind is float and type(value) is int)
        known = list(kind) if issubclass(kind, StrEnum) else [value] if is_of_kind else []
        if value not in known:
            rule = {str: "a text", bool: "true or false", int: "a whole number", float: "a number"}.get(
                kind
            ) or f"one of {', '.join(map(str, known))}"
            raise self.refuse(where, rule, value)
        return known[known.index(value)]

    def _tuple(self, kinds: tuple[Any, ...], value: Any, where: str) -> tuple[Any, ...]:  # noqa: ANN401 (JSON)
        if not isinstance(value, list):
            raise self.refuse(where, "a list", value)
        if kinds[-1] is ...:
            kinds = (kinds[0],) * len(value)
        if len(value) != len(kinds):
            raise self.refuse(where, f"a list of {len(kinds)}", value)
        pairs = enumerate(zip(kinds, value, strict=True))
        return tuple(self.read(kind, each, f"{where}[{number}]") for number, (kind, each) in pairs)

    def _dataclass(self, kind: Any, value: Any, where: str, **given: Any) -> Any:  # noqa: ANN401 (of any kind)
        if not isinstance(value, dict):
            raise self.refuse(where or "it", "an object", value)
        hints = _hints(kind)
        for each in fields(kind):
            name, key, of = each.name, self.key(each.name), hints[each.name]
            at = f"{where}.{key}" if where else key
            if name in given:
                continue
            if key in value:
                if of is str or self._says(of, value[key]):
                    given[name] = self.read(of, value[key], at)
            elif each.default is each.default_factory is MISSING:
                raise self.refuse(at, "there", None)
        if not self.of_template and (unknown := sorted(value.keys() - hints.keys())):
            raise self.refuse(where or "it", f"without {unknown[0]!r}", "it")
        return kind(**given)

    def _says(self, kind: Any, value: Any) -> bool:  # noqa: ANN401 (of any kind)
        return not (self.of_template and isinstance(value, dict) and kind in {str, str | None})


@cache
def _hints(kind: Any) -> Mapping[str, Any]:  # noqa: ANN401 (a dataclass)
    return get_type_hints(kind)
