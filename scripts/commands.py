"""Print what each command says of itself, as Markdown; the site has it at the end of docs/commands.md."""

from __future__ import annotations

from collections.abc import Iterator

import click

from org_constructs.commands import main

WIDTH = 100
"""How wide the lines of a help may be."""


def helps() -> str:
    """Return a section for each command."""
    parent = click.Context(main, info_name="org-baseline")
    return "\n".join(_sections(main, parent))


def _sections(group: click.Group, parent: click.Context) -> Iterator[str]:
    for name in group.list_commands(parent):
        command = group.get_command(parent, name)
        assert command  # noqa: S101 (it is listed)
        context = click.Context(command, info_name=name, parent=parent, max_content_width=WIDTH, terminal_width=WIDTH)
        yield f"## {context.command_path}\n\n```text\n{command.get_help(context)}\n```\n"
        if isinstance(command, click.Group):
            yield from _sections(command, context)


if __name__ == "__main__":
    click.echo(helps())
