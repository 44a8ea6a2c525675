"""A whole finding of each rule of check loss, with the line that it points at; ``message`` is without its subject."""

from __future__ import annotations

from checks.findings import Finding, Severity, Snippet

WHOLE: tuple[tuple[str, Finding], ...] = (
    (
        'op.execute("DROP TABLE drop_cascade CASCADE")',
        Finding(
            rule="table-dropped",
            severity=Severity.ERROR,
            message="drops table public.drop_cascade, but the models on main still map it. 1 view, 2 constraints, 1 index "
            "and 1 sequence go with it.",
            why="Every query of the running release on public.drop_cascade fails after this migration. Nothing in the "
            "migration keeps its rows, and a downgrade does not bring them back.",
            remedy="Drop table public.drop_cascade in two steps. Release 1: remove the model of public.drop_cascade, "
            "without a migration. Release 2: drop it, when no running code uses it any more.",
            object="public.drop_cascade",
            evidence=(
                Snippet(title="Statement", text="DROP TABLE drop_cascade CASCADE", language="sql"),
                Snippet(
                    title="Removed with it",
                    text="index public.drop_cascade_note_idx\n"
                    "sequence public.drop_cascade_id_seq\n"
                    "table constraint drop_cascade_of_up_fkey on public.drop_cascade_of\n"
                    "table constraint drop_cascade_pkey on public.drop_cascade\n"
                    "view public.drop_cascade_names",
                ),
            ),
        ),
    ),
    (
        'op.drop_column("drop_mapped_column", "note")',
        Finding(
            rule="column-dropped",
            severity=Severity.ERROR,
            message="drops column public.drop_mapped_column.note, but the models on main still map it.",
            why="The models on main have public.drop_mapped_column as a Table that no class maps. A select() of the whole "
            "Table names the column, as do the statements that use it; they fail after this migration. Nothing in the "
            "migration keeps its values, and a downgrade does not bring them back.",
            remedy="Drop column public.drop_mapped_column.note in two steps. Release 1: remove note from the "
            "Table, without a migration. Release 2: drop it, when no running code uses it any more.",
            object="public.drop_mapped_column.note",
            evidence=(
                Snippet(title="Statement", text="ALTER TABLE drop_mapped_column DROP COLUMN note", language="sql"),
            ),
        ),
    ),
    (
        'op.execute("DROP VIEW drop_view")',
        Finding(
            rule="object-dropped",
            severity=Severity.NOTICE,
            message="drops view public.drop_view; the models on main do not map it.",
            why="No model of the running release uses it.",
            remedy="",
            object="public.drop_view",
            evidence=(Snippet(title="Statement", text="DROP VIEW drop_view", language="sql"),),
        ),
    ),
    (
        'op.drop_column("rename_column", "note")',
        Finding(
            rule="renamed-by-drop",
            severity=Severity.ERROR,
            message="drops column public.rename_column.note and adds public.rename_column.notes in its place, so its values "
            "are lost.",
            why="Both columns are text, and they have the same place in the model. Autogenerate writes a rename as a drop "
            "and an add. Nothing in the migration copies the values, and a downgrade does not bring them back.",
            remedy="Rename column public.rename_column.note, in place of both lines. If the new column means something else, drop the old one in "
            "a later release.",
            object="public.rename_column.note",
            evidence=(Snippet(title="Statement", text="ALTER TABLE rename_column DROP COLUMN note", language="sql"),),
            fixes=(
                Snippet(
                    title="Rename it in upgrade() and downgrade()",
                    text="# upgrade()\n"
                    'op.alter_column("rename_column", "note", new_column_name="notes")\n'
                    "# downgrade()\n"
                    'op.alter_column("rename_column", "notes", new_column_name="note")',
                    language="python",
                ),
            ),
        ),
    ),
    (
        'op.execute("TRUNCATE TABLE truncate_cascade RESTART IDENTITY CASCADE")',
        Finding(
            rule="rows-deleted",
            severity=Severity.WARNING,
            message="deletes every row of public.truncate_cascade. The rows of public.truncate_cascade_of go with them, by "
            "foreign key.",
            why="3 rows of test data were in the table before the revision ran, and none is left. A downgrade does not "
            "bring the rows back.",
            remedy="Add a condition that names the rows to delete. If all rows have to go, say why in a suppression "
            "comment.",
            object="public.truncate_cascade",
            evidence=(
                Snippet(
                    title="Statement",
                    text="TRUNCATE TABLE truncate_cascade RESTART IDENTITY CASCADE",
                    language="sql",
                ),
            ),
        ),
    ),
    (
        'op.alter_column("shorter_text", "name", type_=sa.String(20))',
        Finding(
            rule="type-narrowed",
            severity=Severity.WARNING,
            message="changes column public.shorter_text.name from character varying(50) to character varying(20), which "
            "cannot hold every value.",
            why="PostgreSQL refuses the change if one value does not fit, and the deploy fails.",
            remedy="Count the values that do not fit before the deploy, and change them first. Or keep the wider type.",
            object="public.shorter_text.name",
            evidence=(
                Snippet(
                    title="Statement",
                    text="ALTER TABLE shorter_text ALTER COLUMN name TYPE VARCHAR(20)",
                    language="sql",
                ),
            ),
            fixes=(
                Snippet(
                    title="Count the values that do not fit",
                    text="SELECT count(*) FROM shorter_text WHERE length(name) > 20;",
                    language="sql",
                ),
            ),
        ),
    ),
    (
        "op.execute(\"ALTER TABLE enum_swap ALTER COLUMN mood TYPE enum_swap_mood USING CASE mood::text WHEN 'c' THEN 'a' "
        'ELSE mood::text END::enum_swap_mood")',
        Finding(
            rule="enum-value-removed",
            severity=Severity.ERROR,
            message="removes value 'c' from enum public.enum_swap_mood.",
            why="The models on main still have 'c': queries of the running release that name it fail after this migration. "
            "A row that has the value stops the migration, unless the migration gives it another value.",
            remedy="Remove 'c' in two steps. Release 1: stop using the value, and give its rows another one. Release 2: "
            "remove it from the enum.",
            object="public.enum_swap_mood",
            evidence=(
                Snippet(
                    title="Statement",
                    text="ALTER TABLE enum_swap ALTER COLUMN mood TYPE enum_swap_mood USING CASE mood::text WHEN 'c' THEN "
                    "'a' ELSE mood::text END::enum_swap_mood",
                    language="sql",
                ),
                Snippet(title="Columns of this enum", text="public.enum_swap.mood"),
            ),
        ),
    ),
)
