import signal
import sys
from pathlib import Path
from threading import Event
from time import monotonic

import pytest

from org_constructs.cdk_cli import child
from org_constructs.cdk_cli.child import Abandoned, beside, run
from org_constructs.cdk_cli.interruption import Interrupted, held, interruptions

# Starts a process of its own, as the CDK CLI does, and says both ids.
FAMILY = """
import os, signal, subprocess, sys, time
if {stubborn}:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(os.getpid(), grandchild.pid, flush=True)
time.sleep(60)
"""


class StopNowError(Exception):
    pass


def is_running(pid: int) -> bool:
    """Tell whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_hands_over_both_streams_as_lines_and_returns_the_exit_code(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import sys; print('out', flush=True); print('err', file=sys.stderr); sys.exit(3)"
    assert run([sys.executable, "-c", code], environment={}, folder=tmp_path, each_line=lines.append) == 3
    assert lines == ["out", "err"]


def test_gives_the_child_its_folder_its_environment_alone_and_no_input(tmp_path: Path) -> None:
    lines: list[str] = []
    code = "import os, sys; print(os.getcwd(), os.environ.get('HOME'), os.environ['A'], repr(sys.stdin.read()))"
    run([sys.executable, "-c", code], environment={"A": "b"}, folder=tmp_path, each_line=lines.append)
    assert lines == [f"{tmp_path} None b ''"]


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("stubborn", [False, True], ids=["obedient", "ignoring_signals"])
def test_ends_the_child_and_what_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, stubborn: bool) -> None:
    grace = ((signal.SIGINT, 0.3 if stubborn else 50.0), (signal.SIGTERM, 0.3), (signal.SIGKILL, 50.0))
    monkeypatch.setattr(child, "_GRACE", grace)
    pids: list[int] = []
    stopped: list[float] = []

    def stop(line: str) -> None:
        pids.extend(map(int, line.split()))
        stopped.append(monotonic())
        raise StopNowError

    with pytest.raises(StopNowError):
        run(
            [sys.executable, "-c", FAMILY.format(stubborn=stubborn)],
            environment={},
            folder=tmp_path,
            each_line=stop,
        )
    assert monotonic() - stopped[0] < 25, "they are not waited for once they have ended"
    assert len(pids) == 2
    assert not any(map(is_running, pids))


def test_asks_twice_before_it_kills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_GRACE", tuple((each, seconds / 10) for each, seconds in child._GRACE))
    code = """
import signal, sys, time
for each in (signal.SIGINT, signal.SIGTERM):
    signal.signal(each, lambda number, _: (print(number, file=open("asked", "a")), number == 15 and sys.exit()))
print("there", flush=True)
while True:
    time.sleep(60)
"""

    def stop(_: str) -> None:
        raise StopNowError

    with pytest.raises(StopNowError):
        run([sys.executable, "-c", code], environment={}, folder=tmp_path, each_line=stop)
    assert (tmp_path / "asked").read_text().split() == [str(signal.SIGINT.value), str(signal.SIGTERM.value)]


def test_raises_once_for_a_signal_and_lets_things_end_in_peace() -> None:
    ended = []

    def interrupted_twice() -> None:
        with interruptions():
            try:
                signal.raise_signal(signal.SIGTERM)
            finally:
                signal.raise_signal(signal.SIGINT)
                ended.append(True)

    with pytest.raises(Interrupted) as interrupted:
        interrupted_twice()
    assert ended == [True]
    assert interrupted.value.exit_code == 128 + signal.SIGTERM


def test_gives_the_signals_back_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with interruptions():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_holds_a_signal_back_until_what_starts_has_started() -> None:
    started = []

    def start_while_interrupted() -> None:
        with interruptions(), held():
            signal.raise_signal(signal.SIGINT)
            started.append(True)

    with pytest.raises(Interrupted):
        start_while_interrupted()
    assert started == [True]


SAYS_ITS_ID = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"


def test_runs_in_a_thread_beside_what_this_one_runs(tmp_path: Path) -> None:
    with beside() as thread:
        lines: list[str] = []
        command = [sys.executable, "-c", "print('beside')"]
        other = thread.submit(run, command, environment={}, folder=tmp_path, each_line=lines.append)
        assert run([sys.executable, "-c", ""], environment={}, folder=tmp_path, each_line=lines.append) == 0
        assert (other.result(), lines) == (0, ["beside"])


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks processes up in /proc")
@pytest.mark.parametrize("started", [True, False])
def test_ends_what_runs_beside_what_fails(tmp_path: Path, *, started: bool) -> None:
    running = Event()
    pids: list[int] = []

    def say(line: str) -> None:
        pids.append(int(line))
        running.set()

    def start() -> int:
        # The other one is about to be started as this one fails.
        assert started or failing.wait(30)
        return run([sys.executable, "-c", SAYS_ITS_ID], environment={}, folder=tmp_path, each_line=say)

    failing = Event()
    others = []

    def fail() -> None:
        with beside() as thread:
            others.append(thread.submit(start))
            assert not started or running.wait(30)
            failing.set()
            raise StopNowError

    with pytest.raises(StopNowError):
        fail()
    assert isinstance(others[0].exception(), Abandoned)
    assert not any(map(is_running, pids))
    assert not child._BESIDE
    assert run([sys.executable, "-c", ""], environment={}, folder=tmp_path, each_line=print) == 0
