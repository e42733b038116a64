"""What exists already and can be granted something, as CDK's `grant…` methods take it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError

import jsii
from aws_cdk import aws_iam as iam


@jsii.implements(iam.IGrantable)
class Grantable:
    """A value with a `grant_principal`, equal to another one of the same ids.

    It is no dataclass: of one, jsii gives Node the fields; of any other object a reference, which it writes onto it:
    https://github.com/aws/jsii/blob/main/packages/%40jsii/python-runtime/src/jsii/_kernel/__init__.py
    """

    _named: Mapping[str, object]

    def __init__(self, **named: object) -> None:
        """Have each argument as an attribute, which never changes."""
        vars(self).update(named, _named=named)

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse what is not jsii's, as a frozen dataclass does."""
        if name != "__jsii_ref__":
            raise FrozenInstanceError(f"cannot assign to {name!r}")
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        """Tell whether the other names the same."""
        return isinstance(other, type(self)) and self._named == other._named

    def __hash__(self) -> int:
        """Return what equal ones have alike."""
        return hash(tuple(self._named.items()))

    def __repr__(self) -> str:
        """Return what makes an equal one."""
        named = ", ".join(f"{name}={value!r}" for name, value in self._named.items())
        return f"{type(self).__name__}({named})"
