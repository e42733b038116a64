"""The pictures of the report in docs/images, which scripts/report-images draws; no test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from base64 import b64decode
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from selenium.webdriver import ActionChains
from selenium.webdriver.common.keys import Keys

from browser import chromium
from org_constructs.report.html import render_html
from org_constructs.report.model import make_report
from org_constructs.templates.description import describe
from organizations import template_of
from plain_organizations import large

if TYPE_CHECKING:
    from collections.abc import Mapping

    from selenium.webdriver import Chrome

SIZE_MAX = 150_000  # bytes


def show(chrome: Chrome, folder: Path, template: Mapping[str, Any], scheme: str) -> None:
    """Open the report of a template."""
    page = folder / "report.html"
    page.write_text(render_html(make_report(describe({"S": template}))), encoding="utf-8")
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
    # The page alone, without the bars of a window.
    chrome.execute_cdp_cmd("Emulation.setScrollbarsHidden", {"hidden": True})
    chrome.get(page.as_uri())


def save(chrome: Chrome, file: Path) -> None:
    """Save what is in sight, down to the end of the access."""
    bottom = chrome.execute_script("return document.getElementById('access').getBoundingClientRect().bottom")
    top = chrome.execute_script("return window.scrollY")
    clip = {"x": 0, "y": top, "width": 1280, "height": bottom + 24, "scale": 1}
    file.write_bytes(b64decode(chrome.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip})["data"]))
    if quantize := shutil.which("pngquant"):
        subprocess.run([quantize, "--force", "--strip", "--output", str(file), "128", str(file)], check=True)  # noqa: S603
    size = file.stat().st_size
    print(f"{file}: {size:,} bytes")  # noqa: T201 (for whoever runs it)
    if size > SIZE_MAX:
        raise ValueError(f"a picture must have at most {SIZE_MAX:,} bytes, got {size:,} of {file}; install pngquant")


def draw(folder: Path) -> None:
    """Draw both pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as pages, chromium(width=1280, height=1500) as chrome:
        show(chrome, Path(pages), template_of("grown"), "light")
        save(chrome, folder / "report.png")
        show(chrome, Path(pages), large(), "dark")
        chrome.get(f"{chrome.current_url}#access?unit=payments&view=matrix")
        chrome.execute_script("document.querySelector('#matrix table').focus({ preventScroll: true })")
        ActionChains(chrome).send_keys(*[Keys.ARROW_DOWN] * 4, *[Keys.ARROW_RIGHT] * 6).perform()
        chrome.execute_script("document.getElementById('access').scrollIntoView()")
        save(chrome, folder / "report-matrix.png")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
