"""Entry of ``sim``: the commands, and every error in words instead of a traceback."""

from __future__ import annotations

import os
import sys

import typer

from sim.cli import (
    app_command,
    compare_command,
    demo_command,
    facts_command,
    region_command,
    run_command,
    scenario_command,
)
from sim.cli.show import Failure, say

EPILOG = "Examples:  sim demo  ·  sim run scenarios/ -r grenland --budget 10 --out results/g  ·  sim compare results/g"

cli = typer.Typer(
    name="sim",
    help="Klyngelab: compare municipal policies under the same budget and the same chance.",
    epilog=EPILOG,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for module in (
    demo_command, run_command, compare_command, scenario_command, region_command, facts_command, app_command,
):  # fmt: skip
    module.register(cli)


def _version(wanted: bool) -> None:
    if wanted:
        from sim import __version__

        typer.echo(f"sim {__version__}")
        raise typer.Exit()


@cli.callback()
def options(version: bool = typer.Option(False, "--version", callback=_version, is_eager=True,
                                         help="Show the version and stop.")) -> None:  # fmt: skip
    """Klyngelab: compare municipal policies under the same budget and the same chance."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    try:
        cli()
    except Failure as failure:
        say(str(failure))
        sys.exit(failure.code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
