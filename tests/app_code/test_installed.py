"""What a new app installs this package by: an index's version, or what it was installed from where `init` ran."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from packaging.requirements import Requirement

from org_constructs.app_code import installed
from org_constructs.app_code.installed import installing, requirement

if TYPE_CHECKING:
    from collections.abc import Mapping

RELEASED = "org-constructs[rehearsal]==1.2.3"
OTHERS = "click==8.5.1\n"
CLONE = "file:///home/dax/org%20constructs"
WHEEL = "file:///tmp/org_constructs-1.2.3-py3-none-any.whl"


def install_from(monkeypatch: pytest.MonkeyPatch, direct_url: Mapping[str, Any] | None) -> None:
    text = None if direct_url is None else json.dumps(direct_url)
    monkeypatch.setattr(installed, "distribution", lambda _: SimpleNamespace(read_text={"direct_url.json": text}.get))


def test_of_an_index_it_is_the_released_version(monkeypatch: pytest.MonkeyPatch) -> None:
    install_from(monkeypatch, None)
    assert installing(f"{RELEASED}\n{OTHERS}") == f"{RELEASED}\n{OTHERS}"
    assert requirement() == "org-constructs[rehearsal]"


@pytest.mark.parametrize(
    ("direct_url", "url", "is_of_one_machine"),
    [
        ({"url": CLONE, "dir_info": {"editable": True}}, CLONE, True),
        ({"url": WHEEL, "archive_info": {}}, WHEEL, True),
        ({"url": "https://acme.com/o.whl", "archive_info": {}}, "https://acme.com/o.whl", False),
        (
            {"url": "https://acme.com/o.git", "vcs_info": {"vcs": "git", "commit_id": "40f1"}, "subdirectory": "py"},
            "git+https://acme.com/o.git@40f1#subdirectory=py",
            False,
        ),
    ],
    ids=["a clone", "a wheel", "a wheel elsewhere", "a repository"],
)
def test_of_anything_else_it_is_that(
    monkeypatch: pytest.MonkeyPatch, direct_url: Mapping[str, Any], url: str, *, is_of_one_machine: bool
) -> None:
    install_from(monkeypatch, direct_url)
    *comments, first, others = installing(f"{RELEASED}\n{OTHERS}").splitlines()
    read = Requirement(first)
    assert (read.name, read.extras, read.url) == ("org-constructs", {"rehearsal"}, url)
    assert first == requirement()
    assert others == OTHERS.rstrip()
    assert all(each.startswith("#") for each in comments)
    assert any(RELEASED in each for each in comments) is is_of_one_machine
