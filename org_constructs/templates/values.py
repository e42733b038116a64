"""What the values of templates are before a deploy: CloudFormation's intrinsic functions, evaluated.

What the deploy alone knows is a value of its own, `Unknown`, which says what attribute of which resource it is.
See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, NamedTuple, TypeAlias

from org_constructs.aws.regions import pseudo_parameters_of
from org_constructs.refusal import Refusal

MOST_WORK: Final = 3_000_000
"""Values and characters that a template comes to, at most. A template has no more than a megabyte
(https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html), and comes to several times
that by functions alone that are there to make it large."""

DEEPEST: Final = 150
"""How many values are in one another, at most."""

Value: TypeAlias = Any
"""JSON, in which an `Unknown` stands for what the deploy alone knows."""

Pseudo: TypeAlias = Callable[[str, str], "str | None"]
"""What a pseudo parameter is, by the stack's name and its own; None where nothing says it."""

_SUB: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_STAND_IN: Final = re.compile("\ue000(\\d{1,9})\ue001")
_FOR_EACH: Final = "Fn::ForEach::"
_NO_VALUE: Final = object()


class Environment(NamedTuple):
    """Where a stack is deployed to; None of what nothing says."""

    account: str | None
    region: str | None

    def pseudo_parameter(self, stack: str, name: str) -> str | None:
        """Return what a pseudo parameter is in a stack; None where nothing says it."""
        known = {"AWS::StackName": stack, "AWS::AccountId": self.account, **pseudo_parameters_of(self.region)}
        return known.get(name)


@dataclass(frozen=True)
class Reference:
    """A resource, an attribute of one, or a parameter, as a template refers to it."""

    stack: str
    name: str
    """The logical id, or the name of the parameter."""

    attribute: str = ""
    """The attribute; empty for a `Ref`."""

    is_made: bool = field(default=False, compare=False)
    """Whether the template makes what it refers to; a parameter is whatever somebody gives the deploy."""

    def __str__(self) -> str:
        return f"${{{self.name}.{self.attribute}}}" if self.attribute else f"${{{self.name}}}"


@dataclass(frozen=True)
class Function:
    """A function of which the deploy alone knows what it comes to."""

    json: str

    def __str__(self) -> str:
        return self.json


@dataclass(frozen=True)
class Unknown:
    """A value that the deploy alone knows, or a text with parts that it alone knows."""

    parts: tuple[str | Reference | Function, ...]
    source: Value = field(compare=False, repr=False)
    """How the template says it."""

    @property
    def reference(self) -> Reference | None:
        """The reference that it is, where it is nothing else."""
        return self.parts[0] if len(self.parts) == 1 and isinstance(self.parts[0], Reference) else None

    def filled(self, stand_in: Callable[[Reference | Function], str | None]) -> str | None:
        """Return the text with something else in place of what is unknown; None where there is nothing for it."""
        texts = [part if isinstance(part, str) else stand_in(part) for part in self.parts]
        known = [text for text in texts if text is not None]
        return "".join(known) if len(known) == len(texts) else None

    def __str__(self) -> str:
        return "".join(map(str, self.parts))


def items_of(value: Value) -> list[Value]:
    """Return the items of a list; of a value that may still be known to be one only in the deploy, itself."""
    return value if isinstance(value, list) else [] if value is None else [value]


def written(value: Value) -> str:
    """Return a value as a text in which `${Name}` stands for what the deploy alone knows."""
    return str(value) if isinstance(value, str | Unknown) else as_json(value)


def as_json(value: Value, **options: Any) -> str:  # noqa: ANN401 (those of json.dumps)
    """Return a value as JSON, with what the deploy alone knows as the template says it."""
    try:
        return json.dumps(value, default=lambda unknown: unknown.source, **options)
    except RecursionError:
        raise _Depth.refusal() from None


def from_json(value: Value) -> Value:
    """Return what a text holds as JSON, parts that the deploy alone knows included; other values stay as they are.

    Raises:
        ValueError: The text is no JSON.
        Refusal: Its values are too deep in one another, or it has the character that stands for what is unknown.
    """
    if isinstance(value, str):
        return _loads(value)
    if not isinstance(value, Unknown):
        return value
    unknown = [part for part in value.parts if not isinstance(part, str)]
    if any("\ue000" in part for part in value.parts if isinstance(part, str)):
        raise Refusal(
            "template-character",
            "JSON must not have the character U+E000 together with values that are known only during the deploy",
        )
    numbers = iter(range(len(unknown)))
    text = "".join(part if isinstance(part, str) else f"\ue000{next(numbers)}\ue001" for part in value.parts)
    return _restored(_loads(text), unknown)


