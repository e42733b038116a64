"""How input is refused."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from .uncaught import show_without_our_frames

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


class Refusal(ValueError):  # noqa: N818 (nothing went wrong: the program did what it should)
    """Input that the package does not take, said in one sentence: why, and after a semicolon what to do instead.

    A ValueError, so that whoever calls a construct catches what Python raises for a wrong argument. Programs tell
    refusals apart by their code; the wording is for people and may change in any version.
    """

    def __init__(self, code: str, why: str, fix: str = "") -> None:
        """Say what is refused.

        Args:
            code: What the kind of refusal is called, such as `email-plus`. It never changes and is never used again.
            why: The argument, the rule and the value got; no full stop.
            fix: What to do, in the imperative; empty where the rule says it.
        """
        super().__init__(f"{why}; {fix}" if fix else why)
        show_without_our_frames(Refusal)
        self.code = code
        self.why = why
        self.fix = fix

    def within(self, where: str) -> Refusal:
        """Return the same refusal of an argument that is part of another, with the text before it."""
        return type(self)(self.code, f"{where}{self.why}", self.fix)

    def renamed(self, names: Mapping[str, str]) -> Refusal:
        """Return the same refusal, with the argument that its text begins with called as `names` has it."""
        name, space, rule = self.why.partition(" ")
        return type(self)(self.code, f"{names.get(name, name)}{space}{rule}", self.fix)

    def with_fix(self, fix: str) -> Refusal:
        """Return the same refusal with something to do beside what it says already."""
        return type(self)(self.code, self.why, f"{self.fix}; {fix}" if self.fix else fix)

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str, str]]:
        """Have copies and other processes get the parts, not the sentence."""
        return type(self), (self.code, self.why, self.fix)


class Refusals(Refusal):
    """Several refusals of arguments that do not depend on each other, told together, one on a line.

    Its code, why and fix are those of the first.
    """

    def __init__(self, refusals: Sequence[Refusal]) -> None:
        """Take the refusals, two at least, in the order in which the arguments stand."""
        first = refusals[0]
        super().__init__(first.code, first.why, first.fix)
        self.args = ("\n- ".join([f"{len(refusals)} mistakes:", *map(str, refusals)]),)
        self.refusals = tuple(refusals)

    def __reduce__(self) -> tuple[type[Refusals], tuple[tuple[Refusal, ...]]]:  # type: ignore[override] # other arguments
        """Have copies and other processes get the refusals."""
        return type(self), (self.refusals,)


class Mistakes:
    """What is refused of several arguments, each looked at although another one is refused."""

    def __init__(self) -> None:
        """Begin without any."""
        self._found: list[Refusal] = []

    def __bool__(self) -> bool:
        """Tell whether there are any."""
        return bool(self._found)

    @contextmanager
    def gathered(self) -> Iterator[None]:
        """Go on after a refusal in this block, and keep it."""
        try:
            yield
        except Refusals as several:
            self._found += several.refusals
        except Refusal as refusal:
            self._found.append(refusal)

    def refuse(self) -> None:
        """Refuse what was kept, if anything was.

        Raises:
            Refusal: The only one, or all of them as `Refusals`.
        """
        if self._found:
            raise self._found[0] if len(self._found) == 1 else Refusals(self._found)
