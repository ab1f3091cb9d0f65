import time
from pathlib import Path
from datetime import date
from ledgersync.workspace import Workspace
from ledgersync.sync.session import open_session
from ledgersync.checks import RowChecker
from ledgersync.rollup.assembly import FaultyRow
W=Workspace.open(Path("/tmp/demo_facts/units/360797001/units/360797001001"))
with open_session(W,"x",write=False) as s:
    rows=list(s.journal.state.rows("visit","visits").values())
rows=(rows*60)[:40000]
t=W.catalog.table("visit","visits")
f=FaultyRow(RowChecker(t,date(2026,11,28)))
a=time.process_time(); n=sum(map(f,rows)); print('faulty 40k', time.process_time()-a, n)
from ledgersync.rollup.facts import FactRow
from ledgersync.rollup.columns import *
fr=[FactRow(str(i),r,"s",i) for i,r in enumerate(rows)]
a=time.process_time(); x=arrow_table(t,fr,Origin(0,0,0,"f"),Numbering(),None); print('arrow', time.process_time()-a)
import pyarrow.parquet as pq, io
a=time.process_time(); b=io.BytesIO(); pq.write_table(x,b,compression="zstd"); print('parquet', time.process_time()-a, len(b.getvalue()))
