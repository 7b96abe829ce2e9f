"""``sim check``, ``sim schema`` and ``sim new``: scenario files."""

from __future__ import annotations

from pathlib import Path

import typer

from sim.cli.options import Language
from sim.cli.run_command import check_language, read
from sim.cli.show import Failure, plain_errors, put_json, say
from sim.texts import text


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    cli.command("check", epilog="Example:  sim check scenarios/ --json")(check)
    cli.command("schema", epilog="Example:  sim schema > scenario.schema.json")(schema)
    cli.command("new", epilog="Example:  sim new my-policy.yaml --instrument networks")(new)


def check(
    files: list[Path] = typer.Argument(None, help="Scenario files or folders."),
    as_json: bool = typer.Option(False, "--json", help="Print the errors as JSON."),
    language: Language = "nb",
) -> None:
    """Check scenario files and show every error with file, line and column."""
    with plain_errors(as_json):
        check_language(language, as_json)
        scenarios = read(files or [], as_json)
    if as_json:
        put_json({"errors": [], "scenarios": [scenario.name for scenario in scenarios]})
    else:
        typer.echo(text("check.fine", language, count=len(scenarios)))


def schema() -> None:
    """Print the JSON Schema of scenario files, for completion in an editor."""
    from sim.experiment import vocabulary
    from sim.scenario import json_schema

    put_json(json_schema(vocabulary()))


def new(
    file: Path = typer.Argument(Path("my-scenario.yaml"), help="File to write."),
    region: str = typer.Option(None, "--region", help="Region the file names."),
    instrument: str = typer.Option(None, "--instrument", help="Instrument to start with."),
    force: bool = typer.Option(False, "--force", help="Write over a file that exists."),
    language: Language = "nb",
) -> None:
    """Write a commented scenario file that runs."""
    import difflib

    from sim.experiment import vocabulary
    from sim.scenario import template

    check_language(language, False)
    words = vocabulary()
    choices = ((region, words.regions, "--region"), (instrument, tuple(words.instruments), "--instrument"))
    for given, allowed, key in choices:
        if given is not None and given not in allowed:
            near = difflib.get_close_matches(given, allowed, 1, 0.3)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise Failure(f"{key}: unknown {given!r}; allowed: {', '.join(allowed)}{hint}")
    if file.exists() and not force:
        raise Failure(f"{file} exists; give another name or --force")
    try:
        file.write_text(template(words, region, instrument), encoding="utf-8")
    except OSError as error:
        raise Failure(f"{file} cannot be written: {error.strerror}") from error
    say(text("new.written", language, file=file))
