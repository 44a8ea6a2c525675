"""The table of faults: all rows, in the order of the promises that they test."""

from __future__ import annotations

from tests.faults import (
    rows_children,
    rows_clean_up,
    rows_frozen,
    rows_libpq,
    rows_machine,
    rows_many,
    rows_outputs,
    rows_setup,
    rows_signals,
)
from tests.faults.fault import Fault

TABLE: tuple[Fault, ...] = (
    *rows_outputs.ROWS,
    *rows_frozen.ROWS,
    *rows_clean_up.ROWS,
    *rows_signals.ROWS,
    *rows_setup.ROWS,
    *rows_children.ROWS,
    *rows_libpq.ROWS,
    *rows_machine.ROWS,
    *rows_many.ROWS,
)
