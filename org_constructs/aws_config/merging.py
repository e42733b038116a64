"""Our block in the text of a `~/.aws/config`: found and replaced, everything else left byte for byte.

The text is worked on as bytes, line by line; https://github.com/boto/botocore/blob/develop/botocore/configloader.py
says how the lines are understood: by Python's configparser, where each section may come once.
"""

from __future__ import annotations

import configparser
import io
import re
import shlex
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from org_constructs.refusal import Refusal

from .block import MARKER, Block


@dataclass(frozen=True, kw_only=True)
class Section:
    """A profile or session that stands outside our block."""

    kind: str
    name: str
    line: int
    """The number of its first line."""

    settings: Mapping[str, str]

    start: int
    end: int
    """Its lines, as indices, from its header to its last setting."""


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What becomes of a file."""

    text: bytes
    kept: tuple[Section, ...]
    """The sections of our names that stand outside our block, and are left there."""


def merge(text: bytes, block: Block, *, overwrite: Collection[str] = ()) -> Merged:
    """Return the text with the block in the place of the one of its session, or at the end.

    Args:
        text: What is in the file.
        block: What the block shall say.
        overwrite: Names of profiles and sessions which, where they stand outside the block, it takes over.

    Raises:
        Refusal: A block in the text is damaged, or AWS's tools cannot read the text, or it has a session of
            the name that is another one.
    """
    lines = _lines(text)
    position = _find_block(lines, block.session.name)
    ours = block.sections()
    foreign = [each for each in _sections(lines, position) if (each.kind, each.name) in ours]
    kept = tuple(each for each in foreign if each.name not in overwrite)
    for section in kept:
        if section.kind == "sso-session" and not _same_session(section, block):
            raise Refusal(
                "session-of-another",
                f"the session {section.name!r} on line {section.line} must have the start URL"
                f" {block.session.start_url} and the region {block.session.region} of this organization, but has"
                " others",
                f"replace it with --overwrite {section.name}, or choose another name with --session",
            )
    taken = {index for each in foreign if each not in kept for index in range(each.start, each.end)}
    rendered = block.render(without={(each.kind, each.name) for each in kept})
    if position is not None:
        newline = _end(lines[position.start])
        # Of a file that ends without a line's end at our last marker, it goes on ending there.
        ours_now = rendered.encode().replace(b"\n", newline).removesuffix(newline) + _end(lines[position.stop - 1])
        parts = _without(lines, taken, 0, position.start)
        parts += [ours_now, *_without(lines, taken, position.stop, len(lines))]
    else:
        parts = _without(lines, taken, 0, len(lines))
        # After a lone CR, our LF would become a part of the line's end before it.
        newline = b"\r\n" if (lines and _end(lines[0]) == b"\r\n") or text.endswith(b"\r") else b"\n"
        ours_now = rendered.encode().replace(b"\n", newline)
        if parts and not _end(parts[-1]):
            # The last line's missing end moves to ours, so that taking the block out gives the same bytes again.
            parts += [newline]
            ours_now = ours_now.removesuffix(newline)
        parts += [newline, ours_now] if parts else [ours_now]
    merged = b"".join(parts)
    _check_readable(merged)
    return Merged(text=merged, kept=kept)


def remove_block(text: bytes, session: str) -> bytes:
    """Return the text without the block of the session.

    Raises:
        Refusal: There is no such block, or it is damaged.
    """
    lines = _lines(text)
    position = _find_block(lines, session)
    if position is None:
        there = ", ".join(_markers(lines)) or "none"
        raise Refusal(
            "session-unknown",
            f"--remove must be a session with a block in the file, got {session!r}",
            f"available: {there}",
        )
    before, after = lines[: position.start], lines[position.stop :]
    if before and not before[-1].strip(b"\r\n"):
        before.pop()
    if before and not after and not _end(lines[position.stop - 1]):
        before[-1] = before[-1].rstrip(b"\r\n")
    return b"".join([*before, *after])


def _lines(text: bytes) -> list[bytes]:
    """Return the lines as configparser has them: the end of a line is LF, CRLF or CR."""
    return text.splitlines(keepends=True)


def _end(line: bytes) -> bytes:
    return line[len(line.rstrip(b"\r\n")) :]


def _text(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


def _markers(lines: Sequence[bytes]) -> dict[str, range]:
    """Return where each block stands, by its session.

    Raises:
        Refusal: A block does not end, begins in another one, or is there twice.
    """
    found: dict[str, range] = {}
    begun: tuple[str, int] | None = None
    for index, line in enumerate(lines):
        marker = MARKER.match(_text(line)) if b"org-baseline" in line else None
        if marker is None:
            continue
        edge, name = marker["edge"], marker["session"] or ""
        if edge == "BEGIN" and begun is None and name and name not in found:
            begun = name, index
        elif edge == "END" and begun is not None and begun[0] == name:
            found[name] = range(begun[1], index + 1)
            begun = None
        else:
            raise _damage(edge, name, index + 1, begun, found)
    if begun is not None:
        raise _damage("", begun[0], begun[1] + 1, begun, found)
    return found


def _damage(edge: str, name: str, line: int, begun: tuple[str, int] | None, found: Mapping[str, range]) -> Refusal:
    this = f"line {line} is '# {edge} org-baseline {name}'"
    if not edge:
        what = f"the block of {name!r} that begins on line {line} has no line '# END org-baseline {name}'"
    elif begun is not None:
        what = f"{this} inside the block of {begun[0]!r} that begins on line {begun[1] + 1}"
    elif name in found:
        what = f"{this}, and the block of {name!r} ended on line {found[name].stop}"
    else:
        what = f"{this} and belongs to no block"
    return Refusal(
        "block-damaged",
        f"a block must be between one BEGIN and one END line, but {what}",
        "delete the rest of the block, including its marker lines, and run this again",
    )


def _find_block(lines: Sequence[bytes], session: str) -> range | None:
    """Return where the block of the session stands.

    Raises:
        Refusal: A block is damaged, AWS's tools cannot read the text, or a setting after a block is read as part
            of the last profile in it.
    """
    _check_readable(b"".join(lines))
    markers = _markers(lines)
    for name, position in markers.items():
        for index in range(position.stop, len(lines)):
            line = _text(lines[index]).strip()
            if line.startswith("["):
                break
            if line and not line.startswith(("#", ";")):
                raise Refusal(
                    "line-after-block",
                    f"line {index + 1} must not follow the block of {name!r} without its own section, since AWS's"
                    " tools read it as a setting of the last profile in the block",
                    "move it",
                )
    return markers.get(session)


def _check_readable(text: bytes) -> None:
    """Refuse what AWS's tools refuse: botocore reads it this way too."""
    parser = configparser.RawConfigParser()
    try:
        parser.read_file(io.StringIO(_text(text).removeprefix("\ufeff"), newline=None))
    except configparser.Error as error:
        reason = re.sub(r"\s+", " ", str(error)).replace("'<???>'", "the file")
        raise Refusal("config-syntax", f"AWS's tools must be able to read the file: {reason}") from None


