"""A CloudFormation template: parsed, checked as CloudFormation checks it, and its intrinsic functions evaluated.

See https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html.
"""

import base64
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from org_constructs.aws.template_size import OUTPUTS_MAX, RESOURCES_MAX
from org_constructs.aws.template_text import parse_template
from org_constructs.rehearsal.local_aws.values import Value

from .ordering import CircularDependencyError, Graph
from .schema import schema_of

_SUB: Final = re.compile(r"\$\{(!?)([^}]*)\}")
_PSEUDO: Final = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "NoValue", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)
_NO_VALUE: Final = object()


class TemplateError(ValueError):
    """What CloudFormation refuses about a template, as the message of its ValidationError."""


class Template:
    """A parsed template."""

    def __init__(self, body: str) -> None:
        """Parse JSON or YAML.

        Raises:
            TemplateError: if it is neither, or not a template that CloudFormation accepts.
        """
        self.body: Final = body
        self.document: Final[dict[str, Any]] = _parse(body)
        self.resources: Final[dict[str, dict[str, Any]]] = self._section("Resources")
        self.parameters: Final[dict[str, dict[str, Any]]] = self._section("Parameters")
        self.conditions: Final[dict[str, Any]] = self._section("Conditions")
        self.outputs: Final[dict[str, dict[str, Any]]] = self._section("Outputs")
        self.mappings: Final[dict[str, Any]] = self._section("Mappings")
        self.rules: Final[dict[str, dict[str, Any]]] = self._section("Rules")
        self._check()

    def _section(self, name: str) -> dict[str, Any]:
        section = self.document.get(name, {})
        if not isinstance(section, dict):
            raise TemplateError(f"Template format error: {name} must be an object")
        return section

    def _check(self) -> None:
        if not self.resources:
            raise TemplateError("Template format error: At least one Resources member must be defined.")
        for name, section, most in (
            ("resources", self.resources, RESOURCES_MAX),
            ("outputs", self.outputs, OUTPUTS_MAX),
        ):
            if len(section) > most:
                raise TemplateError(
                    f"Template format error: Number of {name}, {len(section)}, is greater than maximum allowed, {most}"
                )
        for name, resource in self.resources.items():
            if not isinstance(resource, dict) or not isinstance(resource.get("Type"), str):
                raise TemplateError(f"Template format error: [/Resources/{name}] every resource must have a Type")
            if not re.fullmatch(r"[A-Za-z0-9]{1,255}", name):
                raise TemplateError(f"Template format error: Resource name {name} is non alphanumeric.")
        for path in _nulls(self.document):
            raise TemplateError(f"[{path}] 'null' values are not allowed in templates")
        known = self.resources.keys() | self.parameters.keys() | _PSEUDO
        for section_name, section in (("Resources", self.resources), ("Outputs", self.outputs)):
            names = {name for part in section.values() for name in (*references(part), *_depends_on(part))}
            unknown = sorted(names - known)
            if unknown:
                raise TemplateError(
                    f"Template format error: Unresolved resource dependencies [{', '.join(unknown)}] "
                    f"in the {section_name} block of the template"
                )

    def check_attributes(self, region: str) -> None:
        """Refuse a Fn::GetAtt of something that the resource's type does not return."""
        for resource_name, attribute in _attributes({"Resources": self.resources, "Outputs": self.outputs}):
            if resource_name not in self.resources:
                raise TemplateError(
                    f"Template error: instance of Fn::GetAtt references undefined resource {resource_name}"
                )
            resource_type = self.resources[resource_name]["Type"]
            schema = schema_of(resource_type, region)
            readable = {name.split("/")[0] for name in schema.read_only} if schema else set()
            if readable and attribute.split(".")[0] not in readable:
                raise TemplateError(
                    f"Template error: resource {resource_name} does not support attribute type {attribute} "
                    "in Fn::GetAtt"
                )

    @cached_property
    def graph(self) -> Graph:
        """The resources by what they wait for: DependsOn, Ref, Fn::GetAtt, Fn::Sub.

        Raises:
            TemplateError: if they wait for each other.
        """
        dependencies = {}
        for name, resource in self.resources.items():
            implicit = (reference for reference in references(resource) if reference in self.resources)
            dependencies[name] = tuple(dict.fromkeys((*_depends_on(resource), *implicit)))
        try:
            return Graph(dependencies)
        except CircularDependencyError as error:
            raise TemplateError(str(error)) from error

    def parameter_values(
        self, given: Mapping[str, str], resolve_ssm: Callable[[str], str]
    ) -> tuple[dict[str, str], dict[str, Any]]:
        """Return the parameters as they were given or default, and the values that a Ref has of them.

        An SSM parameter's two differ: the name that was given, and what is stored under it now.

        Raises:
            TemplateError: if a value is missing, unknown or not allowed.
        """
        unknown = sorted(given.keys() - self.parameters.keys())
        if unknown:
            raise TemplateError(f"Parameters: [{', '.join(unknown)}] do not exist in the template")
        missing = sorted(
            name for name, parameter in self.parameters.items() if name not in given and "Default" not in parameter
        )
        if missing:
            raise TemplateError(f"Parameters: [{', '.join(missing)}] must have values")
        raw = {name: str(given.get(name, parameter.get("Default"))) for name, parameter in self.parameters.items()}
        resolved: dict[str, Any] = {}
        for name, parameter in self.parameters.items():
            value = raw[name]
            allowed = [str(item) for item in parameter.get("AllowedValues", ())]
            if allowed and value not in allowed:
                raise TemplateError(f"Parameter '{name}' must be one of AllowedValues")
            if "AllowedPattern" in parameter and not re.fullmatch(parameter["AllowedPattern"], value):
                raise TemplateError(f"Parameter {name} failed to satisfy constraint: {parameter['AllowedPattern']}")
            kind = parameter.get("Type", "String")
            if kind.startswith("AWS::SSM::Parameter::Value<"):
                value = resolve_ssm(value)
            is_list = kind == "CommaDelimitedList" or "List<" in kind
            resolved[name] = [item.strip() for item in value.split(",")] if is_list else value
        return raw, resolved


