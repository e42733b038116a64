"""Turn a copy of the tree into what is published: README and metadata lead to the repository, wherever they are read.

A package index shows README.md without the files beside it. https://packaging.python.org/en/latest/specifications/well-known-project-urls/
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

_LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\((?!https?:|#|mailto:)([^)\s]+)\)")


def absolute(readme: str, source: str, revision: str) -> str:
    """Return a README whose links to files of the repository are addresses; pictures are the files themselves."""

    def link(found: re.Match[str]) -> str:
        picture, text, path = found.groups()
        return f"{picture}[{text}]({source}/{'raw' if picture else 'blob'}/{revision}/{path})"

    return _LINK.sub(link, readme)


def with_urls(pyproject: str, source: str) -> str:
    """Return a pyproject.toml with the other addresses beside that of the repository."""
    line = f'Source = "{source}"\n'
    others = {
        "Documentation": "/tree/main/docs",
        "Changelog": "/blob/main/CHANGELOG.md",
        "Issues": "/issues",
    }
    return pyproject.replace(line, line + "".join(f'{name} = "{source}{path}"\n' for name, path in others.items()))


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    readme, pyproject = folder / "README.md", folder / "pyproject.toml"
    text = pyproject.read_text(encoding="utf-8")
    project = tomllib.loads(text)["project"]
    source = project["urls"]["Source"]
    pyproject.write_text(with_urls(text, source), encoding="utf-8")
    published = absolute(readme.read_text(encoding="utf-8"), source, f"v{project['version']}")
    readme.write_text(published, encoding="utf-8")