def document(content: Any) -> Any:  # noqa: ANN401 (JSON)
    """Return the document of a property that may hold it as JSON text; text that is none stays as it is."""
    try:
        return from_json(content)
    except ValueError:
        return content


def _loads(text: str) -> Value:
    try:
        return json.loads(text)
    except RecursionError:
        raise _Depth.refusal() from None


def _restored(value: Value, unknown: Sequence[Reference | Function]) -> Value:
    """Put what is unknown in the place of what stood in for it."""
    if isinstance(value, dict):
        return {written(_restored(key, unknown)): _restored(item, unknown) for key, item in value.items()}
    if isinstance(value, list):
        return [_restored(item, unknown) for item in value]
    if not isinstance(value, str) or "\ue000" not in value:
        return value
    # The numbers are every second one of the pieces.
    pieces = _STAND_IN.split(value)
    parts = [unknown[int(piece)] if number % 2 else piece for number, piece in enumerate(pieces)]
    return _joined(parts, value)


def _joined(parts: Sequence[str | Unknown | Reference | Function], source: Value) -> str | Unknown:
    """Return a text of parts."""
    flat: list[str | Reference | Function] = []
    for part in parts:
        for piece in part.parts if isinstance(part, Unknown) else (part,):
            if isinstance(piece, str) and flat and isinstance(flat[-1], str):
                flat[-1] += piece
            elif piece:
                flat.append(piece)
    if any(not isinstance(part, str) for part in flat):
        return Unknown(tuple(flat), source)
    return "".join(map(str, flat))


def _text(value: Value) -> str | Unknown | None:
    """Return a value as it is in a text; None of a list or a mapping."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    return value if isinstance(value, str | Unknown) else None


class _Depth:
    """How many values are being evaluated within one another."""

    at = 0

    def __enter__(self) -> None:
        if self.at >= DEEPEST:
            raise self.refusal()
        self.at += 1

    @staticmethod
    def refusal() -> Refusal:
        return Refusal("template-too-deep", f"a template must nest values at most {DEEPEST} deep")

    def __exit__(self, *_: object) -> None:
        self.at -= 1


class Values:
    """The values of templates, by the names of their stacks."""

    def __init__(self, templates: Mapping[str, Mapping[str, Any]], pseudo: Pseudo = lambda _stack, _name: None) -> None:
        """Take the templates, and what pseudo parameters are."""
        self.depth = _Depth()
        self._stacks = {name: _Stack(self, name, template, pseudo) for name, template in templates.items()}

    @property
    def stacks(self) -> Iterable[str]:
        """The names of the stacks."""
        return self._stacks.keys()

    def of(self, stack: str, value: Value) -> Value:
        """Return what a value of a template is; one that was evaluated before stays as it is.

        A property without a value is None. A parameter is its default, which a deploy without parameters takes.

        Raises:
            Refusal: Values are too deep in one another, lead back to themselves, or come to too much.
        """
        found = self._stacks[stack].evaluated(value)
        return None if found is _NO_VALUE else found

    def resources(self, stack: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the resources of a stack by their logical ids, without those whose condition does not hold.

        Raises:
            Refusal: As `of`.
        """
        return self._stacks[stack].resources

    def properties(self, stack: str, logical_id: str) -> Mapping[str, Value]:
        """Return the properties of a resource; none where it has none, or what it has is no mapping.

        Raises:
            Refusal: As `of`.
        """
        return self._stacks[stack].properties(logical_id)

    def resource(self, reference: Reference) -> Mapping[str, Any] | None:
        """Return the resource that a reference leads to; None where that is a parameter, or nothing."""
        return self.resources(reference.stack).get(reference.name)

    def outputs(self, stack: str) -> Mapping[str, Mapping[str, Any]]:
        """Return the outputs of a stack by their names, without those whose condition does not hold.

        Raises:
            Refusal: As `of`.
        """
        return self._stacks[stack].outputs

    def output(self, stack: str, name: str) -> Value:
        """Return the value of an output.

        Raises:
            Refusal: As `of`.
        """
        return self._stacks[stack].output(name)

    def output_of(self, stack: str, value: Value) -> tuple[str, str] | None:
        """Return the stack and the name of the output that a value of a template is, if it is one."""
        match value:
            case {"Fn::ImportValue": name}:
                return self._exports.get(written(self.of(stack, name)))
            # What CDK writes for it under the flag @aws-cdk/core:defaultCrossStackReferences.
            case {"Fn::GetStackOutput": {"StackName": str(other), "OutputName": str(name)}}:
                return (other, name) if other in self._stacks and name in self.outputs(other) else None
        return None

    def references(self, stack: str, value: Value) -> Iterator[Reference]:
        """Yield what a value of a template refers to, at any depth, through the outputs of other stacks too."""
        waiting, seen = [(stack, value)], set[tuple[str, str]]()
        while waiting:
            stack, value = waiting.pop()
            if (output := self.output_of(stack, value)) is not None:
                if output not in seen:
                    seen.add(output)
                    waiting.append((output[0], self.outputs(output[0])[output[1]].get("Value")))
                continue
            match value:
                case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
                    yield Reference(stack, name)
                case {"Fn::GetAtt": str(name)}:
                    yield Reference(stack, name.partition(".")[0])
                case {"Fn::Sub": str(text) | [str(text), *_]}:
                    for is_literal, name in _SUB.findall(text):
                        if not is_literal:
                            yield Reference(stack, name.partition(".")[0])
            inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
            waiting += [(stack, each) for each in inside]

    @cached_property
    def _exports(self) -> Mapping[str, tuple[str, str]]:
        # What a name is made of may be an export only in a template that CloudFormation refuses.
        self.__dict__["_exports"] = {}
        return {
            export: (stack, name)
            for stack in self._stacks
            for name, output in self.outputs(stack).items()
            if isinstance(given := output.get("Export"), dict)
            and isinstance(export := self.of(stack, given.get("Name")), str)
        }


