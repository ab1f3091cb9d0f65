"""A journal as earlier versions of the program wrote it, made out of today's."""

from ledgersync.journal.database.ddl import DDL
from ledgersync.journal.database.migrations import KINDS

AS_8 = """
ALTER TABLE last_submission RENAME TO shadow;
UPDATE shadow SET copy = 'heard:' || substr(copy, 9) WHERE copy LIKE 'earlier:%';
ALTER TABLE audit RENAME COLUMN statement TO said;
UPDATE meta SET value = '8' WHERE key = 'version';
"""
AS_6 = f"""
PRAGMA foreign_keys = OFF; DROP INDEX operation_of_year;
PRAGMA legacy_alter_table = ON;
ALTER TABLE revision RENAME TO newer;
CREATE TABLE revision{DDL.split("CREATE TABLE revision")[1].split(") STRICT")[0]}) STRICT;
INSERT INTO revision SELECT * FROM newer; DROP TABLE newer;
UPDATE meta SET value = '6' WHERE key = 'version';
""".replace("    kind TEXT NOT NULL,\n    author", f"    {KINDS},\n    author")
