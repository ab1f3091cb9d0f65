"""The journal's tables. Values are JSON as `ledgersync.values.to_json` makes it."""

VERSION = 12

RESERVED = """
-- Numbers that were reserved with the record ids of empty rows in issued copies.
CREATE TABLE IF NOT EXISTS reserved_number (
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, record TEXT NOT NULL, number INTEGER NOT NULL,
    PRIMARY KEY (ledger, tbl, record)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS reserved_number_highest ON reserved_number (ledger, tbl, number);
"""

NOTICE = """
-- What was left out of a file or taken with a doubt, and is to be told until it is mended:
-- `copy` is the copy that holds it, or 'primary' where it stands in a primary (no submission).
CREATE TABLE notice (
    id INTEGER PRIMARY KEY,
    submission INTEGER REFERENCES submission(id),
    copy TEXT NOT NULL, staff TEXT NOT NULL,
    ledger TEXT NOT NULL, tbl TEXT, record TEXT, field TEXT,
    sheet TEXT, sheet_row INTEGER, sheet_column INTEGER,
    rule TEXT NOT NULL, severity TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL,
    content TEXT, status TEXT NOT NULL DEFAULT 'open'
) STRICT;
CREATE INDEX notice_of_status ON notice (status, ledger, copy);
"""

UPWARD = """
-- Packages of figures: what was sent upwards (out) and taken in from below (in), every
-- version. `sha256` is of the signed archive, kept beside the journal, `previous` chains them.
CREATE TABLE IF NOT EXISTS package (
    id INTEGER PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('in','out')),
    unit TEXT NOT NULL, period TEXT NOT NULL, version INTEGER NOT NULL,
    sha256 TEXT NOT NULL, previous TEXT, file TEXT NOT NULL, signer TEXT,
    encrypted INTEGER NOT NULL, made TEXT NOT NULL, at TEXT NOT NULL,
    UNIQUE (direction, unit, period, version)
) STRICT;

-- Steps of the review of a unit's period, the latest last: `version` is the package it is about.
CREATE TABLE IF NOT EXISTS review (
    id INTEGER PRIMARY KEY,
    unit TEXT NOT NULL, period TEXT NOT NULL, version INTEGER NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('approve','return','lock','unlock')),
    reason TEXT, places TEXT NOT NULL DEFAULT '[]', who TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS review_of_period ON review (period, unit, id);

-- What an office above said of our packages: receipts and returns.
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('receipt','return')),
    office TEXT NOT NULL, period TEXT NOT NULL, version INTEGER NOT NULL,
    status TEXT NOT NULL, reason TEXT, places TEXT NOT NULL DEFAULT '[]',
    sha256 TEXT NOT NULL UNIQUE, made TEXT NOT NULL, at TEXT NOT NULL
) STRICT;

-- What is to be handed over, to which `[[delivery]]`: sent once, tried again until then.
CREATE TABLE IF NOT EXISTS delivery (
    id INTEGER PRIMARY KEY,
    target TEXT NOT NULL, unit TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting','sent')),
    tries INTEGER NOT NULL DEFAULT 0, next TEXT NOT NULL, fault TEXT, done TEXT,
    UNIQUE (target, sha256)
) STRICT;
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (status, next);
"""

CLOSING = """
-- Periods that were closed with the facts of that hash, kept beside the journal, or opened again.
CREATE TABLE IF NOT EXISTS closing (
    id INTEGER PRIMARY KEY,
    period TEXT NOT NULL, step TEXT NOT NULL CHECK (step IN ('close','reopen')),
    sha256 TEXT, revision INTEGER NOT NULL, reason TEXT, who TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS closing_of_period ON closing (period, id);

-- Originals that were let go when their time was over.
CREATE TABLE IF NOT EXISTS purged (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE, file TEXT NOT NULL, bytes INTEGER NOT NULL,
    reason TEXT NOT NULL, who TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
"""