@dataclass(frozen=True)
class OtherStacks:
    """What the other stacks of an account give to one.

    Attributes:
        exported: finds the value of an export of the region.
        output: finds an output by the name of its stack, its own, and its region; nothing holds it there.
    """

    exported: Callable[[str], str]
    output: Callable[[str, str, str], str]


class Evaluator:
    """Evaluates a template's functions, given parameters, pseudo parameters and the resources that exist by now."""

    def __init__(
        self,
        template: Template,
        values: Mapping[str, Any],
        ref: Callable[[str], Any],
        get_att: Callable[[str, str], Any],
        others: OtherStacks,
    ) -> None:
        """Take the template, its parameters' values, what a Ref and an attribute are, and what other stacks give."""
        self._template = template
        self._values = values
        self._ref = ref
        self._get_att = get_att
        self._others = others

    def included(self, definition: Mapping[str, Any]) -> bool:
        """Tell whether a resource's or output's Condition holds."""
        return "Condition" not in definition or self.condition(definition["Condition"])

    def condition(self, name: str) -> bool:
        """Evaluate a named condition."""
        if name not in self._template.conditions:
            raise TemplateError(f"Template format error: Unresolved condition dependency {name}")
        return bool(self.value(self._template.conditions[name]))

    def broken_rule(self) -> str | None:
        """Return what a broken rule of the template says, or None."""
        for rule in self._template.rules.values():
            if "RuleCondition" in rule and not self.value(rule["RuleCondition"]):
                continue
            for assertion in rule.get("Assertions", ()):
                if not self.value(assertion["Assert"]):
                    return str(assertion.get("AssertDescription", "Template validation error: a rule is broken"))
        return None

    def value(self, node: Value) -> Value:
        """Evaluate a value; AWS::NoValue takes its property or item away."""
        result = self._evaluate(node)
        return None if result is _NO_VALUE else result

    def _evaluate(self, node: Value) -> Value:
        if isinstance(node, list):
            return [value for value in map(self._evaluate, node) if value is not _NO_VALUE]
        if not isinstance(node, dict):
            if isinstance(node, str) and "{{resolve:" in node:
                raise TemplateError(f"dynamic references are not provided by this local AWS, got {node!r}")
            return node
        if len(node) == 1:
            ((key, argument),) = node.items()
            if key in ("Ref", "Condition") and isinstance(argument, str):
                return self._reference(argument) if key == "Ref" else self.condition(argument)
            if key.startswith("Fn::"):
                function = _FUNCTIONS.get(key)
                if function is None:
                    raise TemplateError(f"Template error: the function {key} is not provided by this local AWS")
                return function(self, argument)
        evaluated = {key: self._evaluate(value) for key, value in node.items()}
        return {key: value for key, value in evaluated.items() if value is not _NO_VALUE}

    def _reference(self, name: str) -> Value:
        if name == "AWS::NoValue":
            return _NO_VALUE
        return self._values[name] if name in self._values else self._ref(name)

    def _get_att_function(self, argument: Value) -> Value:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._get_att(name, str(self._evaluate(attribute)))

    def _join(self, argument: Value) -> str:
        delimiter, values = argument
        return str(delimiter).join(_text(value) for value in self._evaluate(values))

    def _split(self, argument: Value) -> list[str]:
        delimiter, value = argument
        return str(self._evaluate(value)).split(delimiter)

    def _select(self, argument: Value) -> Value:
        index, values = argument
        evaluated = self._evaluate(values)
        try:
            return evaluated[int(self._evaluate(index))]
        except IndexError:
            raise TemplateError(
                f"Template error: Fn::Select cannot select nonexistent value at index {index}"
            ) from None

    def _sub(self, argument: Value) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument

        def replace(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return f"${{{name}}}"
            if name in variables:
                return _text(self._evaluate(variables[name]))
            return _text(self._get_att_function(name) if "." in name else self._reference(name))

        return _SUB.sub(replace, text)

    def _if(self, argument: Value) -> Value:
        name, then, otherwise = argument
        return self._evaluate(then if self.condition(name) else otherwise)

    def _find_in_map(self, argument: Value) -> Value:
        keys = [self._evaluate(key) for key in argument[:3]]
        found: Value = self._template.mappings
        for key in keys:
            if key not in found:
                raise TemplateError(f"Template error: Unable to get mapping for {'::'.join(map(str, keys))}")
            found = found[key]
        return found

    def _equals(self, argument: Value) -> bool:
        left, right = (self._evaluate(side) for side in argument)
        return _text(left) == _text(right)

    def _contains(self, argument: Value) -> bool:
        values, value = (self._evaluate(side) for side in argument)
        return value in values

    def _get_stack_output(self, argument: Value) -> str:
        evaluated = self._evaluate(argument)
        if not isinstance(evaluated, dict) or evaluated.keys() - {"Region"} != {"StackName", "OutputName"}:
            raise TemplateError(
                "this local AWS provides Fn::GetStackOutput with StackName, OutputName and Region alone,"
                f" got {argument!r}"
            )
        region = evaluated.get("Region", self._values["AWS::Region"])
        return self._others.output(str(evaluated["StackName"]), str(evaluated["OutputName"]), str(region))

    def _get_azs(self, argument: Value) -> list[str]:
        region = self._evaluate(argument) or self._values["AWS::Region"]
        return [f"{region}{zone}" for zone in "abc"]


_FUNCTIONS: Final[dict[str, Callable[[Evaluator, Any], Any]]] = {
    "Fn::GetAtt": Evaluator._get_att_function,
    "Fn::Join": Evaluator._join,
    "Fn::Split": Evaluator._split,
    "Fn::Select": Evaluator._select,
    "Fn::Sub": Evaluator._sub,
    "Fn::If": Evaluator._if,
    "Fn::FindInMap": Evaluator._find_in_map,
    "Fn::Equals": Evaluator._equals,
    "Fn::And": lambda self, argument: all(map(self._evaluate, argument)),
    "Fn::Or": lambda self, argument: any(map(self._evaluate, argument)),
    "Fn::Not": lambda self, argument: not self._evaluate(argument[0]),
    "Fn::Contains": Evaluator._contains,
    "Fn::GetAZs": Evaluator._get_azs,
    "Fn::Base64": lambda self, argument: base64.b64encode(str(self._evaluate(argument)).encode()).decode(),
    "Fn::ImportValue": lambda self, argument: self._others.exported(str(self._evaluate(argument))),
    "Fn::GetStackOutput": Evaluator._get_stack_output,
}


def references(node: Value) -> Iterator[str]:
    """Yield every name that a part of a template refers to."""
    if isinstance(node, list):
        for item in node:
            yield from references(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Ref" and isinstance(value, str) and len(node) == 1:
                yield value
            elif key == "Fn::GetAtt" and len(node) == 1:
                yield value.split(".", 1)[0] if isinstance(value, str) else value[0]
            elif key == "Fn::Sub" and len(node) == 1:
                text, variables = (value, {}) if isinstance(value, str) else value
                for literal, name in _SUB.findall(text):
                    if not literal and name not in variables:
                        yield name.split(".", 1)[0]
                yield from references(variables)
            else:
                yield from references(value)


def _nulls(node: Value, path: str = "") -> Iterator[str]:
    if node is None:
        yield path
    elif isinstance(node, (dict, list)):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from _nulls(value, f"{path}/{key}")


def _depends_on(part: dict[str, Any]) -> list[str]:
    names = part.get("DependsOn", [])
    return [names] if isinstance(names, str) else names


def _attributes(node: Value) -> Iterator[tuple[str, str]]:
    if isinstance(node, list):
        for item in node:
            yield from _attributes(item)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "Fn::GetAtt" and len(node) == 1:
                name, attribute = value.split(".", 1) if isinstance(value, str) else value
                if isinstance(attribute, str):
                    yield name, attribute
            else:
                yield from _attributes(value)


def _text(value: Value) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def _parse(body: str) -> dict[str, Any]:
    try:
        document = parse_template(body)
    except ValueError as error:
        raise TemplateError(f"Template format error: {error}") from error
    if not isinstance(document, dict):
        raise TemplateError("Template format error: unsupported structure.")
    return document
