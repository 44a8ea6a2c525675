"""Finding the trees of a project, as the program does."""

from __future__ import annotations

from action.project.alembic_tree import Tree
from action.project.discovery import find_trees
from tests.repositories import Repository


def paths(project: Repository, *chosen: str) -> list[str]:
    return [tree.path for tree in find_trees(project.root, chosen)]


def only(project: Repository) -> Tree:
    (tree,) = find_trees(project.root)
    return tree
