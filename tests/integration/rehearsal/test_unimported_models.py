"""What the recording has of the files with models: which were imported, and which others were changed."""

from __future__ import annotations

from pathlib import Path

from action.base.from_git import GitBase
from action.postgres.databases import Databases
from action.rehearsal.unimported_models import find_models, without_those_of_others
from checks.recording.absent import Absent
from checks.recording.imports import ModelFiles, UnimportedModels
from checks.recording.tree import TreeRecording
from tests.integration.rehearsal.rehearsing import loaded
from tests.projects.builder import commit
from tests.projects.unimported import LOANS, application

FILES = ["app/models/book.py", "app/models/loan.py", "app/db.py", "gone.py"]
LOAN = UnimportedModels(path="app/models/loan.py", line=5, module="app.models.loan", tables=("loan",))
IMPORTED = ("app/models/book.py", "app/db.py")


def test_a_file_has_changed_where_the_base_has_another_content(tmp_path: Path, databases: Databases) -> None:
    before = commit(tmp_path, application())
    commit(tmp_path, {"app/models/loan.py": LOANS})
    base = GitBase(name="main", now_sha=before, fork_sha=before, root=tmp_path)
    unreadable = GitBase(name="main", now_sha="0" * 40, fork_sha="0" * 40, root=tmp_path)
    with loaded(tmp_path, databases) as session:
        found = [find_models(session, FILES, one) for one in (base, unreadable, None)]
    assert found == [
        ModelFiles(
            imported=IMPORTED,
            unimported=(UnimportedModels(path=LOAN.path, line=5, module=LOAN.module, tables=("loan",), changed=True),),
        ),
        ModelFiles(imported=IMPORTED, unimported=(LOAN,)),
        ModelFiles(imported=IMPORTED, unimported=(LOAN,)),
    ]


def test_a_process_that_has_gone_is_the_reason(tmp_path: Path, databases: Databases) -> None:
    with loaded(tmp_path, databases, application()) as session:
        pass
    assert find_models(session, FILES, None) == Absent(
        reason="The search for models that env.py does not import failed: "
        "the project's process was ended earlier, when it stopped answering."
    )


def test_what_another_tree_imports_is_not_unimported() -> None:
    fine = UnimportedModels(path="app/fine.py", line=1, module="app.fine", tables=("fine",))
    one = TreeRecording(path="a.ini", model_files=ModelFiles(imported=("app/book.py",), unimported=(LOAN, fine)))
    other = TreeRecording(path="b.ini", model_files=ModelFiles(imported=(LOAN.path,)))
    unknown = TreeRecording(path="c.ini")
    left = [tree.model_files for tree in without_those_of_others([one, other, unknown])]
    assert left == [ModelFiles(imported=("app/book.py",), unimported=(fine,)), other.model_files, unknown.model_files]
