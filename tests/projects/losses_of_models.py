"""Drops that the classes of the models weigh, and renames that only the models show; see ``losses``."""

from __future__ import annotations

from tests.projects.losses import LossRow

_TABLE = """
class C_{t}(Base):
    __tablename__ = "{t}"
    id = Column(Integer, primary_key=True)
"""
_TWO = "CREATE TABLE {t} (id serial PRIMARY KEY, size int NOT NULL DEFAULT 0, other text)"


def _swap(add: str, drop: str, type_: str = "sa.Text()") -> tuple[str]:
    return (f'op.add_column("{{t}}", sa.Column("{add}", {type_}))\nop.drop_column("{{t}}", "{drop}")',)


DEFERRED = (
    LossRow(
        name="deferred",
        base=_TWO,
        maps="",
        models=_TABLE
        + """    size = deferred(Column(Integer, nullable=False, server_default="0"))
    other = deferred(Column(Text))
    __mapper_args__ = {"eager_defaults": False}
""",
        upgrade=('op.drop_column("{t}", "size")\nop.drop_column("{t}", "other")',),
        found=(
            ("notice", "column-dropped", "public.deferred.size"),
            ("error", "column-dropped", "public.deferred.other"),
        ),
        why=(
            "SELECT and INSERT of class C_{t} leave the column out. Only code of the running release that asks for C_{t}.size fails after this migration.",
            "The running release maps C_{t}.other as deferred, so a SELECT leaves the column out. But every INSERT of class C_{t} names it because the column has no server default, and fails after this migration. Access to C_{t}.other fails too.",
        ),
    ),
    LossRow(
        name="deferred_and_returned",
        base=_TWO,
        maps="",
        models=_TABLE
        + """    size = mapped_column(Integer, nullable=False, server_default="0", deferred=True, deferred_group="big")
    other = column_property(Column(Text, server_default="x"), deferred=True)
""",
        upgrade=('op.drop_column("{t}", "size")\nop.drop_column("{t}", "other")',),
        found=(
            ("error", "column-dropped", "public.deferred_and_returned.size"),
            ("error", "column-dropped", "public.deferred_and_returned.other"),
        ),
        why=(
            "The running release maps C_{t}.size as deferred, so a SELECT leaves the column out. But every INSERT of class C_{t} names it to return its server default (eager_defaults), and fails after this migration.",
            "The running release maps C_{t}.other as deferred, so a SELECT leaves the column out. But every INSERT of class C_{t} names it to return its server default (eager_defaults), and fails after this migration.",
        ),
    ),
    LossRow(
        name="deferred_with_python",
        base=_TWO,
        maps="",
        models=_TABLE
        + """    size = deferred(Column(Integer, server_default="0", default=0))
    other = deferred(Column(Text, server_default="x", onupdate="y"))
    __mapper_args__ = {"eager_defaults": False}
""",
        upgrade=('op.drop_column("{t}", "size")\nop.drop_column("{t}", "other")',),
        found=(
            ("error", "column-dropped", "public.deferred_with_python.size"),
            ("error", "column-dropped", "public.deferred_with_python.other"),
        ),
        why=(
            "The running release maps C_{t}.size as deferred, so a SELECT leaves the column out. But every INSERT of class C_{t} names it because the column has a default in Python, and fails",
            "The running release maps C_{t}.other as deferred, so a SELECT leaves the column out. But every UPDATE of class C_{t} names it because of its onupdate, and fails",
        ),
    ),
    LossRow(
        name="deferred_in_expression",
        base=_TWO,
        maps="",
        models=_TABLE
        + """    size = deferred(Column(Integer, nullable=False, server_default="0"))
    __mapper_args__ = {"eager_defaults": False}
C_{t}.twice = column_property(C_{t}.__table__.c.size * 2)
""",
        upgrade=('op.drop_column("{t}", "size")',),
        found=(("error", "column-dropped", "public.deferred_in_expression.size"),),
        why=(
            "Every SELECT of class C_{t} in the running release names the column, and fails after this migration.",
        ),
    ),
    LossRow(
        name="excluded",
        base=_TWO,
        maps="",
        models="""
class C_{t}(Base):
    __table__ = Table("{t}", metadata, Column("id", Integer, primary_key=True),
                      Column("size", Integer, server_default="0"), Column("other", Text, default="x"))
    __mapper_args__ = {"exclude_properties": ["size", "other"]}
""",
        upgrade=('op.drop_column("{t}", "size")\nop.drop_column("{t}", "other")',),
        found=(
            ("notice", "column-dropped", "public.excluded.size"),
            ("error", "column-dropped", "public.excluded.other"),
        ),
        why=(
            "SELECT and INSERT of class C_{t} leave the column out. Only code of the running release that names it fails",
            "No attribute of the models on main maps the column. But every INSERT of class C_{t} names it because the column has a default in Python, and fails after this migration.",
        ),
    ),
    LossRow(
        name="not_in_init",
        base=_TWO,
        maps="",
        models="""
class D_{t}(MappedAsDataclass, Base):
    __tablename__ = "{t}"
    id: Mapped[int] = mapped_column(primary_key=True, init=False)
    size: Mapped[int] = mapped_column(init=False, server_default="0")
""",
        upgrade=('op.drop_column("{t}", "size")',),
        found=(("error", "column-dropped", "public.not_in_init.size"),),
        why=(
            "Every SELECT and INSERT of class D_{t} in the running release names the column, and fails after this migration.",
        ),
    ),
)

