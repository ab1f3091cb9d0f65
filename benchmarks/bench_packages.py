"""A street's package of 150 communities: made of figures, verified and taken in by the district.

Targets: each in a second at most.
"""

import json
import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from ledgersync.rollup.figures import WINDOWS
from ledgersync.schema import load_catalog
from ledgersync.sync.create import create_workspace
from ledgersync.upward.content.keyed import written
from ledgersync.upward.key_exchange import init_keys
from ledgersync.upward.office import office_session
from ledgersync.upward.package.archive import part_of, write_archive
from ledgersync.upward.package.envelope import wrapped
from ledgersync.upward.package.manifest import Manifest
from ledgersync.upward.reception import Reception
from ledgersync.workspace.config import new_unit
from ledgersync.workspace.unitcodes import full_code

UNITS, PEOPLE = 150, 200
DISTRICT, STREET = "360702", "360702001"


def figures() -> bytes:
    """Every indicator of every community in every window."""
    codes = [f"{STREET}{n:03d}" for n in range(1, UNITS + 1)]
    units = [[full_code(STREET), "东门街道", "street", None]]
    units += [[code, f"社区{code[-3:]}", "community", full_code(STREET)] for code in codes]
    names = [i.id for ledger in load_catalog() for i in ledger.indicators if not i.by]
    names += [f"care_people.类{n}" for n in range(60)]
    rows = [
        [code, name, n * 7 % 900, None, None, False, None, None, 0, 0, n]
        for n, (code, *_) in enumerate(units)
        for name in names
    ]
    groups = [[[code], [code]] for code, *_ in units]
    windows = {name: {"figures": rows} for name in WINDOWS}
    said = {"format": "ledgersync.rollup/v1", "period": "2022-06", "units": units}
    return json.dumps({**said, "windows": windows, "groups": groups, "missing": []}).encode()


def main() -> None:
    os.environ["LEDGERSYNC_TODAY"] = "2022-07-05"
    with TemporaryDirectory() as name:
        root = Path(name)
        os.environ["XDG_STATE_HOME"] = name
        district = create_workspace(root / "d", new_unit("章贡区", DISTRICT, "district"))
        street = create_workspace(root / "s", new_unit("东门街道", STREET, "street"))
        with office_session(street, "bench") as office:
            sender = init_keys(office, "bench")
        keys = {
            (window, None): {os.urandom(16) for _ in range(UNITS * PEOPLE)} for window in WINDOWS
        }
        with office_session(district, "bench") as office:
            own = init_keys(office, "bench")
            office.trusted.trust(sender.public)
            content = figures()
            began = time.process_time()
            parts = {"figures.json": content, "keys/volunteers_active.parquet": written(keys)}
            manifest = Manifest(
                unit=STREET,
                name="东门街道",
                recipient=DISTRICT,
                period="2022-06",
                version=1,
                made="2022-07-05T08:00:00+08:00",
                parts={part: part_of(c) for part, c in parts.items()},
            )
            package = wrapped(write_archive(manifest, parts), sender, own.public)
            made = time.process_time() - began
            path = root / "p.lsp"
            path.write_bytes(package)
            began = time.process_time()
            found = Reception(office, office.session.today).take([path])
            taken = time.process_time() - began
        assert found[0].status == "accepted", found[0].refusal
        size = len(package) / 1e6
        print(f"{UNITS} communities, {size:.1f} MB: made {made:.2f} s, taken {taken:.2f} s CPU")


if __name__ == "__main__":
    main()
