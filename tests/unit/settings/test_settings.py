"""Settings: one declaration, three sources, every problem at once, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from action.about import program_version
from action.errors import ExitCode, SettingsError
from action.settings import Settings, load
from action.settings.declaring import setting_of
from action.settings.results import Format
from action.settings.sources import option, parser
from checks.policy import FailOn, Level, Policy


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "backend").mkdir()
    return tmp_path


def write(folder: Path, table: str) -> Path:
    file = folder / "pyproject.toml"
    file.write_text(f"[tool.alembic-checks]\n{table}\n")
    return file


def refused(argv: list[str], cwd: Path) -> list[str]:
    """Return the sentence about each wrong setting."""
    with pytest.raises(SettingsError) as caught:
        load(argv, cwd)
    assert caught.value.exit_code == ExitCode.SETTINGS
    return [line.strip() for line in caught.value.why.split("\n")]


def test_defaults(project: Path) -> None:
    settings = load([], project)
    assert settings == Settings(path=project)
    assert settings.policy() == Policy()
    assert settings.timeout == 600


def test_command_line(project: Path) -> None:
    argv = ["backend", "--tree", "a.ini", "--tree", "b.ini:x", "--base", "origin/main", "--python", ".venv/bin/python"]
    argv += ["--init", "make schema", "--timeout", "5", "--postgres", "17", "--keep", "-v"]
    argv += ["--fail-on", "warning", "--allow-heads", "x", "--json", "r.json", "--markdown", "backend/r.md"]
    argv += ["--severity", "missing-migration=off", "--severity", "schema-differs=error"]
    argv += ["--start-after", "1f0a", "--start-after", "2b3c", "--all-revisions"]
    assert load([*argv, "--save-recording", "s.json"], project) == Settings(
        path=project / "backend",
        tree=("a.ini", "b.ini:x"),
        base="origin/main",
        python=str(project / ".venv/bin/python"),
        init="make schema",
        timeout=5.0,
        postgres=("17",),
        keep=True,
        fail_on=FailOn.WARNING,
        allow_heads=("x",),
        severity={"missing-migration": Level.OFF, "schema-differs": Level.ERROR},
        start_after=("1f0a", "2b3c"),
        all_revisions=True,
        json_file=project / "r.json",
        markdown_file=project / "backend" / "r.md",
        save_recording=project / "s.json",
        verbose=True,
    )


def test_values_with_commas_quotes_and_equal_signs_stay_whole(project: Path) -> None:
    settings = load(["--env", 'ORIGINS=["a","b"]', "--env", "URL={url}?x=1,2", "--env", "EMPTY="], project)
    assert settings.env == {"ORIGINS": '["a","b"]', "URL": "{url}?x=1,2", "EMPTY": ""}


def test_pyproject(project: Path) -> None:
    write(
        project,
        'tree = "backend/alembic.ini"\nfail-on = "never"\ntimeout = 30\nallow_heads = ["x", "y"]\n'
        'postgres = 17\njson = "r.json"\npython = "python3.12"\nkeep = true\n'
        '[tool.alembic-checks.env]\nA = "1"\nPORT = 5432',
    )
    assert load(["backend"], project) == Settings(
        path=project / "backend",
        tree=("backend/alembic.ini",),
        fail_on=FailOn.NEVER,
        timeout=30,
        allow_heads=("x", "y"),
        postgres=("17",),
        json_file=project / "r.json",
        python="python3.12",
        keep=True,
        env={"A": "1", "PORT": "5432"},
    )


def test_the_command_line_wins_and_the_nearer_pyproject_alone_counts(project: Path) -> None:
    write(project, 'fail-on = "never"\ntimeout = 30')
    assert load(["--timeout", "7"], project).timeout == 7
    write(project / "backend", 'base = "main"')
    settings = load(["backend"], project)
    assert (settings.base, settings.fail_on) == ("main", FailOn.ERROR)
    (project / "backend" / "pyproject.toml").write_text("[tool.other]\nx = 1\n")
    assert load(["backend"], project).fail_on is FailOn.NEVER


def test_every_problem_at_once(project: Path) -> None:
    file = write(project, 'fial-on = "error"\ntimeout = 0\nkeep = "perhaps"\nposition = "x"')
    label = f"[tool.alembic-checks] of {file}"
    argv = ["--fail-on", "sometimes", "--databse-url=x", "--env", "NONE", "--severity", "missing-migratoin=off"]
    assert refused([*argv, "--json", "none/r.json", "--recording", "r.json"], project) == [
        "--databse-url (command line): unknown; did you mean --database-url?",
        f"fial-on ({label}): unknown; did you mean fail-on?",
        f"position ({label}): unknown.",
        "--recording (command line): cannot be combined with --env:"
        " a saved run is checked without project and database.",
        "--env (command line): it has no =; accepted: NAME=VALUE, or in TOML a table of strings.",
        f"timeout ({label}): '0'; accepted: seconds above 0, up to a week.",
        f"keep ({label}): 'perhaps'; accepted: true or false.",
        "--fail-on (command line): 'sometimes'; accepted: error, warning or never.",
        "--severity (command line): there is no rule 'missing-migratoin' (did you mean missing-migration?); accepted: "
        "RULE=LEVEL with error, warning, notice or off, or in TOML a table of these.",
        f"--json (command line): '{project}/none/r.json', its folder does not exist;"
        " accepted: a file in an existing folder, a device or pipe, or - for standard output.",
        f"--recording (command line): '{project}/r.json', it does not exist;"
        " accepted: a file that --save-recording wrote.",
    ]


@pytest.mark.parametrize(
    ("argv", "expected"),
    [
        (["none"], "PATH (command line): '{}/none', it does not exist; accepted: an existing folder."),
        (["--tree"], "argument --tree: expected one argument."),
        (["--keep=yes"], "argument --keep: ignored explicit argument 'yes'."),
        (["backend", "more"], "more (command line): unknown."),
        (["--base", ""], "--base (command line): ''; accepted: a Git ref such as origin/main."),
        (["--json", ""], "--json (command line): '', it is a folder; {}"),
        (["--json", "backend"], "--json (command line): '{}/backend', it is a folder; {}"),
        (["--timeout", "1e300"], "--timeout (command line): '1e300'; accepted: seconds above 0, up to a week."),
        (["--timeout", "nan"], "--timeout (command line): 'nan'; accepted: seconds above 0, up to a week."),
        (
            ["--postgres", "17,new"],
            "--postgres (command line): 'new' is no version; accepted: a version such as 17, or several such as 15,17.",
        ),
        (
            ["--postgres-image", "-v"],
            "argument --postgres-image: expected one argument.",
        ),
        (
            ["--postgres-image", "postgis/postgis:$TAG"],
            "--postgres-image (command line): 'postgis/postgis:$TAG' is no name of an image; accepted: the name of an"
            " image such as postgis/postgis:17-3.5.",
        ),
        (["--json", "r", "--markdown", "r"], "--json (command line): the same file as --markdown (command line)."),
        (
            ["--database-url", "postgresql://h/d", "--postgres", "17"],
            "--database-url (command line): cannot be combined with --postgres: no other server is started then.",
        ),
        (
            ["--database-url", "postgresql://h/d", "--superuser"],
            "--superuser (command line): cannot be combined with --database-url: the role of that URL runs the"
            " migrations.",
        ),
    ],
)
def test_one_problem(project: Path, argv: list[str], expected: str) -> None:
    accepts = "accepted: a file in an existing folder, a device or pipe, or - for standard output."
    assert refused(argv, project) == [expected.replace("{}/", f"{project}/").replace("{}", accepts)]


@pytest.mark.parametrize(
    "name",
    ["--database-url", "--postgres", "--postgres-setup", "--save-recording", "--tree", "--base", "--init", "--python"],
)
def test_a_recording_needs_nothing_else(project: Path, name: str) -> None:
    (project / "r.json").touch()
    value = "postgresql://h/d" if name == "--database-url" else "17"
    (problem,) = refused(["--recording", "r.json", name, value], project)
    assert problem.startswith(f"--recording (command line): cannot be combined with {name}: ")


def test_a_recording_goes_with_what_pyproject_says_of_rehearsals(project: Path) -> None:
    (project / "r.json").touch()
    write(project, 'base = "main"\ntimeout = 3')
    assert load(["--recording", "r.json"], project).recording == project / "r.json"


@pytest.mark.parametrize(
    "text",
    [
        "[tool.alembic-checks\n",
        "[tool]\nalembic-checks = 1\n",
        f"x = {'[' * 20_000}",
        f"x = {'9' * 5_000}",
        '[tool.alembic-checks]\ninstall = "a\\u0000b"\n',
    ],
    ids=["unclosed", "a number", "deep", "long", "a zero byte"],
)
def test_a_broken_pyproject(project: Path, text: str) -> None:
    file = project / "pyproject.toml"
    file.write_text(text)
    (problem,) = refused([], project)
    assert str(file) in problem


def test_secrets_are_not_shown(project: Path) -> None:
    argv = ["--database-url", "postgresql://u:s3cret@h/d", "--env", "TOKEN=s3cret"]
    settings = load(argv, project)
    assert "s3cret" not in f"{settings!r} {settings}"
    assert settings.database_url is not None
    assert settings.database_url.get_secret_value() == "postgresql://u:s3cret@h/d"
    wrong = ["postgresql://u:s3cret@h/d", "--database_url=x://u:s3cret@h", "more://u:s3cret@h"]
    shown = refused([*wrong, "--database-url", "mysql://u:s3cret@h", "--env", "s3cret"], project)
    assert len(shown) == 5
    assert "s3cret" not in " ".join(shown)


def test_help_is_whole_and_fits(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        load(["--help"], project)
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert max(map(len, text.split("\n"))) <= 80
    at_terminal = {n: field for n, field in Settings.model_fields.items() if setting_of(field).place != "action"}
    for name, declared in at_terminal.items():
        assert ("PATH" if name == "path" else f"--{option(name, declared)}") in text
    for code in ExitCode:
        assert f"\n  {code:<4}" in text
    on_one_line = f"{' '.join(text.split())} "
    assert all(f" {action.help} " in on_one_line for action in parser(Settings)._actions), "no word is broken"


def test_version(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        load(["--version"], project)
    assert caught.value.code == 0
    assert capsys.readouterr().out == f"alembic-checks {program_version()}\n"


@pytest.mark.parametrize(
    "argv",
    [["--checks", "heads,history, upgrade"], ["--checks", "heads", "--checks", "history", "--checks", "upgrade"]],
)
def test_checks_are_separated_by_commas_or_given_one_by_one(argv: list[str], project: Path) -> None:
    settings = load(argv, project)
    assert settings.checks == ("heads", "history", "upgrade")
    assert settings.policy() == Policy(left_out=("downgrade", "loss", "replay", "drift"))


def test_checks_of_pyproject_may_be_a_list_or_a_text(project: Path) -> None:
    write(project, 'checks = ["heads", "drift"]')
    assert load([], project).policy().left_out == ("history", "upgrade", "downgrade", "loss", "replay")
    write(project, 'checks = "heads,drift"')
    assert load([], project).policy().left_out == ("history", "upgrade", "downgrade", "loss", "replay")


def test_a_check_that_does_not_exist_is_named(project: Path) -> None:
    accepted = "names of checks (heads, history, upgrade, downgrade, loss, replay, drift)"
    assert refused(["--checks", "heads,drfit"], project) == [
        f"--checks (command line): there is no check 'drfit'; accepted: {accepted}."
    ]


def test_the_folder_may_stand_in_the_pyproject_of_the_folder_that_one_is_in(project: Path) -> None:
    write(project, 'path = "backend"')
    assert load([], project) == load(["backend"], project) == load(["--working-directory", "backend"], project)
    assert load([], project).path == project / "backend"
    (project / "other").mkdir()
    assert load(["other"], project).path == load([], project / "other").path == project / "other"
    ignored: list[str] = []
    assert load([], project, {}, report_ignored=ignored.append).path == project
    assert len(ignored) == 1
    assert refused(["backend", "--working-directory", "other"], project) == [
        "argument --working-directory: not allowed with argument PATH."
    ]


def test_formats_need_a_folder(project: Path) -> None:
    assert load(["--formats", "json", "--formats", "SARIF", "--report-dir", "out"], project).formats == (
        Format.JSON,
        Format.SARIF,
    )
    assert refused(["--formats", "json"], project) == ["--formats (command line): needs --report-dir."]


def test_every_default_is_stated() -> None:
    for name, declared in Settings.model_fields.items():
        about = setting_of(declared)
        assert "Default: " in about.help, name
        assert "Default: " in about.input_help, name
