"""The files of a review that somebody signs: what they are called, and what is in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from org_constructs.aws.cis_benchmark import BENCHMARK, VERSION

from .access_review import access_rows, render_csv
from .controls import judge
from .sign_off import render_sign_off

if TYPE_CHECKING:
    from org_constructs.live.control_answers import ControlAnswers
    from org_constructs.templates.description import Description

    from .control import Control
    from .reviewed import Reviewed


def evidence(
    description: Description, reviewed: Reviewed, answers: ControlAnswers | None = None
) -> Mapping[str, bytes]:
    """Return the contents of the files by their names, which have the day in them.

    The same arguments make the same bytes.

    Args:
        description: The organization.
        reviewed: Where the description is from.
        answers: What AWS answered where controls ask for more; None where AWS was not asked.
    """
    rows = access_rows(description, at=reviewed.at)
    controls = judge(description, answers)
    files = {
        f"access-review-{reviewed.day}.csv": render_csv(rows).encode(),
        f"controls-{reviewed.day}.json": _controls(controls, reviewed).encode(),
    }
    page = render_sign_off(description, reviewed, rows=rows, controls=controls, sums=_sums(files))
    files[f"sign-off-{reviewed.day}.html"] = page.encode()
    sums = "".join(f"{digest}  {name}\n" for name, digest in _sums(files).items())
    return {**files, "SHA256SUMS": sums.encode()}


def _sums(files: Mapping[str, bytes]) -> Mapping[str, str]:
    return {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}


def _controls(controls: Iterable[Control], reviewed: Reviewed) -> str:
    document: dict[str, Any] = {
        "benchmark": BENCHMARK,
        "version": VERSION,
        "reviewed": {
            "source": reviewed.source,
            "date": reviewed.date,
            "asked_with": reviewed.asked_with,
            "revision": reviewed.revision,
        },
        "controls": [
            {
                "id": each.id,
                "title": each.title,
                "verdict": each.verdict,
                "why": each.why,
                "confirm": each.confirm,
                "asked": [{"source": asked.source, "answer": asked.answer} for asked in each.asked],
            }
            for each in controls
        ],
    }
    return json.dumps(document, indent=2) + "\n"