RENAMES = (
    LossRow(
        name="one_attribute",
        maps="",
        models=_TABLE + '    name = Column(String(50), nullable=False)\n    isbn = Column("note", Text)\n',
        head_models=_TABLE + '    isbn = Column("barcode", Text)\n    name = Column(String(50), nullable=False)\n',
        upgrade=_swap("barcode", "note"),
        found=(("error", "renamed-by-drop", "public.one_attribute.note"),),
        why=(
            "Both columns are text, and attribute C_{t}.isbn maps note on main and barcode in this change.",
        ),
    ),
    LossRow(
        name="one_mapped_column",
        maps="",
        models=_TABLE + '    other: Mapped[str] = mapped_column("note", Text)\n',
        head_models=_TABLE + '    more = Column(Text)\n    other: Mapped[str] = mapped_column("barcode", Text)\n',
        upgrade=_swap("barcode", "note"),
        found=(("error", "renamed-by-drop", "public.one_mapped_column.note"),),
        why=(
            "Both columns are text, and attribute C_{t}.other maps note on main and barcode in this change.",
        ),
    ),
    LossRow(
        name="one_key",
        maps="",
        models='Table("{t}", metadata, Column("id", Integer), Column("name", Text), Column("note", Text, key="k"))\n',
        head_models='Table("{t}", metadata, Column("barcode", Text, key="k"), Column("id", Integer), Column("name", Text))\n',
        upgrade=_swap("barcode", "note"),
        found=(("error", "renamed-by-drop", "public.one_key.note"),),
        why=(
            'Both columns are text, and key "k" of the Table maps note on main and barcode in this change.',
        ),
    ),
    LossRow(
        name="deferred_attribute",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, note text DEFAULT 'x')",
        maps="",
        models=_TABLE
        + '    k = deferred(Column("note", Text, server_default="x"))\n    __mapper_args__ = {"eager_defaults": False}\n',
        head_models=_TABLE + '    more = Column(Text)\n    k = Column("barcode", Text)\n',
        upgrade=_swap("barcode", "note"),
        found=(("error", "renamed-by-drop", "public.deferred_attribute.note"),),
    ),
    LossRow(
        name="attribute_of_another_type",
        maps="",
        models=_TABLE + '    k = Column("note", Text)\n',
        head_models=_TABLE + '    k = Column("barcode", Integer)\n    notes = Column(Text)\n',
        upgrade=(
            'op.add_column("{t}", sa.Column("barcode", sa.Integer()))\n'
            'op.add_column("{t}", sa.Column("notes", sa.Text()))\nop.drop_column("{t}", "note")',
        ),
        found=(("error", "column-dropped", "public.attribute_of_another_type.note"),),
    ),
    LossRow(
        name="attribute_of_another_class",
        maps="",
        models=_TABLE + '    k = Column("note", Text)\n',
        head_models=_TABLE.replace("C_", "Other_") + '    more = Column(Text)\n    k = Column("barcode", Text)\n',
        upgrade=_swap("barcode", "note"),
        found=(("error", "column-dropped", "public.attribute_of_another_class.note"),),
    ),
    LossRow(
        name="swapped_attributes",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, title_old text, label_old text)",
        maps="",
        models=_TABLE + '    a = Column("title_old", Text)\n    b = Column("label_old", Text)\n',
        head_models=_TABLE + '    a = Column("label", Text)\n    b = Column("title", Text)\n',
        upgrade=(
            'op.add_column("{t}", sa.Column("title", sa.Text()))\nop.add_column("{t}", sa.Column("label", sa.Text()))\n'
            'op.drop_column("{t}", "title_old")\nop.drop_column("{t}", "label_old")',
        ),
        found=(
            ("error", "column-dropped", "public.swapped_attributes.title_old"),
            ("error", "column-dropped", "public.swapped_attributes.label_old"),
        ),
    ),
    LossRow(
        name="attribute_of_kept_column",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, title text, full_name text)",
        maps="",
        models=_TABLE + '    title = Column("title", Text)\n    full = Column("full_name", Text)\n',
        head_models=_TABLE + '    title = Column("full_name", Text)\n    sub = Column("title_sub", Text)\n',
        upgrade=_swap("title_sub", "title"),
        found=(("error", "column-dropped", "public.attribute_of_kept_column.title"),),
    ),
    LossRow(
        name="one_class",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, note text)",
        maps="",
        models=_TABLE + "    note = Column(Text)\n",
        head_models=_TABLE.replace('"{t}"', '"volumes"') + "    note = Column(Text)\n    more = Column(Text)\n",
        upgrade=(
            'op.create_table("volumes", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text), '
            'sa.Column("more", sa.Text))\nop.drop_table("{t}")',
        ),
        found=(("error", "renamed-by-drop", "public.one_class"),),
        why=(
            "Most columns of both tables are the same, and class C_{t} maps {t} on main and volumes in this change.",
        ),
    ),
    LossRow(
        name="class_of_another_table",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, note text)",
        maps="",
        models=_TABLE + "    note = Column(Text)\n",
        head_models=_TABLE.replace('"{t}"', '"shelves"') + "    meters = Column(Integer)\n    room = Column(Text)\n",
        upgrade=(
            'op.create_table("shelves", sa.Column("id", sa.Integer, primary_key=True), sa.Column("meters", sa.Integer), '
            'sa.Column("room", sa.Text))\nop.drop_table("{t}")',
        ),
        found=(("error", "table-dropped", "public.class_of_another_table"),),
    ),
    LossRow(
        name="another_class",
        base="CREATE TABLE {t} (id serial PRIMARY KEY, note text)",
        maps="",
        models=_TABLE + "    note = Column(Text)\n",
        head_models=_TABLE.replace('"{t}"', '"remarks"').replace("C_", "Remark_") + "    note = Column(Text)\n",
        upgrade=(
            'op.create_table("remarks", sa.Column("id", sa.Integer, primary_key=True), sa.Column("note", sa.Text))\n'
            'op.drop_table("{t}")',
        ),
        found=(("error", "table-dropped", "public.another_class"),),
    ),
)
MODELLED = (*DEFERRED, *RENAMES)
