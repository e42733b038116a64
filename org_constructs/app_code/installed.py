"""What installs this package again, as it is here: from an index, or from where it was installed from."""

from __future__ import annotations

import json
from importlib.metadata import distribution

_WITH_EXTRA = "org-constructs[rehearsal]"


def requirement() -> str:
    """Return the requirement for pip and uv; without a version where an index has the package.

    An installer writes down where it had a package from, unless that was an index. Of a clone that is its folder:
    https://packaging.python.org/en/latest/specifications/direct-url/
    """
    written = distribution("org-constructs").read_text("direct_url.json")
    if written is None:
        return _WITH_EXTRA
    told = json.loads(written)
    url, vcs = told["url"], told.get("vcs_info")
    if vcs:
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    folder = told.get("subdirectory")
    return f"{_WITH_EXTRA} @ {url}{f'#subdirectory={folder}' if folder else ''}"


def installing(requirements: str) -> str:
    """Return a requirements file, which begins with the released version, with what installs the package that is here.

    Args:
        requirements: The text of the file.
    """
    here = requirement()
    released, _, others = requirements.partition("\n")
    if here == _WITH_EXTRA:
        return requirements
    only_here = (
        "# This path is of the machine on which `org-baseline init` ran, since it was not installed from an index.\n"
        f"# For other machines write {released} once their index has it.\n"
    )
    return f"{only_here * here.startswith(f'{_WITH_EXTRA} @ file:')}{here}\n{others}"
