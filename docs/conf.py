"""How Sphinx makes the site of the pages in this folder; scripts/docs runs it.

https://www.sphinx-doc.org/en/master/usage/configuration.html
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

DOCS: Final = Path(__file__).parent
ROOT: Final = DOCS.parent
SOURCE: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]

project = html_title = "org_constructs"
extensions = ["myst_parser"]
html_theme = "furo"
html_theme_options = {"top_of_page_buttons": []}
html_static_path = ["site"]
html_js_files = ["accessible.js"]
html_search_scorer = str(DOCS / "site" / "scorer.js")
html_favicon = "site/favicon.svg"
html_copy_source = html_show_sphinx = html_use_index = False
# What a page leaves out of an example with "…" is no Python.
suppress_warnings = ["misc.highlighting_failure"]
# As GitHub makes them, so that a link to a heading leads there in both places.
myst_heading_anchors = 4


def without_a_place(index: str) -> list[str]:
    """Return the pages beside the index that it does not name, by their names."""
    named = set(re.findall(r"^[\w-]+$", index, re.MULTILINE))
    return sorted({page.stem for page in DOCS.glob("*.md")} - named - {"index"})


def read_as_on_github(_app: Sphinx, page: str, source: list[str]) -> None:
    """Make a page lead where it leads in the repository.

    The index is README, under which the contents stand; a page that has no place in them yet is one more guide. The
    page of the commands ends with what each says of itself.
    """
    text = source[0]
    if page == "commands":
        helps = subprocess.run(  # noqa: S603 (our own program)
            ["python", ROOT / "scripts" / "commands.py"],  # noqa: S607 (scripts/docs puts it on PATH)
            stdout=subprocess.PIPE,
            check=True,
            text=True,
        )
        text += helps.stdout
    if page == "index":
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        readme = re.sub(r"\]\((?!https?:|#)", "](../", readme).replace("](../docs/", "](")
        text = f"{readme}\n{text.replace('%GUIDES%', chr(10).join(without_a_place(text)))}"
    up = "../" * (page.count("/") + 1)
    text = re.sub(rf"\]\({re.escape(up)}README\.md", f"]({up[3:]}index.md", text)
    source[0] = re.sub(rf"\]\({re.escape(up)}(?!\.)", f"]({SOURCE}/blob/main/", text)


def setup(app: Sphinx) -> None:
    """Have every page read like that."""
    app.connect("source-read", read_as_on_github)
