"""How input is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


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
