"""Due commands of a workspace: `[[schedule]]`, run once each, caught up after a pause."""

from ledgersync.schedule.cron import next_time
from ledgersync.schedule.due import Book, Due, due_runs, note_entries
from ledgersync.schedule.keeping import Timekeeper
from ledgersync.schedule.running import Process, Ran, run_due

__all__ = [
    "Book",
    "Due",
    "Process",
    "Ran",
    "Timekeeper",
    "due_runs",
    "next_time",
    "note_entries",
    "run_due",
]
