"""What a command writes, in which format, and where to."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from org_constructs.refusal import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT: Final = "text"
MARKDOWN: Final = "markdown"
HTML: Final = "html"
JSON: Final = "json"
SARIF: Final = "sarif"
JUNIT: Final = "junit"
GITHUB: Final = "github"

option = click.option("-o", "--output", type=click.Path(path_type=Path), help="Write this file; default: stdout.")


def form_option(*forms: str, said: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Return the option for the format of what is written, beside text; what is said of the formats comes first."""
    said += "Default: as the ending of --output says, or text."
    return click.option("--format", "form", type=click.Choice([TEXT, *forms]), help=said)


_OF_ENDING: Final = {
    ".md": MARKDOWN,
    ".markdown": MARKDOWN,
    ".html": HTML,
    ".htm": HTML,
    ".json": JSON,
    ".sarif": SARIF,
    ".xml": JUNIT,
}


def form_of(form: str | None, output: Path | None) -> str:
    """Return the format that is asked for, or that the ending of a file says; text by default."""
    return form or _OF_ENDING.get(output.suffix.lower() if output else "", TEXT)


def width() -> int:
    """Return the width of the terminal; 80 characters where there is none, unless COLUMNS says another number."""
    return shutil.get_terminal_size().columns


def write(text: str, output: Path | None) -> None:
    """Write a file, or stdout as it is.

    Raises:
        Refusal: The file cannot be written.
    """
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    # Whole or not at all, but what is no file, such as a pipe, is written as it is.
    is_file = output.is_file() or not output.exists()
    real = output.resolve()
    beside = real.with_name(f".{real.name}.new") if is_file else output
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        if is_file:
            if real.exists():
                shutil.copymode(real, beside)
            beside.replace(real)
    except OSError as error:
        if is_file:
            with suppress(OSError):
                beside.unlink()
        raise Refusal(
            "file-unwritable", f"--output must be a file that can be written, got {str(output)!r}: {error.strerror}"
        ) from None
    click.echo(f"Wrote {output}", err=True)
