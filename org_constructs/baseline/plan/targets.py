"""What the names in targets mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from org_constructs.constructs.validate import check_known, check_sequence, check_unique
from org_constructs.refusal import Refusal

from .names import EVERY_ACCOUNT, MANAGEMENT

if TYPE_CHECKING:
    from .planned import PlannedAccount, PlannedUnit


class Targets:
    """What the names in targets mean."""

    def __init__(self, units: Mapping[str, PlannedUnit], accounts: Mapping[str, PlannedAccount]) -> None:
        """Look them up among these units and accounts."""
        self._units = units
        self._accounts = accounts
        self._names = [*accounts, *units]

    def check(self, argument: str, targets: Sequence[str], special: Sequence[str]) -> None:
        """Refuse a name that is neither an account, a unit nor one of the special ones."""
        check_sequence(argument, targets, str, "the name of a target")
        check_unique(argument, targets, what="target")
        for index, target in enumerate(targets):
            here = f"{argument}[{index}]"
            if target in special:
                continue
            check_known(
                here,
                target,
                [*self._names, *special],
                what=f"an account's key, a unit's path or one of {', '.join(map(repr, special))}",
            )
            if target in self._accounts and target in self._units:
                raise Refusal(
                    "target-ambiguous",
                    f"{here} must be unambiguous, got {target!r}, which is both the key of an account and the path of"
                    " a unit",
                    "give the unit another key",
                )

    def accounts_of(self, argument: str, target: str) -> Iterator[str]:
        """Yield the keys of the accounts that an assignment's target means, without those that are closing."""
        if target == EVERY_ACCOUNT:
            found: Iterable[str] = self._accounts
        else:
            found = self._accounts_below(argument, target) if target in self._units else [target]
        yield from (key for key in found if key == MANAGEMENT or not self._accounts[key].props.closing)

    def _accounts_below(self, argument: str, path: str) -> Iterator[str]:
        below = [known for known in self._units if known == path or known.startswith(f"{path}/")]
        for known in below:
            if self._units[known].props.organizational_unit_id is not None:
                raise Refusal(
                    "unit-accounts-unknown",
                    f"{argument} must be a unit whose accounts are known at synth, got {path!r}, in which {known!r}"
                    " exists already",
                    "list its accounts instead",
                )
        for key, account in self._accounts.items():
            if account.parent in below:
                yield key

    def of_policy(self, targets: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the unit paths and the account keys that a policy's targets mean, each sorted.

        The order in which targets and accounts are written means nothing, so it must not change the template.
        """
        units = {target for target in targets if target in self._units}
        accounts = {target for target in targets if target in self._accounts or target == MANAGEMENT}
        if EVERY_ACCOUNT in targets:
            accounts.update(self._accounts)
        return tuple(sorted(units)), tuple(sorted(accounts))

    def stack_of(self, account: str) -> str | None:
        """Return the stack of an account; the management account and accounts that exist may have none."""
        return None if account == MANAGEMENT else self._accounts[account].props.stack

    def order(self) -> dict[str, int]:
        """Return the place of each account in the order in which the accounts come to exist."""
        created_last = sorted(self._accounts, key=lambda key: self._accounts[key].props.account_id is None)
        return {key: place for place, key in enumerate([MANAGEMENT, *created_last])}
