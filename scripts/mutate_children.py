"""A plugin of pytest that collects once, and then runs each mutant in a child that has everything imported already.

The functions of the child get the mutant's code. What a file does at import is not done again, so a mutant of that is
declined, and what survives here is run once more from the start by whoever asks.
"""

from __future__ import annotations

import gc
import json
import os
import resource
import warnings
from collections import defaultdict
from contextlib import suppress
from functools import _lru_cache_wrapper
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from socket import socket
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Final, TypeVar

import pytest
from aws_cdk import Token

if TYPE_CHECKING:
    from collections.abc import Iterator

SOCKET: Final = "MUTATE_SOCKET"
"""The variable of the environment that says from which file descriptor requests come and where answers go."""

_FUNCTION: Final = 2
"""What marks a function's code: https://docs.python.org/3/library/inspect.html#inspect.CO_NEWLOCALS"""


_T = TypeVar("_T")


class RunsAtImportError(Exception):
    """The mutant breaks what a file does when it is imported."""


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool:
    """Run the tests of each request in a child, in their order and until one fails, and answer what came of it."""
    tests = {item.nodeid: item for item in session.items}
    # What is read once and then kept, by moto and cfn-lint above all, is read here.
    _pass(list({item.path: item for item in reversed(session.items)}.values()))
    functions = live_functions()
    caches = _caches()
    with socket(fileno=int(os.environ[SOCKET])) as connection, connection.makefile("rw") as lines:
        print("ready", file=lines, flush=True)
        for line in lines:
            request = json.loads(line)
            path = Path(request["path"]).resolve()
            try:
                codes = new_codes(request["text"], path.read_text(encoding="utf-8"), path, functions)
                items = [tests[test] for test in request["tests"]]
            except (RunsAtImportError, SyntaxError, KeyError):
                answer = "declined"
            else:
                answer = _in_child(items, codes, caches, request["seconds"])
            print(answer, file=lines, flush=True)
    return True


def new_codes(
    before: str, after: str, path: Path, functions: dict[tuple[str, str, int], list[FunctionType]]
) -> list[tuple[FunctionType, CodeType]]:
    """Return the functions whose code differs between two texts of a file, with the new code.

    Raises:
        RunsAtImportError: More differs than that, or a function that nothing holds any more.

    """
    changed = []
    for old, new in _pairs(compile(before, path, "exec"), compile(after, path, "exec")):
        if _content(old, deep=True) != _content(new, deep=True):
            live = functions.get((old.co_filename, old.co_qualname, old.co_firstlineno), [])
            if not live or old.co_freevars != new.co_freevars:
                raise RunsAtImportError
            changed += [(function, new) for function in live]
    return changed


def _pairs(old: CodeType, new: CodeType) -> Iterator[tuple[CodeType, CodeType]]:
    """Yield the functions of a module and its classes, as they were and are."""
    if old.co_flags & _FUNCTION:
        yield old, new
        return
    olds, news = _inner(old), _inner(new)
    if _content(old) != _content(new) or [code.co_name for code in olds] != [code.co_name for code in news]:
        raise RunsAtImportError
    for each, other in zip(olds, news, strict=True):
        yield from _pairs(each, other)


def _inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _content(code: CodeType, *, deep: bool = False) -> str:
    """Return what a code does, wherever its lines are; repr tells 1 from True, as a comparison does not."""
    inner = [_content(each, deep=True) for each in _inner(code)] if deep else []
    constants = [each for each in code.co_consts if not isinstance(each, CodeType)]
    return repr((code.co_code, code.co_exceptiontable, code.co_names, code.co_varnames, constants, inner))


def live_functions() -> dict[tuple[str, str, int], list[FunctionType]]:
    """Return what is there of functions, wherever it is held, by the file, the name and the line."""
    found: dict[tuple[str, str, int], list[FunctionType]] = defaultdict(list)
    for each in _objects(FunctionType):
        code = each.__code__
        found[code.co_filename, code.co_qualname, code.co_firstlineno].append(each)
    return found


def _objects(kind: type[_T]) -> list[_T]:
    """Return what there is of a type, also of what the tests leave out of every look for garbage."""
    gc.unfreeze()
    found = [each for each in gc.get_objects() if type(each) is kind]
    gc.freeze()
    return found


def _caches() -> list[_lru_cache_wrapper[object]]:
    """Return the caches of our functions, in which is what they returned before they were broken."""
    return [each for each in _objects(_lru_cache_wrapper) if each.__module__.startswith("org_constructs")]


def _in_child(
    items: list[pytest.Item],
    codes: list[tuple[FunctionType, CodeType]],
    caches: list[_lru_cache_wrapper[object]],
    seconds: int,
) -> str:
    """Return whether the tests passed or failed, or what ended the child; `broken` if no other can follow it."""
    with warnings.catch_warnings():
        # The thread that is there is jsii's, for the standard error of its Node, which no child waits for:
        # https://docs.python.org/3/library/os.html#os.fork
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        status = 2
        try:
            os.setpgid(0, 0)
            # Of processor time, which is the same on a busy machine.
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
            for function, code in codes:
                function.__code__ = code
            for cache in caches:
                cache.cache_clear()
            status = int(not _pass(items))
        finally:
            os._exit(status)
    _, waited = os.waitpid(child, 0)
    # Whatever a test has left running, too.
    with suppress(ProcessLookupError):
        os.killpg(child, SIGKILL)
    status = os.waitstatus_to_exitcode(waited)
    if status == -SIGXCPU:
        return "endless"
    return {0: "passed", 1: "failed"}.get(status, "broken") if _node_answers() else "broken"


def _pass(items: list[pytest.Item]) -> bool:
    """Run the tests until one fails."""
    return all(
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following) and not item.session.testsfailed
        for item, following in zip(items, [*items[1:], None], strict=True)
    )


def _node_answers() -> bool:
    """Tell whether the CDK's Node, which all children share, has answered whatever the last one asked."""
    try:
        return not Token.is_unresolved("an answer to this and nothing else")
    except Exception:  # noqa: BLE001 (anything may be read as an answer)
        return False
