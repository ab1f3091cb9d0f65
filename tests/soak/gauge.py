"""What a process and its children take: memory, open handles, threads (Linux, from /proc)."""

import csv
import statistics
import time
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Reading:
    """Seconds since the start; memory in MB; handles and threads counted."""

    at: float
    memory: float
    children_memory: float
    handles: int
    threads: int
    children: int
    journal: float
    cpu: float


def _status(pid: int, name: str) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    return 0


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(p) for p in (task / "children").read_text().split()]
    return found


def _cpu(pid: int) -> float:
    cells = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(cells[11]) + int(cells[12])) / 100


class Gauge:
    """Reads one process from time to time, and keeps every reading in a CSV file."""

    def __init__(self, pid: int, journal: Path, out: Path) -> None:
        self.pid, self.journal, self.out = pid, journal, out
        self.started, self.readings = time.monotonic(), list[Reading]()

    def read(self) -> Reading:
        children = _children(self.pid)
        found = Reading(
            round(time.monotonic() - self.started, 1),
            _status(self.pid, "VmRSS") / 1024,
            sum(_status(p, "VmRSS") for p in children) / 1024,
            len(list(Path(f"/proc/{self.pid}/fd").iterdir())),
            _status(self.pid, "Threads"),
            len(children),
            self.journal.stat().st_size / 2**20,
            _cpu(self.pid),
        )
        self.readings.append(found)
        self._keep(found)
        return found

    def _keep(self, found: Reading) -> None:
        fresh = not self.out.exists()
        with self.out.open("a", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, asdict(found).keys())
            if fresh:
                writer.writeheader()
            writer.writerow(asdict(found))

    def growth(self) -> dict[str, tuple[float, float]]:
        """Medians of the second and of the last quarter of the run, of what must stay flat."""
        n = len(self.readings) // 4
        early, late = self.readings[n : 2 * n], self.readings[-n:]
        return {
            name: (
                statistics.median(getattr(r, name) for r in early),
                statistics.median(getattr(r, name) for r in late),
            )
            for name in ("memory", "children_memory", "handles", "threads", "children")
        }

    def rising(self) -> list[str]:
        """What grew by more than a tenth and more than what a busy moment explains."""
        spare = {"memory": 10, "children_memory": 20, "handles": 3, "threads": 2, "children": 1}
        return [
            f"{name}: {early:.1f} -> {late:.1f}"
            for name, (early, late) in self.growth().items()
            if late > early * 1.1 + spare[name]
        ]
