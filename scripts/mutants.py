"""The mutants of a file: Cosmic Ray's, and those that it does not make and that tests here have missed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from difflib import unified_diff
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

import parso  # type: ignore[import-not-found] # installed where scripts/mutate finds it and nothing else does
from cosmic_ray import plugins  # type: ignore[import-not-found]
from cosmic_ray.ast import ast_nodes, get_ast  # type: ignore[import-not-found]
from cosmic_ray.mutating import mutate_code  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

_Position = tuple[int, int]
_Node = Any
"""A node of parso's tree: https://parso.readthedocs.io/en/latest/docs/parser-tree.html"""


class _Operator(Protocol):
    """What Cosmic Ray asks of an operator: https://cosmic-ray.readthedocs.io/en/latest/concepts.html#operators."""

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]: ...

    def mutate(self, node: _Node, index: int) -> _Node | None: ...


@dataclass(frozen=True)
class Mutant:
    """One way of breaking a file, at one place of it."""

    path: Path
    operator: str
    occurrence: int
    start: _Position
    lines: range
    """The statement's, or as much of it as stands on the same lines as what is broken."""

    def code(self, text: str) -> str:
        """Return the file's text with this in it."""
        mutated: str | None = mutate_code(text, _operators()[self.operator], self.occurrence)
        if mutated is None:
            raise ValueError(f"{self.path} has no occurrence {self.occurrence} of {self.operator}")
        return mutated

    def diff(self, text: str) -> str:
        """Return what this changes in the file's text, with the line's number."""
        lines = unified_diff(text.splitlines(), self.code(text).splitlines(), n=0, lineterm="")
        changed = [line for line in lines if not line.startswith(("---", "+++", "@@"))]
        return "\n".join([f"{self.path}:{self.start[0]}  {self.operator}", *changed])


_SEARCHED: Final = {"ReplaceBinaryOperator": "operator", "ReplaceComparisonOperator": "comparison"}
"""What those operators are about of which there is one for each pair; to look at nothing else saves nearly all time."""


def mutants_by_place(path: Path, text: str, lines: Collection[int] | None = None) -> list[list[Mutant]]:
    """Return the mutants of each place of a file, of those lines alone where they are given.

    Left out is what no test can notice: annotations, imports for them, and the arguments of decorators; and what is no
    Python, as with another operator for a mapping's two stars, or cannot be made, as with a dotted exception.
    """
    by_place: dict[tuple[_Position, str], list[Mutant]] = defaultdict(list)
    nodes = list(ast_nodes(get_ast(text)))
    of_type = {kind: [node for node in nodes if node.type == kind] for kind in _SEARCHED.values()}
    for name, operator in _operators().items():
        searched = of_type.get(_SEARCHED.get(name.partition("_")[0], ""), nodes)
        positions = [(node, start) for node in searched for start, _ in operator.mutation_positions(node)]
        for occurrence, (node, start) in enumerate(positions):
            dotted = name == "ExceptionReplacer" and _is_dotted(node.get_leaf_for_position(start))
            if (lines is None or start[0] in lines) and not _is_unseen(node) and not dotted:
                # What swaps one operator for each of the others is as many mutants of one place.
                family = "operator" if "Replace" in name else name
                by_place[start, family].append(Mutant(path, name, occurrence, start, _lines(node, start[0])))
    return [by_place[place] for place in sorted(by_place)]


def _is_unseen(node: _Node) -> bool:
    if node.type == "operator" and node.parent.type in {"dictorsetmaker", "arglist", "parameters", "trailer"}:
        return True
    hidden = _is_for_types(node)
    while not hidden and (parent := node.parent) is not None:
        hidden = (
            _is_for_types(parent)
            or (parent.type in {"annassign", "tfpdef", "decorator"} and node is not _default(parent))
            or (parent.type in {"param", "funcdef"} and node is parent.annotation)
        )
        node = parent
    return hidden


def _is_dotted(leaf: _Node) -> bool:
    """Tell whether what begins here is, or is part of, a name such as `client.exceptions.NotFound`."""
    return "." in {leaf.value, leaf.get_next_leaf().value}


def _is_for_types(node: _Node) -> bool:
    return bool(node.type == "if_stmt" and node.children[1].get_code().strip() == "TYPE_CHECKING")


def _lines(node: _Node, line: int) -> range:
    statement = node
    while statement.parent is not None and statement.type != "simple_stmt":
        statement = statement.parent
    if statement.type == "simple_stmt":
        return range(statement.start_pos[0], statement.end_pos[0] + 1)
    # In the head of a compound statement, as an `if`: its own lines alone.
    return range(line, line + 1)


