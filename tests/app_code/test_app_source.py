"""Code that is written is as `ruff format` leaves it, and means the values that it was made of."""

from __future__ import annotations

import subprocess
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from org_constructs.app_code.source import Call, Code, Comment, Lines, Name, Noted, Starred, imported, quoted

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = ("a", 'say "a"', "it's", 'it\'s "a"', "back\\slash", "new\nline", "Zoë", "\u202e", "x" * 40, "y" * 130, "")


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_stays_that_text(text: str) -> None:
    assert eval(quoted(text)) == text  # noqa: S307 (what is tested)
    assert quoted(text).isprintable()


def value(random: Random, depth: int) -> Any:
    kind = random.randrange(4 if depth < 3 else 1)
    if kind == 0:
        return random.choice(TEXTS)
    items = [value(random, depth + 1) for _ in range(random.randrange(4))]
    if kind == 1:
        return items
    if kind == 2:
        keywords = {f"argument_{number}": each for number, each in enumerate(items)}
        return Call("Thing", keywords=keywords, one_a_line=random.random() < 0.1)
    lines = [Noted(each, random.choice(((), ("Why.",))), random.choice(("", "Kim", "z" * 90))) for each in items]
    return Lines([Comment("What. " * 30), *lines, Starred(Name("MORE"))])


def test_is_as_ruff_formats_it(tmp_path: Path) -> None:
    random = Random(3)  # noqa: S311 (the same code each time)
    code = Code()
    text = "\n".join(code.assignment(f"VALUE_{number}", value(random, 0)) for number in range(400))
    (tmp_path / "written.py").write_text(text, encoding="utf-8")
    ran = subprocess.run(
        ["ruff", "format", "--isolated", "--line-length=120", "--diff", "written.py"],  # noqa: S607 (the venv's)
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stdout[:2000]
    assert code.names >= {"Thing", "MORE"}


def test_imports_stand_in_a_line_or_each_on_its_own() -> None:
    assert imported("acme", ["b", "Ab", "AA", "Aa"]) == "from acme import AA, Aa, Ab, b\n"
    names = [f"Name{number:020}" for number in range(5)]
    assert imported("acme", names) == "".join(["from acme import (\n", *(f"    {each},\n" for each in names), ")\n"])
