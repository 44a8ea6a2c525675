"""All cases where the migrated database differs from the models in one thing."""

from __future__ import annotations

from tests.integration.drift.drifts_by_weight import BY_WEIGHT
from tests.integration.drift.drifts_of_columns import COLUMNS
from tests.integration.drift.drifts_of_constraints import CONSTRAINTS
from tests.integration.drift.drifts_of_keys_and_indexes import FOREIGN_KEYS, INDEXES
from tests.integration.drift.drifts_of_tables import TABLES
from tests.integration.drift.drifts_of_types import TYPES
from tests.integration.drift.drifts_of_values import VALUES

DRIFTS = (*TABLES, *COLUMNS, *VALUES, *CONSTRAINTS, *FOREIGN_KEYS, *INDEXES, *TYPES, *BY_WEIGHT)
