"""The user's file: our block in it, and every other byte as it was."""

from __future__ import annotations

import errno
import grp
import os
import pwd
import re
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from botocore.configloader import load_config
from hypothesis import given, settings
from hypothesis import strategies as st

from org_constructs.aws_config import config_file
from org_constructs.aws_config.block import Block
from org_constructs.aws_config.config_file import default_file, read, writable_by_others, write
from org_constructs.aws_config.merging import merge, remove_block
from org_constructs.templates.profiles import Profile, Session
from project import ROOT
from refusals import refuses, stands_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from syrupy.assertion import SnapshotAssertion


def block(*names: str, session: str = "acme", account_id: str = "111122223333", start_url: str = "acme") -> Block:
    """A block with a profile of each name."""
    return Block(
        session=Session(name=session, start_url=f"https://{start_url}.awsapps.com/start", region="us-east-1"),
        profiles=tuple(
            Profile(name=name, account_id=account_id, permission_set="AdministratorAccess", region="eu-west-1")
            for name in names
        ),
    )


DEV = block("acme-dev")
DEV_AND_PRODUCTION = block("acme-dev", "acme-production")

# As people have them: from `aws configure`, from other tools, from editors and other systems.
FOREIGN = {
    "empty": b"",
    "a blank line": b"\n",
    "aws configure": b"[default]\nregion = eu-central-1\noutput = json\n",
    "no final newline": b"[default]\nregion = eu-central-1",
    "trailing spaces": b"[default]  \nregion = eu-central-1   \n\n   \n",
    "nested settings": b"[default]\ns3 =\n    max_concurrent_requests = 20\n\n    max_queue_size = 10000\nregion=x\n",
    "ends in nested settings": b"[profile a]\ns3 =\n  signature_version = s3v4\n  addressing_style = path",
    "CRLF": b"[default]\r\nregion = eu-central-1\r\n\r\n[profile old]\r\nrole_arn = arn:aws:iam::1:role/x\r\n",
    "CRLF, no final newline": b"[default]\r\nregion = eu-central-1",
    "CR": b"[default]\rregion = eu-central-1\r",
    "mixed ends": b"[default]\nregion = x\r\noutput = json\r[preview]\ncloudfront = true\n",
    "comments": b"# mine\n; and mine\n[default] # not a comment for everybody\nregion = x # nor this\n# the end",
    "indented": b"  [default]\n  region = x\n    deeper = y\n  [profile b]\n  region = z\n",
    "odd names": b'[profile "with space"]\nregion = x\n[profile  two  words]\na = b\n[plain]\nc = d\n[profile]\n',
    "unclosed quote": b'[profile "x]\nregion = y\n',
    "other sessions": (
        b"[sso-session other]\nsso_start_url = https://other.awsapps.com/start\nsso_region = eu-west-1\n"
        b"sso_registration_scopes = sso:account:access\n\n[profile other]\nsso_session = other\n"
    ),
    "not UTF-8": b"# M\xfcnchen\n[default]\nregion = x\n",
    "BOM": b"\xef\xbb\xbf[default]\nregion = x\n",
    "a marker of another tool": b"# BEGIN_AWS_SSO_CLI\n[profile x]\nregion = y\n# END_AWS_SSO_CLI\n",
    "another organization": merge(b"[default]\nregion = x\n", block("globex-dev", session="globex")).text,
}

SECTIONS = st.sampled_from(
    ["default", "profile a", "profile b c", 'profile "d e"', "sso-session s", "preview", "services x"]
)
BLANK = st.sampled_from(["", "", " ", "\t", "# a comment", "; another", "  # indented"])
SETTING = st.tuples(
    st.sampled_from(["region", "output", "role_arn", "s3", "x y", "Mixed_Case"]),
    st.sampled_from([" = ", "=", ": ", " =", "\t=\t"]),
    st.sampled_from(["eu-west-1", "", "a = b", "v  ", "[not a section]", "ü", "%(x)s", "# x"]),
    st.lists(st.sampled_from(["  nested = 1", "    deeper: 2", "\tx = y", "  [inside]", "", "   "]), max_size=3),
)


