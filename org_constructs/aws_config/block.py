"""The text of our block in `~/.aws/config`, written and read back.

Reading is strict: a shared block may come from anywhere, and a setting such as `credential_process` in it would run
a command on the machine of whoever merges it.

The settings: https://docs.aws.amazon.com/sdkref/latest/guide/feature-sso-credentials.html
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from org_constructs.refusal import Refusal
from org_constructs.templates.profiles import Profile, Session
from org_constructs.templates.words import choices

MARKER: Final = re.compile(r"\s*#\s*(?P<edge>BEGIN|END)\s+org-baseline(?=\s|$)(?:\s+(?P<session>[^\s:]+))?")
"""The lines between which a block stands. Kept lenient, so that one that was edited is found, not doubled."""

# Without it there is no refresh token, and the login lasts an hour.
_SCOPES: Final = "sso:account:access"

_SETTINGS: Final = {
    "sso-session": ({"sso_start_url", "sso_region", "sso_registration_scopes"}, set[str]()),
    "profile": ({"sso_session", "sso_account_id", "sso_role_name"}, {"region"}),
}
"""By the kind of section, the settings it must have and may have."""


@dataclass(frozen=True, kw_only=True)
class Block:
    """What one block says: a session and its profiles."""

    session: Session
    profiles: tuple[Profile, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the session and of the profiles."""
        return self.session.name, *(profile.name for profile in self.profiles)

    def sections(self) -> dict[tuple[str, str], dict[str, str]]:
        """Return the settings, by kind and name of their section, in the order in which they are written."""
        session = {
            "sso_start_url": self.session.start_url,
            "sso_region": self.session.region,
            "sso_registration_scopes": _SCOPES,
        }
        return {("sso-session", self.session.name): session} | {
            ("profile", profile.name): {
                "sso_session": self.session.name,
                "sso_account_id": profile.account_id,
                "sso_role_name": profile.permission_set,
                **({} if profile.region is None else {"region": profile.region}),
            }
            for profile in self.profiles
        }

    def render(self, *, without: Collection[tuple[str, str]] = ()) -> str:
        """Return the text from marker to marker, less the sections that stand elsewhere; its last line ends too."""
        name = self.session.name
        lines = [f"# BEGIN org-baseline {name}: `org-baseline aws-config` replaces all of this up to END"]
        for (kind, section), settings in self.sections().items():
            if (kind, section) not in without:
                lines += [f"[{kind} {section}]", *(f"{key} = {value}" for key, value in settings.items()), ""]
        if lines[-1] == "":
            lines.pop()
        return "\n".join([*lines, f"# END org-baseline {name}", ""])


def parse_blocks(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text that holds nothing but blocks, comments and blank lines.

    Raises:
        Refusal: It holds something else, a block is not whole, or there is none.
    """
    blocks: list[Block] = []
    lines = enumerate(text.removeprefix("\ufeff").splitlines(), start=1)
    for number, line in lines:
        marker = MARKER.match(line)
        if marker is not None and marker["edge"] == "BEGIN":
            blocks.append(_parse_block(marker["session"], lines))
        elif marker is not None or (line.strip() and not line.lstrip().startswith(("#", ";"))):
            raise Refusal(
                "block-malformed",
                "the file must contain nothing but whole blocks of `org-baseline aws-config --print`, got line"
                f" {number}: {line!r}",
            )
    if not blocks:
        raise Refusal("block-missing", "the file must contain a block of `org-baseline aws-config --print`, got none")
    names = [block.session.name for block in blocks]
    if len(set(names)) < len(names):
        raise Refusal("block-malformed", f"the file must contain one block for each session, got {', '.join(names)}")
    return tuple(blocks)


def _parse_block(name: str | None, lines: Iterator[tuple[int, str]]) -> Block:
    sections: dict[tuple[str, str], dict[str, str]] = {}
    settings: dict[str, str] | None = None
    for number, line in lines:
        marker = MARKER.match(line)
        if marker is not None:
            if (marker["edge"], marker["session"]) != ("END", name):
                break
            return _block(name, sections)
        if not line.strip() or line.startswith(("#", ";")):
            continue
        if header := re.fullmatch(r"\[(sso-session|profile) (\S+)\]\s*", line):
            if (header[1], header[2]) in sections:
                raise Refusal("block-malformed", f"line {number} must not repeat {line!r}")
            settings = sections.setdefault((header[1], header[2]), {})
        elif settings is not None and (setting := re.fullmatch(r"(\w+)\s*=\s*(\S+)\s*", line)):
            settings[setting[1]] = setting[2]
        else:
            raise Refusal(
                "block-malformed",
                f"line {number} must be a section or a setting of IAM Identity Center, got {line!r}",
            )
    raise Refusal(
        "block-malformed", f"the block of {name!r} must end with its line '# END org-baseline {name}', got none"
    )


def _block(name: str | None, sections: Mapping[tuple[str, str], Mapping[str, str]]) -> Block:
    for (kind, section), settings in sections.items():
        needed, allowed = _SETTINGS[kind]
        if not needed <= settings.keys() <= needed | allowed:
            raise Refusal(
                "block-settings",
                f"[{kind} {section}] must have the settings {choices(needed)}"
                f"{f' and may have {choices(allowed)}' if allowed else ''}, got {choices(settings)}",
            )
    session = sections.get(("sso-session", name or ""))
    profiles = {section: settings for (kind, section), settings in sections.items() if kind == "profile"}
    if session is None or len(sections) != len(profiles) + 1 or session["sso_registration_scopes"] != _SCOPES:
        raise Refusal(
            "block-settings",
            f"the block of {name!r} must have exactly one session, {name!r}, with the scope {_SCOPES}",
        )
    if not profiles:
        raise Refusal("block-settings", f"the block of {name!r} must have a profile, got none")
    for section, settings in profiles.items():
        if settings["sso_session"] != name:
            raise Refusal(
                "block-settings",
                f"[profile {section}] must use the session {name!r}, got {settings['sso_session']!r}",
            )
    return Block(
        session=Session(name=name or "", start_url=session["sso_start_url"], region=session["sso_region"]),
        profiles=tuple(
            Profile(
                name=section,
                account_id=settings["sso_account_id"],
                permission_set=settings["sso_role_name"],
                region=settings.get("region"),
            )
            for section, settings in profiles.items()
        ),
    )
