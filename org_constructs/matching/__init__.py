"""What of an organization's templates exists in AWS already: each resource against what is there.

An account is known by its e-mail, a unit by its path, a policy by type and name, a permission set and a group by name,
a user by user name; a membership and an assignment by what they join. Nothing is guessed: what might be one thing or
another is said to be ambiguous.
"""

from .gains import Gain
from .matcher import Matcher
from .result import PRIMARY_IDENTIFIERS, TYPES, Difference, Match, State, Unknown

__all__ = ["PRIMARY_IDENTIFIERS", "TYPES", "Difference", "Gain", "Match", "Matcher", "State", "Unknown"]
