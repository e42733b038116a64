"""The site of the documentation, as scripts/docs makes it and a browser shows it."""

from __future__ import annotations

import json
import re
import subprocess
import threading
import tomllib
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

import pytest

from browser import chromium
from org_constructs.rules import RULES
from project import ROOT
from real_clients import axe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

SOURCE: Final = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]["Source"]
COLOURS: Final = {"index.html", "guardrails.html", "search.html"}
"""The pages with everything that has a colour: to look at all of them takes a minute, and the theme's are the same."""
NAMES: Final = re.findall(r"^### (\w+)$", (ROOT / "docs" / "reference.md").read_text(encoding="utf-8"), re.MULTILINE)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine, and yield its address."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


def dead_links(site: Path) -> Iterator[tuple[str, str]]:
    """The links of each page to what is not there: a page, a heading, a file of the repository."""
    texts = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    ids = {page: {*re.findall(r'\bid="([^"]+)"', text), ""} for page, text in texts.items()}
    for page, text in texts.items():
        for link in {*re.findall(r'\b(?:href|src)="([^"]+)"', text)}:
            if link.startswith(f"{SOURCE}/blob/main/"):
                found = (ROOT / link.removeprefix(f"{SOURCE}/blob/main/")).exists()
            elif urlsplit(link).scheme:
                continue
            else:
                path, _, heading = unquote(link).partition("#")
                to = (page.parent / path.partition("?")[0]).resolve() if path else page
                found = heading in ids[to] if to in ids else to.is_file()
            if not found:
                yield page.relative_to(site).as_posix(), link


def first_results(chrome: Chrome, words: list[str]) -> dict[str, str]:
    """Where the first result of each search leads."""
    found: dict[str, str] = chrome.execute_script(_SEARCH, words)
    return found


_SEARCH: Final = """
const first = (words) => Search._performSearch(...Search._parseQuery(words)).pop() ?? [];
return Object.fromEntries(arguments[0].map((words) => [words, `${first(words)[0]}${first(words)[2]}`]));
"""


@pytest.mark.long
def test_has_no_dead_link_finds_every_name_and_is_for_everybody(tmp_path: Path) -> None:
    site = tmp_path / "site"
    built = subprocess.run(  # noqa: S603 (our own script)
        [ROOT / "scripts" / "docs", site], capture_output=True, text=True, check=False, timeout=300
    )
    assert built.returncode == 0, built.stdout + built.stderr
    assert sorted(dead_links(site)) == []
    pages = sorted(page.relative_to(site).as_posix() for page in site.rglob("*.html") if page.stem != "genindex")
    assert {
        page.relative_to(ROOT / "docs").with_suffix(".html").as_posix() for page in (ROOT / "docs").rglob("*.md")
    } < {*pages}
    assert {*pages} > COLOURS
    with served(site) as address, chromium() as chrome:
        chrome.set_script_timeout(120)
        violations = {}
        for page in pages:
            chrome.get(address + page)
            chrome.execute_script(axe().read_text(encoding="utf-8"))
            violations[page] = chrome.execute_async_script(_AXE, page in COLOURS)
        chrome.get(f"{address}search.html?q=Account")
        rules = [rule.id for rule in RULES]
        results = first_results(chrome, [*NAMES, *rules])
        console = chrome.get_log("browser")  # type: ignore[no-untyped-call]
        requests = {
            message["params"]["request"]["url"]
            for entry in chrome.get_log("performance")  # type: ignore[no-untyped-call]
            if (message := json.loads(entry["message"])["message"])["method"] == "Network.requestWillBeSent"
        }
    assert {page: found for page, found in violations.items() if found} == {}
    assert results == {
        **{name: f"reference#{name.lower().replace('_', '-')}" for name in NAMES},
        **{rule: f"rules#{rule.lower()}" for rule in rules},
    }
    assert console == []
    assert [url for url in requests if url.startswith("http") and not url.startswith(address)] == []
    assert f"{address}search.html?q=Account" in requests


_AXE: Final = """
const [colours, done] = arguments;
const options = { resultTypes: ["violations"], rules: { "color-contrast": { enabled: colours } } };
axe.run(document, options).then(({ violations }) => done(violations.map(({ id, nodes }) => (
  [id, nodes.map(({ html }) => html.slice(0, 200))]
))));
"""