def _default(parent: _Node) -> _Node | None:
    """Return the value of an assignment that has an annotation."""
    return parent.children[3] if parent.type == "annassign" and len(parent.children) > 3 else None  # noqa: PLR2004


class SwapAnyAndAll:
    """`any` where the code says `all`, and the other way round."""

    _OTHER: Final = {"any": "all", "all": "any"}

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]:
        """Yield where one of the two is called."""
        follower = node.get_next_sibling() if node.type == "name" and node.value in self._OTHER else None
        if follower is not None and follower.type == "trailer" and follower.children[0] == "(":
            yield node.start_pos, node.end_pos

    def mutate(self, node: _Node, index: int) -> _Node:
        """Write the other one."""
        del index
        node.value = self._OTHER[node.value]
        return node


class DropCondition:
    """A comprehension without its last condition."""

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]:
        """Yield where a condition is after which the comprehension ends."""
        if node.type == "comp_if" and len(node.children) == 2:  # noqa: PLR2004
            yield node.start_pos, node.end_pos

    def mutate(self, node: _Node, index: int) -> None:
        """Remove the condition."""
        del node, index


class DropStatement:
    """`pass` in place of a call, a yield, an assignment with an operator, or a raise."""

    _TYPES: Final = {"atom_expr", "yield_expr", "raise_stmt"}

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]:
        """Yield where such a statement is."""
        augmented = node.type == "expr_stmt" and node.children[1].type == "augassign"
        if node.parent is not None and node.parent.type == "simple_stmt" and (node.type in self._TYPES or augmented):
            yield node.start_pos, node.end_pos

    def mutate(self, node: _Node, index: int) -> _Node:
        """Write `pass`; a generator stays one."""
        del index
        return _expression("yield from ()" if node.type == "yield_expr" else "pass", node)


class DropArgument:
    """A call without one of its keyword arguments."""

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]:
        """Yield where the keyword arguments of calls of several arguments are."""
        for argument in self._arguments(node):
            yield argument.start_pos, argument.end_pos

    def mutate(self, node: _Node, index: int) -> _Node:
        """Remove the argument."""
        return _without(node, node.children.index(self._arguments(node)[index]))

    @staticmethod
    def _arguments(node: _Node) -> list[_Node]:
        if node.type != "arglist":
            return []
        return [each for each in node.children if each.type == "argument" and each.children[1] == "="]


class DropElement:
    """A list, tuple, set or mapping that is written out, without one of what is in it."""

    def mutation_positions(self, node: _Node) -> Iterator[tuple[_Position, _Position]]:
        """Yield where the elements of those of several are."""
        for first in self._elements(node):
            yield first.start_pos, first.end_pos

    def mutate(self, node: _Node, index: int) -> _Node:
        """Remove the element."""
        first = node.children.index(self._elements(node)[index])
        return _without(node, first, 3 if self._is_mapping(node) and not _is_spread(node.children[first]) else 1)

    @staticmethod
    def _is_mapping(node: _Node) -> bool:
        return any(child == ":" for child in node.children)

    def _elements(self, node: _Node) -> list[_Node]:
        children = getattr(node, "children", [])
        if node.type not in {"testlist_comp", "dictorsetmaker"} or sum(child == "," for child in children) < 2:  # noqa: PLR2004
            return []
        return [each for before, each in zip([None, *children], children, strict=False) if before in {None, ","}]


def _is_spread(node: _Node) -> bool:
    return bool(node == "**")


def _without(node: _Node, first: int, size: int = 1) -> _Node:
    """Remove some of a node's children, with the comma after them or, of the last ones, before them."""
    size = 2 if _is_spread(node.children[first]) else size
    end = first + size
    if end < len(node.children):
        end += 1
    elif first:
        first -= 1
    del node.children[first:end]
    return node


def _expression(code: str, instead_of: _Node) -> _Node:
    node = parso.parse(code).children[0]
    node.get_first_leaf().prefix = instead_of.get_first_leaf().prefix
    return node


@cache
def _operators() -> dict[str, _Operator]:
    """Return the operators by name; Cosmic Ray's for variables want to be told of which, and decorators stay."""
    classes = {name.rpartition("/")[2]: plugins.get_operator(name) for name in plugins.operator_names()}
    theirs = {
        name: operator()
        for name, operator in sorted(classes.items())
        if not operator.arguments() and name not in {"NoOp", "RemoveDecorator"}
    }
    ours = (SwapAnyAndAll, DropCondition, DropStatement, DropArgument, DropElement)
    return {**theirs, **{operator.__name__: operator() for operator in ours}}
