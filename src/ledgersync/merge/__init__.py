"""base, ours, theirs → MergeResult. Pure: no files, no clock, no journal.

For one table of one submission, in this order:

    base = settled(last, unsettled)                    # what was taken in of what the copy said
                                                       # last (else: the rows as issued)
    who = resolve_identity(table, submitted, base, ours, new_id=…, last_submission=last, present=…)
    result = merge_table(table, base, ours, who.rows, last_submission=last,
                         unresolved=who.unresolved, positions=who.positions, present=…, faults=…,
                         removals=True)
    number_added(table, result, unit_tail=…)           # generated keys, in place
    keep_keys_unique(table, ours, result)              # in place, too
    numbers = followed(table, result.last_submission, result.merged)
                                                       # then `follow` in base, last submission and
                                                       # submitted rows of the tables that refer
    # then store result.last_submission, result.unsettled and who.aliases with the copy
"""

from ledgersync.merge.base import (
    base_of_own_word,
    base_of_repeated,
    base_of_sibling,
    differing,
    distance,
    overlap,
)
from ledgersync.merge.content_base import ContentBase, Given, base_by_content
from ledgersync.merge.identified import Identified, Submitted, submitted
from ledgersync.merge.identity import resolve_identity
from ledgersync.merge.keys import KeyReader, usable
from ledgersync.merge.numbers import (
    follow,
    followed,
    highest_freed,
    highest_number,
    number_added,
    number_text,
)
from ledgersync.merge.owners import Owners
from ledgersync.merge.removals import mass_removal
from ledgersync.merge.resemblance import Distance, Past, Step
from ledgersync.merge.result import (
    ConflictCandidate,
    Counts,
    HeldRemoval,
    MergeResult,
    Operation,
    Returned,
    Unresolved,
    Warned,
    settled,
)
from ledgersync.merge.retyped import retyped
from ledgersync.merge.threeway import merge_table
from ledgersync.merge.undo import apply, invert, undo
from ledgersync.merge.uniqueness import keep_keys_unique
from ledgersync.merge.validator import returns, without_rest

__all__ = [
    "ConflictCandidate",
    "ContentBase",
    "Counts",
    "Distance",
    "Given",
    "HeldRemoval",
    "Identified",
    "KeyReader",
    "MergeResult",
    "Operation",
    "Owners",
    "Past",
    "Returned",
    "Step",
    "Submitted",
    "Unresolved",
    "Warned",
    "apply",
    "base_by_content",
    "base_of_own_word",
    "base_of_repeated",
    "base_of_sibling",
    "differing",
    "distance",
    "follow",
    "followed",
    "highest_freed",
    "highest_number",
    "invert",
    "keep_keys_unique",
    "mass_removal",
    "merge_table",
    "number_added",
    "number_text",
    "overlap",
    "resolve_identity",
    "returns",
    "retyped",
    "settled",
    "submitted",
    "undo",
    "usable",
    "without_rest",
]
