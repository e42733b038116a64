"""What CloudFormation would run at once: it starts every resource whose dependencies are done.

So two resources run at the same time unless one depends on the other, however indirectly. AWS Organizations refuses
two changes at a time, IAM Identity Center one account's assignments at a time and many accounts' at once.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final


class Graph:
    """The dependencies of a template's resources, without cycles."""

    def __init__(self, dependencies: Mapping[str, Iterable[str]]) -> None:
        """Take each resource's direct dependencies.

        Raises:
            CircularDependencyError: if a resource depends on itself through others.
        """
        self.dependencies: Final = {name: tuple(needs) for name, needs in dependencies.items()}
        self.order: Final = self._sort()
        self._bit: Final = {name: 1 << place for place, name in enumerate(self.order)}
        self._below: Final = self._reach()

    def _sort(self) -> tuple[str, ...]:
        """Order by dependency, otherwise as the template is written; deep chains are no recursion here."""
        waiting = {name: len(set(needs)) for name, needs in self.dependencies.items()}
        dependents: dict[str, list[str]] = {name: [] for name in self.dependencies}
        for name, needs in self.dependencies.items():
            for need in set(needs):
                dependents[need].append(name)
        ready = [name for name, count in waiting.items() if count == 0]
        for name in ready:
            for dependent in dependents[name]:
                waiting[dependent] -= 1
                if waiting[dependent] == 0:
                    ready.append(dependent)
        if len(ready) < len(waiting):
            raise CircularDependencyError(sorted(set(waiting) - set(ready)))
        return tuple(ready)

    def _reach(self) -> dict[str, int]:
        """Return, as bits, everything that each resource depends on."""
        below: dict[str, int] = {}
        for name in self.order:
            bits = 0
            for need in self.dependencies[name]:
                bits |= self._bit[need] | below[need]
            below[name] = bits
        return below

    def depends(self, name: str, other: str) -> bool:
        """Tell whether `name` waits for `other`, directly or through others."""
        return bool(self._below[name] & self._bit[other])

    def first_unordered(self, names: Iterable[str]) -> tuple[str, str] | None:
        """Return the first two of these resources that would run at once, or None if each waits for the one before."""
        wanted = set(names)
        chain = [name for name in self.order if name in wanted]
        for earlier, later in pairwise(chain):
            if not self.depends(later, earlier):
                return earlier, later
        return None

    def most_at_once(self, names: Iterable[str]) -> Sequence[str]:
        """Return the largest set of these resources of which none waits for another.

        By Dilworth's theorem it is as large as the smallest number of chains that cover them all, which is what a
        maximum matching between each resource and one that waits for it finds (Kuhn's algorithm, the sets of
        neighbours being bits).
        """
        wanted = set(names)
        members = [name for name in self.order if name in wanted]
        mask = sum(self._bit[name] for name in members)
        name_of = {self._bit[name]: name for name in members}
        after = {name: self._below[name] & mask for name in members}
        lower_of: dict[str, str] = {}
        upper_of: dict[str, str] = {}
        closed = 0  # what failed searches reached: no later search gets on from there either
        exhausted: set[str] = set()  # the resources that failed searches set out from, or went through
        for start in members:
            came_from: dict[str, str] = {}
            stack, seen, tried = [start], {start}, 0
            free = ""
            while stack and not free:
                upper = stack.pop()
                options = after[upper] & ~closed & ~tried
                while options and not free:
                    bit = 1 << options.bit_length() - 1  # the nearest first: it is the likeliest to be free
                    options ^= bit
                    tried |= bit
                    lower = name_of[bit]
                    came_from[lower] = upper
                    if lower in upper_of:
                        stack.append(upper_of[lower])
                        seen.add(upper_of[lower])
                    else:
                        free = lower
            if not free:
                closed |= tried
                exhausted |= seen
            while free:
                upper = came_from[free]
                upper_of[free] = upper
                lower_of[upper], free = free, lower_of.get(upper, "")
        # Koenig: what a failed search went through, and no failed search reached from the other side.
        return [name for name in members if name in exhausted and not self._bit[name] & closed]


class CircularDependencyError(ValueError):
    """Resources that wait for each other."""

    def __init__(self, names: Sequence[str]) -> None:
        """Take the resources."""
        super().__init__(f"Circular dependency between resources: [{', '.join(names)}]")
