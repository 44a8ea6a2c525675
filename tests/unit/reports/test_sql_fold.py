"""The fold with the SQL of the new revisions."""

from __future__ import annotations

from dataclasses import replace

from action.reports.sql_fold import sql_blocks
from checks.findings import NewSql, Verdict
from tests.unit.reports import handmade

SQL = NewSql(text="-- `" + "`" * 5 + "\nA;\n", revisions=("b", "c"), statements=1)


def texts(*found: NewSql | None, limit: int = 20_000) -> list[str]:
    trees = [replace(handmade.tree(), path=f"{n}/a.ini", new_sql=sql) for n, sql in enumerate(found)]
    return [block.text for block in sql_blocks(handmade.report(Verdict.PASSED, *trees), limit)]


def test_it_is_one_block_that_its_text_cannot_end() -> None:
    assert texts(SQL) == [
        "<details><summary>SQL of 2 new revisions (1 statement)</summary>\n\n"
        "```````sql\n-- ``````\nA;\n```````\n\n</details>"
    ]


def test_of_several_configs_each_has_its_own_and_its_note() -> None:
    first, second = texts(SQL, None, replace(SQL, note="On PostgreSQL 14, other statements or values were sent."))
    assert first.startswith("<details><summary>SQL of 2 new revisions (1 statement) · 0/a.ini</summary>\n\n```````sql")
    assert "· 2/a.ini</summary>\n\nOn PostgreSQL 14, other statements or values were sent.\n\n```````sql" in second


def test_configs_that_sent_the_same_share_one() -> None:
    (text,) = texts(SQL, SQL)
    assert text.startswith("<details><summary>SQL of 2 new revisions (1 statement) · 0/a.ini, 1/a.ini</summary>")


def test_a_long_one_ends_at_a_line_and_counts_the_others() -> None:
    (text,) = texts(replace(SQL, text="\n".join(f"SELECT {n};" for n in range(2_000))), limit=40)
    assert "```sql\nSELECT 0;\nSELECT 1;\nSELECT 2;\nSELECT 3;\n-- … 1,996 more lines\n```" in text
