"""A local AWS that the real CDK CLI deploys to, and that refuses what AWS refuses.

- server.py starts and stops it; run.py is the one that runs
- existing.py, seed.py: what is there before the deploy
- failures.py: what goes wrong on request
- services/: AWS Organizations, IAM Identity Center and its Identity Store: moto's, made strict
- cloudformation/: an engine of our own behind moto's HTTP server
- resources/: what each resource type does
"""

from typing import TYPE_CHECKING

from .existing import Existing
from .failures import FAILURE_KINDS

if TYPE_CHECKING:
    from .server import LocalAws

__all__ = ["FAILURE_KINDS", "Existing", "LocalAws"]


def __getattr__(name: str) -> object:
    """Import moto, which takes most of a second and is an extra, with the local AWS itself and not before."""
    if name == "LocalAws":
        from .server import LocalAws  # noqa: PLC0415

        return LocalAws
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
