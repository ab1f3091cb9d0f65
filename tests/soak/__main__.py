"""`python -m tests.soak --minutes 120`: people save every few seconds; what it costs, what is lost.

The watcher is the real process, `ledgersync watch`; people, a coordinator who decides conflicts
and asks for the status, and somebody who edits the primary by hand are played here. At the end
the watcher is stopped by SIGINT, everything is merged and verified, and every text that was ever
saved is looked for in the journal. Fails when anything is missing or memory or handles rise.
"""

import argparse
import heapq
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.community import TODAY, Community
from tests.soak.gauge import Gauge
from tests.soak.people import NAMES, Person, Words, decide, first_records, missing

PROGRAM = (sys.executable, "-m", "ledgersync")


def command(town: Community, *arguments: str) -> Any:
    """A command as the coordinator runs it; its JSON."""
    done = subprocess.run(
        [*PROGRAM, "-C", str(town.root), *arguments, "--json"],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    try:
        return json.loads(done.stdout)
    except ValueError:
        raise SystemExit(f"{arguments}: exit {done.returncode}\n{done.stderr}") from None


class Soak:
    """One run: who does what next is a queue of (when, number, operation, pause)."""

    def __init__(self, folder: Path, given: argparse.Namespace) -> None:
        self.given, self.pick, self.words = given, random.Random(given.seed), Words()
        self.town = Community(folder).begin(people=first_records(given.records))
        self.operations = Counter[str]()
        for n in range(given.staff):
            self.town.issue(self._name(n))
        self.people = [
            Person(
                self.town, self._name(n), self.words, self.pick, n % 2 == 0, given.records * 5 // 4
            )
            for n in range(given.staff)
        ]
        self.log = (folder / "watch.log").open("w", encoding="utf-8")
        self.watch = subprocess.Popen(
            [*PROGRAM, "-C", str(self.town.root), "watch"], stdout=self.log, stderr=self.log
        )
        journal = self.town.workspace.journal_file
        self.gauge = Gauge(self.watch.pid, journal, Path(given.out))

    def _name(self, n: int) -> str:
        return NAMES[n % 10] + ("" if n < 10 else str(n // 10))

    def run(self) -> None:
        """People at work until the time is over."""
        end, queue = time.monotonic() + self.given.minutes * 60, self._plan()
        heapq.heapify(queue)
        while (now := time.monotonic()) < end:
            due, n, operation, pause = heapq.heappop(queue)
            time.sleep(max(0.0, due - now))
            if self.watch.poll() is not None:
                raise SystemExit(f"watch ended by itself: {self.watch.returncode}")
            operation()
            self.operations[getattr(operation, "__name__", "operation")] += 1
            after = time.monotonic() + pause * self.pick.uniform(0.5, 1.5)
            heapq.heappush(queue, (after, n, operation, pause))

    def _plan(self) -> list[tuple[float, int, Callable[[], object], float]]:
        now, every = time.monotonic(), self.given.every
        operations = [(person.turn, every) for person in self.people]
        operations += [(self.decide, 300.0), (self.ask, 60.0), (self.edit_primary, 240.0)]
        operations += [(self.measure, 15.0)]
        return [
            (now + self.pick.uniform(0, pause), n, operation, pause)
            for n, (operation, pause) in enumerate(operations)
        ]

    def decide(self) -> None:
        decide(self.town.root / "conflicts" / "冲突清单.xlsx", self.pick)

    def ask(self) -> None:
        command(self.town, "status")

    def edit_primary(self) -> None:
        """A note typed into the primary itself; given up when it was replaced meanwhile."""
        before = self.town.primary.stat().st_mtime_ns
        book, word = self.town.open_primary(), self.words.new("手")
        key = self.pick.choice(book.people.texts(["编号"]))[0]
        book.people.set(key, "备注", word)
        if self.town.primary.stat().st_mtime_ns == before:
            book.save()
            self.words.saved.add(word)

    def measure(self) -> None:
        found = self.gauge.read()
        print(
            f"{found.at / 60:6.1f} min  {found.memory:6.1f} + {found.children_memory:6.1f} MB  "
            f"{found.handles} handles  {found.threads} threads  journal {found.journal:.1f} MB  "
            f"cpu {found.cpu:.0f} s  {len(self.words.saved)} texts saved",
            flush=True,
        )

    def end(self) -> bool:
        """Stops the watcher, merges what is left, and says how it went; whether all is well."""
        self.watch.send_signal(signal.SIGINT)
        code = self.watch.wait(120)
        merged = command(self.town, "merge")
        verdict = command(self.town, "verify")
        lost, rising = missing(self.town.workspace, self.words), self.gauge.rising()
        status = command(self.town, "status")
        people = sum((p.operations for p in self.people), Counter[str]())
        print(f"operations: {dict(self.operations)} {dict(people)}")
        print(f"watch ended with {code}; last merge {list(merged)}; verify {verdict}")
        print(f"status: {json.dumps(status, ensure_ascii=False)[:2000]}")
        print(f"texts saved: {len(self.words.saved)}; missing: {sorted(lost)}")
        print(f"growth, second to last quarter: {self.gauge.growth()}; rising: {rising}")
        return not lost and not rising and code == 0 and verdict["ok"]


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--staff", type=int, default=20)
    parser.add_argument("--every", type=float, default=8, help="seconds between a person's saves")
    parser.add_argument("--records", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", default="soak.csv", help="a CSV file for the readings")
    return parser.parse_args()


def main() -> int:
    os.environ["LEDGERSYNC_TODAY"] = TODAY
    given = _given()
    Path(given.out).unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(prefix="ledgersync-soak-") as folder:
        soak = Soak(Path(folder), given)
        try:
            soak.run()
            return int(not soak.end())
        finally:
            soak.watch.kill()


if __name__ == "__main__":
    sys.exit(main())