class _Stack:
    """A stack's template, evaluated."""

    def __init__(self, values: Values, name: str, template: Mapping[str, Any], pseudo: Pseudo) -> None:
        self._values = values
        self._name = name
        self._template = template
        self._pseudo = pseudo
        self._work = 0
        self._depth = values.depth
        self._known: dict[tuple[str, str], Value] = {}
        self._attributes: dict[tuple[str, str, bool], Unknown] = {}
        self._begun: set[tuple[str, str]] = set()

    @cached_property
    def resources(self) -> Mapping[str, Mapping[str, Any]]:
        return {name: each for name, each in self._included("Resources") if isinstance(each.get("Type"), str)}

    @cached_property
    def outputs(self) -> Mapping[str, Mapping[str, Any]]:
        return dict(self._included("Outputs"))

    def properties(self, logical_id: str) -> Mapping[str, Value]:
        found = self._once(
            "properties", logical_id, lambda: self.evaluated(self.resources[logical_id].get("Properties"))
        )
        return found if isinstance(found, dict) else {}

    def output(self, name: str) -> Value:
        return self._once("output", name, lambda: self.evaluated(self.outputs[name].get("Value")))

    def evaluated(self, node: Value) -> Value:
        # Most of a template's values are texts and references, of which a large one has a hundred thousand.
        self._work += 1
        if self._work > MOST_WORK:
            self._count(0)
        if isinstance(node, str):
            # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
            return Unknown((Function(node),), node) if "{{resolve:" in node else node
        if isinstance(node, dict):
            if len(node) == 1:
                ((name, argument),) = node.items()
                if name == "Ref" and isinstance(argument, str):
                    return self._ref(argument, node)
                if name.startswith("Fn::") and not name.startswith(_FOR_EACH):
                    found = self._get_att(argument, node) if name == "Fn::GetAtt" else None
                    if found is None:
                        with self._depth:
                            found = self._function(name, argument, node)
                    return found
            with self._depth:
                items = self._expanded(node) if _FOR_EACH in "".join(node) else node.items()
                return {key: found for key, each in items if (found := self.evaluated(each)) is not _NO_VALUE}
        if isinstance(node, list):
            with self._depth:
                return [found for each in node if (found := self.evaluated(each)) is not _NO_VALUE]
        return node

    def _count(self, work: int) -> None:
        self._work += work
        if self._work > MOST_WORK:
            raise Refusal(
                "template-too-large",
                f"the template of stack {self._name!r} must evaluate to at most {MOST_WORK:,} values and characters,"
                " and its functions produce more",
            )

    def _once(self, what: str, name: str, evaluate: Callable[[], Value]) -> Value:
        """Return what is evaluated once.

        Raises:
            Refusal: It leads back to itself.
        """
        key = (what, name)
        if key not in self._known:
            if key in self._begun:
                raise Refusal("template-cycle", f"the {what} {name!r} of stack {self._name!r} must not refer to itself")
            self._begun.add(key)
            try:
                with self._depth:
                    self._known[key] = evaluate()
            finally:
                self._begun.remove(key)
        return self._known[key]

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self._template.get(name)
        return section if isinstance(section, dict) else {}

    def _included(self, section: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield the members of a section of which no condition says that they are not there."""
        for name, each in self._expanded(self._section(section)):
            if isinstance(each, dict) and self._condition(each.get("Condition")) is not False:
                yield name, each

    def _expanded(self, mapping: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
        """Yield the items of a mapping, and those that an Fn::ForEach in it makes; none if they are not known.

        https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference-foreach.html
        """
        for key, value in mapping.items():
            match value:
                case [str(identifier), collection, dict(fragment)] if key.startswith(_FOR_EACH):
                    items = self.evaluated(collection)
                    for item in items if isinstance(items, list) else ():
                        if isinstance(item, str):
                            yield from self._expanded(self._with(fragment, identifier, item))
                case _:
                    yield key, value

    def _with(self, node: Value, identifier: str, item: str) -> Value:
        """Return a part of a template with an item in place of the identifier of an Fn::ForEach."""
        self._count(1)
        if isinstance(node, str):
            plain = re.sub("[^A-Za-z0-9]", "", item)
            found = node.replace(f"${{{identifier}}}", item).replace(f"&{{{identifier}}}", plain)
            self._count(len(found))
            return found
        with self._depth:
            if isinstance(node, list):
                return [self._with(each, identifier, item) for each in node]
            if isinstance(node, dict) and node != {"Ref": identifier}:
                return {
                    self._with(key, identifier, item): self._with(each, identifier, item) for key, each in node.items()
                }
        return item if isinstance(node, dict) else node

    def _ref(self, name: str, node: Value) -> Value:
        if name == "AWS::NoValue":
            return _NO_VALUE
        unknown = Unknown((self._reference(name),), node)
        if name.startswith("AWS::"):
            known = self._pseudo(self._name, name)
            return unknown if known is None else known
        parameter = self._section("Parameters").get(name)
        if not isinstance(parameter, dict):
            return unknown
        default, kind = _text(parameter.get("Default")), str(parameter.get("Type"))
        # A secret is not what a template says, and of a parameter of Systems Manager it says the name.
        if not isinstance(default, str) or "NoEcho" in parameter or kind.startswith("AWS::SSM::Parameter::Value<"):
            return unknown
        is_list = kind == "CommaDelimitedList" or kind.startswith("List<")
        return [each.strip() for each in default.split(",")] if is_list else default

    def _function(self, name: str, argument: Value, node: Value) -> Value:
        if name in {"Fn::ImportValue", "Fn::GetStackOutput"}:
            output = self._values.output_of(self._name, node)
            found = None if output is None else self._values.output(*output)
            if isinstance(found, Unknown):
                return replace(found, source=node)
        else:
            evaluate = _FUNCTIONS.get(name)
            found = None if evaluate is None else evaluate(self, argument, node)
        if found is None:
            text = as_json(node)
            found = Unknown((Function(text),), node)
            self._count(len(text))
        return found

    def _get_att(self, argument: Value, node: Value) -> Unknown | None:
        # Not by `match`, which takes ten times as long.
        if isinstance(argument, str):
            name, _, attribute = argument.partition(".")
        elif isinstance(argument, list) and len(argument) == 2 and isinstance(argument[0], str):  # noqa: PLR2004
            name, attribute = argument
        else:
            return None
        if not isinstance(attribute, str):
            with self._depth:
                attribute = self.evaluated(attribute)
            if not isinstance(attribute, str):
                return None
        known = (name, attribute, isinstance(argument, str))
        found = self._attributes.get(known)
        if found is None:
            found = self._attributes[known] = Unknown((self._reference(name, attribute),), node)
        return found

    def _reference(self, name: str, attribute: str = "") -> Reference:
        return Reference(self._name, name, attribute, is_made=name in self._section("Resources"))

    def _join(self, argument: Value, node: Value) -> Value:
        match argument:
            case [str(delimiter), listed]:
                items = self.evaluated(listed)
                texts = [_text(item) for item in items] if isinstance(items, list) else [None]
                parts = [part for text in texts for part in (delimiter, text) if part is not None][1:]
                return self._joined(parts, node) if None not in texts else None
        return None

    def _joined(self, parts: Sequence[str | Unknown | Reference | Function], node: Value) -> str | Unknown:
        joined = _joined(parts, node)
        self._count(len(joined) if isinstance(joined, str) else sum(len(str(part)) for part in joined.parts))
        return joined

    def _sub(self, argument: Value, node: Value) -> Value:
        match argument:
            case str(text):
                given: Mapping[str, Value] = {}
            case [str(text), dict(given)]:
                pass
            case _:
                return None
        values = {name: _text(self.evaluated(value)) for name, value in given.items()}
        parts: list[str | Unknown] = []
        end = 0
        for found in _SUB.finditer(text):
            is_literal, name = found.groups()
            parts.append(text[end : found.start()])
            end = found.end()
            if is_literal:
                part: str | Unknown | None = f"${{{name}}}"
            elif name in values:
                part = values[name]
            else:
                part = _text(self._get_att(name, node) if "." in name else self._ref(name, node))
            if part is None:
                return None
            parts.append(part)
            self._count(len(str(part)))
        return self._joined([*parts, text[end:]], node)

    def _select(self, argument: Value, _node: Value) -> Value:
        match argument:
            case [index, listed]:
                number, items = _text(self.evaluated(index)), self.evaluated(listed)
                if isinstance(number, str) and re.fullmatch("[0-9]{1,9}", number) and isinstance(items, list):
                    return items[int(number)] if int(number) < len(items) else None
        return None

    def _split(self, argument: Value, _node: Value) -> Value:
        match argument:
            case [str(delimiter), source] if delimiter:
                text = self.evaluated(source)
                return text.split(delimiter) if isinstance(text, str) else None
        return None

    def _if(self, argument: Value, _node: Value) -> Value:
        match argument:
            case [str(name), then, otherwise]:
                holds = self._condition(name)
                if holds is not None:
                    return self.evaluated(then if holds else otherwise)
        return None

    def _find_in_map(self, argument: Value, _node: Value) -> Value:
        if not isinstance(argument, list):
            return None
        found: Value = self._section("Mappings")
        for key in map(self.evaluated, argument[:3]):
            found = found.get(key) if isinstance(found, dict) and isinstance(key, str) else None
        match argument[3:]:
            case [{"DefaultValue": default}] if found is None:
                return self.evaluated(default)
        return found if isinstance(found, list) else _text(found)

    def _base64(self, argument: Value, _node: Value) -> Value:
        text = self.evaluated(argument)
        return base64.b64encode(text.encode(errors="replace")).decode() if isinstance(text, str) else None

    def _length(self, argument: Value, _node: Value) -> Value:
        items = self.evaluated(argument)
        return len(items) if isinstance(items, list) else None

    def _to_json_string(self, argument: Value, node: Value) -> Value:
        unknown: list[Unknown] = []

        def stand_in(value: Unknown) -> str:
            unknown.append(value)
            return f"\ue000{len(unknown) - 1}\ue001"

        found = self.evaluated(argument)
        if found is _NO_VALUE:
            return None
        text = json.dumps(found, default=stand_in, separators=(",", ":"), ensure_ascii=False)
        pieces = _STAND_IN.split(text)
        if len(pieces) != 2 * len(unknown) + 1:
            return None
        return self._joined([unknown[int(each)] if at % 2 else each for at, each in enumerate(pieces)], node)

    def _condition(self, name: Value) -> bool | None:
        """Tell whether a condition holds; None where the deploy alone knows, and of what is no condition."""
        conditions = self._section("Conditions")
        if not isinstance(name, str) or name not in conditions:
            return None
        holds: bool | None = self._once("condition", name, lambda: self._holds(conditions[name]))
        return holds

    def _holds(self, node: Value) -> bool | None:
        with self._depth:
            match node:
                case {"Condition": name}:
                    return self._condition(name)
                case {"Fn::Equals": [left, right]}:
                    one, other = (_compared(self.evaluated(side)) for side in (left, right))
                    # Two texts that only a deploy knows may be the same then.
                    return one == other or (None if isinstance(one, Unknown) or isinstance(other, Unknown) else False)
                case {"Fn::Not": [inside]}:
                    holds = self._holds(inside)
                    return None if holds is None else not holds
                case {"Fn::And": [*several]} | {"Fn::Or": [*several]}:
                    decides = "Fn::Or" in node
                    all_hold = [self._holds(each) for each in several]
                    return decides if decides in all_hold else None if None in all_hold else not decides
            return None


def _compared(value: Value) -> Value:
    text = _text(value)
    return value if text is None else text


_FUNCTIONS: Final[Mapping[str, Callable[[_Stack, Value, Value], Value]]] = {
    "Fn::Base64": _Stack._base64,
    "Fn::FindInMap": _Stack._find_in_map,
    "Fn::If": _Stack._if,
    "Fn::Join": _Stack._join,
    "Fn::Length": _Stack._length,
    "Fn::Select": _Stack._select,
    "Fn::Split": _Stack._split,
    "Fn::Sub": _Stack._sub,
    "Fn::ToJsonString": _Stack._to_json_string,
}
