"""Due commands of a workspace: `[[schedule]]`, run once each, caught up after a pause."""

from ledgersync.schedule.due import Book, Due, due_runs, next_time
from ledgersync.schedule.running import Ran, run_due

__all__ = ["Book", "Due", "Ran", "due_runs", "next_time", "run_due"]
