"""The one type that is as wide as JSON."""

from typing import Any

Value = Any
"""A value of a template, a request or an answer: text, number, truth, nothing, or a list or object of them.

mypy cannot go through a recursive JSON type without a cast at every step, and the schemas check these values when it
counts.
"""
