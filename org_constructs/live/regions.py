"""What exists, as seen from each region that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .organization import LiveOrganization

if TYPE_CHECKING:
    import boto3


class LiveRegions:
    """Connects to each region once."""

    def __init__(self, session: boto3.Session, home: str) -> None:
        """Take the credentials, and the region of IAM Identity Center and of stacks that name none."""
        self._session = session
        self._home = home
        self._live: dict[str, LiveOrganization] = {}

    def __call__(self, region: str | None = None) -> LiveOrganization:
        """Return where to look in a region, by default at home."""
        name = region or self._home
        if name not in self._live:
            self._live[name] = LiveOrganization.connect(self._session, name)
        return self._live[name]

    def forget(self) -> None:
        """Ask AWS anew from now on, for what has been changed since it answered."""
        for live in self._live.values():
            live.forget()