def _sections(lines: Sequence[bytes], ours: range | None) -> Iterator[Section]:
    """Yield the profiles and sessions outside our block, found as configparser finds them."""
    header: tuple[str, str, int] | None = None
    settings: dict[str, str] = {}
    option = ""
    indent = end = 0

    def section() -> Iterator[Section]:
        if header is not None:
            yield Section(
                kind=header[0], name=header[1], line=header[2] + 1, settings=dict(settings), start=header[2], end=end
            )

    for index, raw in enumerate(lines):
        if ours is not None and index in ours:
            if index == ours.start:
                yield from section()
                header, option = None, ""
            continue
        line = _text(raw)
        value = line.strip().removeprefix("\ufeff")
        if not value or value.startswith(("#", ";")):
            continue
        depth = len(line) - len(line.lstrip())
        if option and depth > indent:
            end = index + 1
            continue
        indent = depth
        if match := re.match(r"\[(.+)\]", value):
            yield from section()
            kind, name = _kind_and_name(match[1])
            header, option, settings, end = (kind, name, index) if kind else None, "", {}, index + 1
        else:
            # AWS's tools refuse a file in which a setting has no value.
            option, text = re.split(r"\s*[=:]\s*", value, maxsplit=1)
            settings[option.lower()] = text
            end = index + 1
    yield from section()


def _kind_and_name(header: str) -> tuple[str, str]:
    """Return what a section is, as botocore splits its header; an empty kind for what is neither."""
    try:
        parts = shlex.split(header)
    except ValueError:
        return "", ""
    return (parts[0], parts[1]) if len(parts) == 2 and parts[0] in {"profile", "sso-session"} else ("", "")  # noqa: PLR2004 (kind and name)


def _same_session(section: Section, block: Block) -> bool:
    url = section.settings.get("sso_start_url", "").rstrip("/#")
    return (url, section.settings.get("sso_region")) == (block.session.start_url.rstrip("/#"), block.session.region)


def _without(lines: Sequence[bytes], taken: Collection[int], start: int, stop: int) -> list[bytes]:
    return [lines[index] for index in range(start, stop) if index not in taken]