MATCHES = """
-- Letters about what stands in another unit too: sent to a unit below, or come from above.
CREATE TABLE IF NOT EXISTS match_letter (
    id INTEGER PRIMARY KEY,
    direction TEXT NOT NULL CHECK (direction IN ('in','out')),
    unit TEXT NOT NULL, cases TEXT NOT NULL, sha256 TEXT NOT NULL UNIQUE,
    made TEXT NOT NULL, at TEXT NOT NULL
) STRICT;
"""

COLUMNS = """
-- The state of a large table by column, as of a revision that `meta` names ("columns:..."): a
-- copy of `record` that opens faster.
CREATE TABLE IF NOT EXISTS state_column (
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, position INTEGER NOT NULL,
    kind TEXT NOT NULL, content BLOB NOT NULL, codes BLOB NOT NULL,
    PRIMARY KEY (ledger, tbl, position)
) STRICT;
CREATE INDEX IF NOT EXISTS record_odd ON record (ledger, tbl) WHERE odd;
CREATE INDEX IF NOT EXISTS operation_of_revision ON operation (revision);
"""

DDL = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- One revision = one transaction. `digest` chains every revision to the one before. `kind` is one
-- of init, adopt, submission, hand, resolve, release, undo, handover, year.
CREATE TABLE revision (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    author TEXT NOT NULL,
    at TEXT NOT NULL,
    undoes INTEGER REFERENCES revision(id),
    digest TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE operation (
    id INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL REFERENCES revision(id),
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, record TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('add','edit','remove')),
    field TEXT,
    old TEXT, new TEXT
) STRICT;
CREATE INDEX operation_of_record ON operation (record, id);
CREATE INDEX operation_of_ledger ON operation (ledger, revision);
CREATE INDEX operation_of_year ON operation (ledger, tbl) WHERE field = '_year';

-- The state after the last revision; `odd` marks rows that hold an invalid cell.
CREATE TABLE record (
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, record TEXT NOT NULL,
    row TEXT NOT NULL, odd INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (ledger, tbl, record)
) STRICT;

CREATE TABLE submission (
    id INTEGER PRIMARY KEY,
    revision INTEGER REFERENCES revision(id),
    file TEXT NOT NULL, sha256 TEXT NOT NULL, staff TEXT NOT NULL, ledger TEXT,
    copy TEXT, base TEXT NOT NULL, base_revision INTEGER,
    status TEXT NOT NULL, changes TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '{}',
    at TEXT NOT NULL
) STRICT;
CREATE INDEX submission_of_file ON submission (sha256, staff);
CREATE INDEX submission_of_copy ON submission (copy, id);
CREATE INDEX submission_of_status ON submission (status);

