"""`watch`: an observer and a look-around in front of the merge."""

from ledgersync.watch.diary import Beat, read_beat
from ledgersync.watch.watcher import Settings, Watcher

__all__ = ["Beat", "Settings", "Watcher", "read_beat"]
