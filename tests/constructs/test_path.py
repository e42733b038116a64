"""`path_in_stack`."""

from __future__ import annotations

import aws_cdk as cdk
from constructs import Construct

from org_constructs.constructs._path import path_in_stack


def test_is_the_path_below_the_stack(stack: cdk.Stack) -> None:
    outer = Construct(stack, "Outer")
    assert path_in_stack(outer) == "Outer"
    assert path_in_stack(Construct(outer, "Inner")) == "Outer/Inner"


def test_does_not_depend_on_the_stack_and_its_stage(app: cdk.App) -> None:
    paths = {
        path_in_stack(Construct(Construct(cdk.Stack(scope, stack_id), "Outer"), "Inner"))
        for scope, stack_id in [(app, "Stack"), (cdk.Stage(app, "Stage"), "Other")]
    }
    assert paths == {"Outer/Inner"}


def test_keeps_an_id_that_begins_like_the_stack(stack: cdk.Stack) -> None:
    assert path_in_stack(Construct(Construct(stack, "Stack"), "Stack")) == "Stack/Stack"