-- Files as last seen, so that an unchanged one costs a stat only.
CREATE TABLE seen (
    file TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, sha256 TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Copies issued to people (and the files of those who never took one: kind 'own'). A row is
-- written before its file is put in place; `placed` says that this has been seen to happen.
CREATE TABLE copy (
    id TEXT PRIMARY KEY,
    staff TEXT NOT NULL, ledger TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('issued','own')),
    revision INTEGER NOT NULL, at TEXT NOT NULL,
    file TEXT, sha256 TEXT,
    records TEXT NOT NULL REFERENCES id_list(digest),
    reserved TEXT NOT NULL REFERENCES id_list(digest),
    revoked INTEGER NOT NULL DEFAULT 0, placed INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX copy_of_person ON copy (staff, ledger, kind, revoked, placed);
CREATE INDEX copy_of_file ON copy (sha256);
CREATE INDEX copy_unplaced ON copy (placed) WHERE NOT placed;

-- Lists of record ids, each kept once: copies of one day mostly hold the same records.
CREATE TABLE id_list (digest TEXT PRIMARY KEY, ids BLOB NOT NULL) STRICT, WITHOUT ROWID;

-- What a copy submitted last, per table: the later half of its base. `records` are its record ids,
-- `own` the cells of those rows that were not as the state had them at `revision`.
CREATE TABLE last_submission (
    copy TEXT NOT NULL, tbl TEXT NOT NULL, revision INTEGER NOT NULL,
    fields TEXT NOT NULL, records TEXT NOT NULL REFERENCES id_list(digest),
    own BLOB NOT NULL, unsettled BLOB NOT NULL,
    aliases TEXT NOT NULL DEFAULT '{}',
    PRIMARY KEY (copy, tbl)
) STRICT;

CREATE TABLE conflict (
    id INTEGER PRIMARY KEY,
    submission INTEGER, revision INTEGER,
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, record TEXT NOT NULL, field TEXT,
    kind TEXT NOT NULL, base TEXT, ours TEXT, theirs TEXT,
    ours_by TEXT, theirs_by TEXT, at TEXT NOT NULL,
    status TEXT NOT NULL DEFAULT 'open', decision TEXT, resolved_in INTEGER
) STRICT;
CREATE INDEX conflict_open ON conflict (status, ledger);

CREATE TABLE returned (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission(id),
    staff TEXT NOT NULL, ledger TEXT NOT NULL, tbl TEXT NOT NULL, record TEXT, field TEXT,
    sheet TEXT, sheet_row INTEGER, sheet_column INTEGER,
    rule TEXT NOT NULL, zh TEXT NOT NULL, en TEXT NOT NULL, typed TEXT,
    status TEXT NOT NULL DEFAULT 'open'
) STRICT;
CREATE INDEX returned_open ON returned (status, staff, ledger);

CREATE TABLE held (
    id INTEGER PRIMARY KEY,
    submission INTEGER NOT NULL REFERENCES submission(id),
    staff TEXT NOT NULL, ledger TEXT NOT NULL, tbl TEXT NOT NULL,
    records TEXT NOT NULL, hand INTEGER NOT NULL DEFAULT 0, since INTEGER NOT NULL DEFAULT 0,
    status TEXT NOT NULL DEFAULT 'open', decided_in INTEGER
) STRICT;

-- What each primary looked like when it was last written or taken in; `stamped` is the revision
-- that its stamp named then.
CREATE TABLE primary_file (
    ledger TEXT PRIMARY KEY,
    file TEXT NOT NULL, sha256 TEXT NOT NULL, revision INTEGER NOT NULL, stamped INTEGER
) STRICT;

-- Where every record stood in the primary with this hash, written by us.
CREATE TABLE primary_layout (
    ledger TEXT PRIMARY KEY, sha256 TEXT NOT NULL, parts BLOB NOT NULL
) STRICT;

-- The intent to write, from before the file is touched until it is done.
CREATE TABLE pending_write (
    ledger TEXT PRIMARY KEY,
    revision INTEGER NOT NULL, expected TEXT NOT NULL, made TEXT,
    reason TEXT NOT NULL, since TEXT NOT NULL
) STRICT;

-- Cells (field NULL: removals) that a submission wanted as they already were by `revision`.
CREATE TABLE agreed (
    revision INTEGER NOT NULL, ledger TEXT NOT NULL, tbl TEXT NOT NULL,
    record TEXT NOT NULL, field TEXT
) STRICT;
CREATE INDEX agreed_of_table ON agreed (ledger, tbl, revision);

CREATE TABLE audit (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject INTEGER NOT NULL,
    statement TEXT NOT NULL, digest TEXT NOT NULL
) STRICT;

CREATE TABLE event (
    id INTEGER PRIMARY KEY, at TEXT NOT NULL, who TEXT NOT NULL,
    what TEXT NOT NULL, detail TEXT NOT NULL DEFAULT '{}'
) STRICT;

-- Columns that people added, in the order in which they follow a table's fields. `taken_by`: the
-- declared field that took over, or '' for a column that was said to be none of the ledger's.
CREATE TABLE extra_field (
    id INTEGER PRIMARY KEY,
    ledger TEXT NOT NULL, tbl TEXT NOT NULL, field TEXT NOT NULL, header TEXT NOT NULL,
    taken_by TEXT,
    UNIQUE (ledger, tbl, field)
) STRICT;
"""
    + RESERVED
    + NOTICE
    + UPWARD
    + CLOSING
    + MATCHES
    + COLUMNS
)