@st.composite
def foreign_texts(draw: st.DrawFn) -> bytes:
    """A file as AWS's tools can read it: each section once, each of its settings once."""
    lines = draw(st.lists(BLANK, max_size=3))
    for section in draw(st.lists(SECTIONS, unique=True, max_size=4)):
        lines.append(f"[{section}]" + draw(st.sampled_from(["", " ", "  # said"])))
        for name, equals, value, nested in draw(st.lists(SETTING, unique_by=lambda each: each[0].lower(), max_size=4)):
            lines += draw(st.lists(BLANK, max_size=1))
            # After nothing, botocore wants settings.
            lines += [name + equals + value, *(each for each in nested if value.strip() or "=" in each)]
        lines += draw(st.lists(BLANK, max_size=2))
    ends = draw(st.sampled_from([["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r", "\r\n"]]))
    text = "".join(line + draw(st.sampled_from(ends)) for line in lines)
    return (text if draw(st.booleans()) else text.rstrip("\r\n")).encode()


def loaded(path: Path, text: bytes) -> dict[str, dict[str, dict[str, str]]]:
    """What botocore makes of a file."""
    path.write_bytes(text.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").encode())
    config = load_config(str(path))
    return {"profiles": config["profiles"], "sso_sessions": config["sso_sessions"]}


def expected(*blocks: Block) -> dict[str, dict[str, dict[str, str]]]:
    profiles: dict[str, dict[str, str]] = {}
    sessions: dict[str, dict[str, str]] = {}
    for each in blocks:
        for (kind, name), said in each.sections().items():
            (sessions if kind == "sso-session" else profiles)[name] = said
    return {"profiles": profiles, "sso_sessions": sessions}


def check_every_way(tmp_path: Path, text: bytes) -> None:
    """Write, update, prune and remove: the foreign bytes stay, and botocore reads what was meant."""
    before = loaded(tmp_path / "config", text)
    for first in DEV, DEV_AND_PRODUCTION:
        written = merge(text, first).text
        assert written.startswith(text)
        assert merge(written, first).text == written
        assert remove_block(written, "acme") == text
        for second in DEV, DEV_AND_PRODUCTION:
            changed = merge(written, second).text
            assert changed == merge(text, second).text
            assert remove_block(changed, "acme") == text
            meant = expected(second)
            got = loaded(tmp_path / "config", changed)
            for kind, sections in got.items():
                assert sections == before[kind] | meant[kind]


@pytest.mark.parametrize("text", FOREIGN.values(), ids=FOREIGN.keys())
def test_leaves_the_rest_of_a_real_looking_file_byte_for_byte(tmp_path: Path, text: bytes) -> None:
    check_every_way(tmp_path, text)


@given(text=foreign_texts())
@settings(max_examples=300, deadline=None)
def test_leaves_the_rest_of_any_file_byte_for_byte(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    check_every_way(tmp_path_factory.getbasetemp(), text)


def test_changes_its_block_alone_wherever_the_user_has_moved_it() -> None:
    between = 0

    @given(before=foreign_texts(), after=foreign_texts())
    @settings(max_examples=200, deadline=None)
    def changes(before: bytes, after: bytes) -> None:
        nonlocal between
        before = re.sub(rb"[\r\n]*\Z", b"\n", before)
        # The same section in both halves would be no file that AWS's tools can read.
        after = re.sub(rb"\[(\w)", rb"[2\1", after)
        if not re.match(rb"\s*(?:[#;].*\s+)*\[", after):
            # A setting, even after comments, would be one of our last profile's.
            after = b"\n"
        old, new = (each.render().encode() for each in (DEV, DEV_AND_PRODUCTION))
        assert merge(before + old + after, DEV_AND_PRODUCTION).text == before + new + after
        between += bool(before.strip() and after.strip())

    changes()
    assert between > 40


def test_two_organizations_live_in_one_file(tmp_path: Path) -> None:
    globex = block("globex-dev", session="globex", account_id="444455556666", start_url="globex")
    both = merge(merge(b"", DEV).text, globex).text
    assert loaded(tmp_path / "config", both) == expected(DEV, globex)
    assert merge(both, DEV_AND_PRODUCTION).text.endswith(globex.render().encode())
    assert remove_block(both, "acme").strip() == globex.render().encode().strip()


def test_ends_its_lines_as_the_file_does() -> None:
    assert b"\n" not in merge(b"[default]\r\nregion = x\r\n", DEV).text.replace(b"\r\n", b"")


def test_leaves_a_profile_of_the_user_and_says_so(tmp_path: Path) -> None:
    text = b"[default]\n\n[profile acme-dev]\nregion = mine\n[profile x]\n"
    merged = merge(text, DEV_AND_PRODUCTION)
    assert merged.text.startswith(text)
    assert [(each.kind, each.name, each.line, each.settings) for each in merged.kept] == [
        ("profile", "acme-dev", 3, {"region": "mine"})
    ]
    profiles = loaded(tmp_path / "config", merged.text)["profiles"]
    assert profiles["acme-dev"] == {"region": "mine"}
    assert profiles["acme-production"]["sso_session"] == "acme"
    assert merge(merged.text, DEV_AND_PRODUCTION).text == merged.text


@pytest.mark.parametrize("header", ['[profile "acme-dev"]', "[profile  acme-dev]", "  [profile acme-dev] # x"])
def test_knows_a_name_however_it_is_written(header: str) -> None:
    assert [each.name for each in merge(f"{header}\nregion = mine\n".encode(), DEV).kept] == ["acme-dev"]


def test_does_not_take_what_is_nested_for_a_section() -> None:
    assert merge(b"[default]\nx =\n  [profile acme-dev]\n", DEV).kept == ()


def test_takes_over_what_it_is_told_to_and_nothing_around_it(tmp_path: Path) -> None:
    theirs = b"[profile acme-dev]\n# inside\nregion = mine\ns3 =\n  a = b\n"
    text = b"# first\n" + theirs + b"\n# of the next\n[profile x]\nregion = y\n"
    merged = merge(text, DEV, overwrite=["acme-dev"])
    assert merged.kept == ()
    assert merged.text.startswith(b"# first\n\n# of the next\n[profile x]\nregion = y\n\n# BEGIN org-baseline acme")
    assert loaded(tmp_path / "config", merged.text)["profiles"]["acme-dev"]["sso_account_id"] == "111122223333"


def test_uses_a_session_of_the_user_that_is_the_same(tmp_path: Path) -> None:
    text = b"[sso-session acme]\nsso_region=us-east-1\nsso_start_url=https://acme.awsapps.com/start/#/\n"
    merged = merge(text, DEV)
    assert [(each.kind, each.name) for each in merged.kept] == [("sso-session", "acme")]
    assert loaded(tmp_path / "config", merged.text)["profiles"]["acme-dev"]["sso_session"] == "acme"


def test_refuses_a_session_of_the_user_that_is_another_one() -> None:
    text = b"\n[sso-session acme]\nsso_region = eu-west-1\nsso_start_url = https://acme.awsapps.com/start\n"
    with refuses("session-of-another", "session 'acme' on line 2", "--overwrite acme"):
        merge(text, DEV)
    assert merge(text, DEV, overwrite=["acme"]).text == b"\n\n" + DEV.render().encode()


OURS = DEV.render().encode()
BEGIN, END = OURS.splitlines(keepends=True)[0], OURS.splitlines(keepends=True)[-1]


@pytest.mark.parametrize(
    ("text", "damage"),
    [
        (OURS.replace(END, b""), ["'acme'", "line 1", "no line '# END org-baseline acme'"]),
        (OURS.replace(BEGIN, b""), ["line 11", "'# END org-baseline acme'", "no block"]),
        (OURS.replace(BEGIN, BEGIN * 2), ["line 2", "'# BEGIN org-baseline acme'", "inside", "'acme'"]),
        (OURS.replace(END, END * 2), ["line 13", "'# END org-baseline acme'", "'acme'", "line 12"]),
        (OURS + BEGIN + END, ["line 13", "'# BEGIN org-baseline acme'", "'acme'", "line 12"]),
        (OURS.replace(END, b"# END org-baseline globex\n"), ["line 12", "'# END org-baseline globex'", "inside"]),
        (b"# BEGIN org-baseline\n" + END, ["line 1", "'# BEGIN org-baseline '", "no block"]),
        (b"#BEGIN  org-baseline globex\n" + OURS, ["'# BEGIN org-baseline acme'", "inside", "'globex'"]),
    ],
    ids=["no end", "no begin", "begins twice", "ends twice", "there twice", "other end", "no name", "nested"],
)
@pytest.mark.parametrize(
    "change", [lambda text: merge(text, DEV), lambda text: remove_block(text, "acme")], ids=["merge", "remove"]
)
def test_refuses_a_damaged_block(
    text: bytes, damage: list[str], change: Callable[[bytes], object], snapshot: SnapshotAssertion
) -> None:
    with refuses("block-damaged", *damage) as refused:
        change(text)
    assert stands_in(refused.value.why, *damage)
    assert str(refused.value) == snapshot


def test_refuses_a_setting_that_a_profile_of_the_block_would_get() -> None:
    with refuses("line-after-block", "line 14", "'acme'"):
        merge(OURS + b"\noutput = json\n", DEV_AND_PRODUCTION)


@pytest.mark.parametrize(
    "text", [b"[a]\nx = 1\n[a]\n", b"[a]\nx = 1\nx = 2\n", b"region = x\n", b"[a]\nnothing\n"],
    ids=["a section twice", "a setting twice", "no section", "no value"],
)  # fmt: skip
def test_refuses_a_file_that_aws_tools_cannot_read(text: bytes) -> None:
    with refuses("config-syntax", "line"):
        merge(text, DEV)


def test_refuses_to_remove_a_block_that_is_not_there() -> None:
    with refuses("session-unknown", "acm", "available: acme"):
        remove_block(OURS, "acm")


def test_finds_the_file_as_aws_tools_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("AWS_CONFIG_FILE", raising=False)
    assert default_file() == tmp_path / ".aws" / "config"
    monkeypatch.setenv("AWS_CONFIG_FILE", "~/other")
    assert default_file() == tmp_path / "other"


def test_makes_a_file_that_is_the_users_alone(tmp_path: Path) -> None:
    path = tmp_path / "home" / ".aws" / "config"
    assert write(path, lambda text: text + b"new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_keeps_the_mode_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    path.chmod(0o640)
    assert write(path, lambda text: text + b" and new")
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"old and new", 0o640)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("exists", [True, False])
def test_follows_links(tmp_path: Path, *, exists: bool) -> None:
    target = tmp_path / "dotfiles" / "aws"
    target.parent.mkdir()
    if exists:
        target.write_bytes(b"old")
    (tmp_path / "middle").symlink_to(target)
    path = tmp_path / "config"
    path.symlink_to("middle")
    write(path, lambda _: b"new")
    assert path.is_symlink()
    assert target.read_bytes() == b"new"
    assert {each.name for each in target.parent.iterdir()} == {"aws"}


def test_writes_a_file_of_several_names_so_that_each_has_the_text(tmp_path: Path) -> None:
    path, dotfiles = tmp_path / "config", tmp_path / "dotfiles"
    path.write_bytes(b"old and long")
    path.chmod(0o640)
    dotfiles.hardlink_to(path)
    assert write(path, lambda _: b"new")
    assert (path.read_bytes(), dotfiles.read_bytes(), path.samefile(dotfiles)) == (b"new", b"new", True)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert {*tmp_path.iterdir()} == {path, dotfiles}


def test_keeps_the_text_beside_a_file_of_several_names_that_it_could_not_finish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    (tmp_path / "dotfiles").hardlink_to(path)

    def stop(real: Path, _text: bytes) -> None:
        real.write_bytes(b"n")
        raise KeyboardInterrupt

    monkeypatch.setattr(config_file, "_write_in_place", stop)
    with pytest.raises(KeyboardInterrupt):
        write(path, lambda _: b"new")
    assert (tmp_path / ".config.org-baseline-new").read_bytes() == b"new"


@pytest.mark.parametrize(("mode", "closed"), [(0o666, 0o644), (0o664, 0o644), (0o620, 0o600), (0o602, 0o600)])
@pytest.mark.parametrize("names", [1, 2])
def test_takes_from_others_what_lets_them_write(tmp_path: Path, mode: int, closed: int, names: int) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    path.chmod(mode)
    for number in range(1, names):
        (tmp_path / str(number)).hardlink_to(path)
    write(path, lambda _: b"new")
    assert stat.S_IMODE(path.stat().st_mode) == closed


@pytest.mark.parametrize(("name", "closed"), [(".aws", 0o755), ("shared", 0o777)])
def test_closes_the_folder_of_aws_alone(tmp_path: Path, name: str, closed: int) -> None:
    folder = tmp_path / name
    folder.mkdir()
    folder.chmod(0o777)
    write(folder / "config", lambda _: b"new")
    assert stat.S_IMODE(folder.stat().st_mode) == closed


def test_finds_what_others_can_write(tmp_path: Path) -> None:
    folder, linked = tmp_path / "folder", tmp_path / "linked"
    folder.mkdir()
    linked.mkdir()
    (linked / "aws").write_bytes(b"")
    path = folder / "config"
    path.symlink_to(linked / "aws")
    assert writable_by_others(path) == ()
    assert writable_by_others(tmp_path / "nowhere" / "config") == ()
    for place in folder, linked, linked / "aws":
        place.chmod(0o777)
    assert writable_by_others(path) == (folder, linked, linked / "aws")
    folder.chmod(0o1777)
    assert writable_by_others(path) == (linked, linked / "aws")


def test_takes_the_users_own_group_for_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"")
    path.chmod(0o660)
    own = grp.struct_group((pwd.getpwuid(os.getuid()).pw_name, "x", path.stat().st_gid, []))
    for group, found in (own, ()), (grp.struct_group(("staff", "x", own.gr_gid, [])), (path,)):
        monkeypatch.setattr(grp, "getgrgid", lambda _gid, group=group: group)
        assert writable_by_others(path) == found
    shared = grp.struct_group((own.gr_name, "x", own.gr_gid, ["kim"]))
    monkeypatch.setattr(grp, "getgrgid", lambda _gid: shared)
    assert writable_by_others(path) == (path,)


def test_follows_no_link_that_somebody_put_where_it_writes(tmp_path: Path) -> None:
    path, victim = tmp_path / "config", tmp_path / "victim"
    path.write_bytes(b"old")
    victim.write_bytes(b"precious")
    (tmp_path / ".config.org-baseline-new").symlink_to(victim)
    write(path, lambda _: b"new")
    assert (path.read_bytes(), victim.read_bytes()) == (b"new", b"precious")
    assert {*tmp_path.iterdir()} == {path, victim}


def test_locks_no_folder_that_became_a_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, other = tmp_path / "folder", tmp_path / "other"
    folder.mkdir()
    other.mkdir()

    def swapped(path: Path) -> Path:
        folder.rmdir()
        folder.symlink_to(other)
        return path

    # Where it leads is looked up once; what is there later is another place.
    monkeypatch.setattr(os.path, "realpath", swapped)
    with refuses("file-unwritable", str(folder / "config"), "Not a directory"):
        write(folder / "config", lambda _: b"new")
    assert list(other.iterdir()) == []


def test_writes_nothing_where_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")
    before = path.stat()
    assert not write(path, lambda text: text)
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_leaves_the_file_if_the_change_fails(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")

    def fail(_: bytes) -> bytes:
        raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        write(path, fail)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_leaves_the_file_and_nothing_beside_it_if_the_disk_is_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with refuses("file-unwritable", str(path), "No space left on device"):
        write(path, lambda _: b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_keeps_what_another_program_writes_in_between(tmp_path: Path) -> None:
    path = tmp_path / "config"
    path.write_bytes(b"[default]\n")
    seen: list[bytes] = []

    def change(text: bytes) -> bytes:
        if not seen:
            path.write_bytes(b"[default]\nregion = x\n")
        seen.append(text)
        return merge(text, DEV).text

    write(path, change)
    assert seen == [b"[default]\n", b"[default]\nregion = x\n"]
    assert path.read_bytes() == b"[default]\nregion = x\n\n" + OURS


def test_refuses_what_is_no_file(tmp_path: Path) -> None:
    with refuses("file-unreadable", str(tmp_path)):
        read(tmp_path)
    with refuses("file-unreadable", "Not a directory"):
        read(Path(sys.executable) / "config")


def test_refuses_where_a_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with refuses("file-unwritable", str(tmp_path / "file")):
        write(tmp_path / "file" / "config", lambda _: b"new")


UNPRIVILEGED = """
import fcntl, os, sys
from pathlib import Path
from org_constructs.aws_config.config_file import read, write
from org_constructs.refusal import Refusal
if os.getuid() == 0:
    os.setgid(65534)
    os.setuid(65534)
try:
    path = Path(sys.argv[1])
    read(path)
    write(path, lambda _: b"new")
except Refusal as refusal:
    print(f"{refusal.code}: {refusal}")
"""


@pytest.mark.parametrize(
    ("file_mode", "folder_mode", "code"),
    [
        (0o000, 0o777, "file-unreadable"),
        (0o444, 0o777, "file-unwritable"),
        (0o666, 0o555, "file-unwritable"),
    ],
    ids=["unreadable", "read-only", "folder read-only"],
)
def test_refuses_what_it_may_not_read_or_write(
    file_mode: int, folder_mode: int, code: str, snapshot: SnapshotAssertion
) -> None:
    # Not in pytest's folder, into which nobody else may look.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path = folder / "config"
        path.write_bytes(b"old")
        path.chmod(file_mode)
        folder.chmod(folder_mode)
        command = [sys.executable, "-c", UNPRIVILEGED, str(path)]
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 (above)
        folder.chmod(0o777)
        path.chmod(0o644)
        assert ended.stdout.startswith(f"{code}: {str(path)!r} "), ended.stderr
        assert ended.stdout.replace(name, "…") == snapshot
        assert path.read_bytes() == b"old"


WRITER = """
import os, sys
from pathlib import Path
from org_constructs.aws_config.config_file import write
path, tag = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in range(int(sys.argv[3])):
    write(path, lambda text: text + f"{tag} {number}\\n".encode())
"""


def test_runs_at_once_lose_nothing_of_one_another(tmp_path: Path) -> None:
    path = tmp_path / "config"
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(path), tag, "30"], cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 (above)
        for tag in ("a", "b", "c")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0, 0]
    assert sorted(path.read_text().splitlines()) == sorted(f"{tag} {n}" for tag in "abc" for n in range(30))
    assert list(tmp_path.iterdir()) == [path]


# Each time the same two texts, one after the other, for as long as it lives: a kill comes at any point of a write. The
# processes are forks of one that has imported all they need.
KILLED = """
import os, random, signal, stat, sys, time
from pathlib import Path
from org_constructs.aws_config.config_file import write
path, old, new = Path(sys.argv[1]), *(Path(name).read_bytes() for name in sys.argv[2:])
chance = random.Random(4)  # the same points each time
for _ in range(200):
    writer = os.fork()
    while writer == 0:
        write(path, lambda text: new if text == old else old)
    time.sleep(chance.uniform(0, 0.01))
    os.kill(writer, signal.SIGKILL)
    _, ended = os.waitpid(writer, 0)
    assert os.WIFSIGNALED(ended), "it ended by itself"
    left = path.read_bytes()
    whole = left in (old, new) and stat.S_IMODE(path.stat().st_mode) == 0o644
    print("whole" if whole else left, "beside others" if len(os.listdir(path.parent)) > 1 else "alone", flush=True)
"""


def test_killed_at_any_moment_it_leaves_the_old_text_or_the_new_one(tmp_path: Path) -> None:
    folder = tmp_path / "aws"
    folder.mkdir()
    path = folder / "config"
    texts = {"old": FOREIGN["aws configure"], "new": merge(FOREIGN["aws configure"], DEV).text * 50}
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
    path.write_bytes(texts["old"])
    command = [sys.executable, "-c", KILLED, str(path), str(tmp_path / "old"), str(tmp_path / "new")]
    killed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 (this Python, and the program above)
    found = Counter(killed.stdout.splitlines())
    assert found.total() == 200
    assert found.keys() <= {"whole alone", "whole beside others"}
    assert found["whole beside others"], "no kill came in the middle of a write"
    write(path, lambda _: b"after")
    assert path.read_bytes() == b"after"
    assert list(folder.iterdir()) == [path]
