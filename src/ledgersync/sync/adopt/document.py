"""A plan as `adopt --json` prints it (`ledgersync.adopt/v1`)."""

from typing import Any

from ledgersync.model import column_letters
from ledgersync.schema import LedgerSchema
from ledgersync.sync.adopt.masking import masked_samples
from ledgersync.workbook.foreign.plan import ColumnPlan, Plan, Question, TablePlan


def document_of(ledger: LedgerSchema, plan: Plan) -> dict[str, Any]:
    tables = [(s.file, t) for s in plan.sheets for t in s.tables]
    return {
        "tables": [_table(ledger, file, t) for file, t in tables],
        "questions": [_question(s.file, q) for s in plan.sheets for q in s.questions],
        "said": [m.zh for s in plan.sheets for m in s.remarks] + [m.zh for m in plan.remarks],
    }


def _table(ledger: LedgerSchema, file: str, table: TablePlan) -> dict[str, Any]:
    return {
        "file": file,
        "sheet": table.sheet,
        "ledger": table.ledger,
        "table": table.table,
        "header_rows": list(table.header_rows),
        "columns": [_column(ledger, c) for c in table.columns],
        "records": len(table.rows),
        "filled": {name: told.zh for name, told in table.filled.items()},
        "left_out": [{"row": out.row, "reason": out.reason} for out in table.left_out],
        "findings": {"error": table.errors, "warning": table.warnings},
    }


def _column(ledger: LedgerSchema, column: ColumnPlan) -> dict[str, Any]:
    return {
        "column": column_letters(column.column),
        "header": column.header,
        "field": column.field,
        "left_out": column.is_left,
        "confidence": round(column.confidence, 2),
        "proposals": list(column.proposals),
        "samples": masked_samples(ledger, column),
    }


def _question(file: str, question: Question) -> dict[str, Any]:
    return {
        "file": file,
        "sheet": question.sheet,
        "kind": question.kind,
        "table": question.table,
        "column": question.letters,
        "header": question.header or None,
        "field": question.field,
        "proposals": list(question.proposals),
        "message": question.message.zh,
    }
