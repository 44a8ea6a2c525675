"""Every setting, declared once: the command line, the action's inputs and the keys of pyproject.toml follow from it."""

from __future__ import annotations

from typing import Annotated

from action.settings.declaring import OTHER, Setting
from action.settings.dependencies import DependencySettings
from action.settings.judging import JudgingSettings
from action.settings.matrix import MatrixSettings
from action.settings.postgres import ServerSettings
from action.settings.project import ProjectSettings
from action.settings.pull_request import PullRequestSettings
from action.settings.results import ResultSettings
from action.settings.way_in import WayInSettings


# pydantic takes fields from the last base first: this is the order in which problems are listed.
class Settings(
    ResultSettings,
    JudgingSettings,
    MatrixSettings,
    ServerSettings,
    DependencySettings,
    WayInSettings,
    ProjectSettings,
    PullRequestSettings,
):
    """All settings of a run; the paths in them are absolute."""

    verbose: Annotated[
        bool,
        Setting(
            help="Show what the project prints, tracebacks, and how long each phase took. Default: false",
            input_text="Show what the project prints, tracebacks, and how long each phase took. "
            "Default: true with debug logging, else false",
            group=OTHER,
            accepts="true or false",
            short=("-v",),
        ),
    ] = False
