"""Entry of ``sim``: the commands, and every error in words instead of a traceback."""

from __future__ import annotations

import os
import re
import sys
import traceback
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer

from sim.cli import (
    app_command,
    calibrate_command,
    compare_command,
    demo_command,
    evaluate_command,
    facts_command,
    gains_command,
    hindcast_command,
    region_command,
    regret_command,
    run_command,
    scenario_command,
    sensitivity_command,
    where_command,
    why_command,
)
from sim.cli.show import Failure, problem, put_json, say

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
    demo_command, run_command, compare_command, why_command, gains_command, regret_command, scenario_command,
    region_command, facts_command, calibrate_command, hindcast_command, evaluate_command, sensitivity_command,
    where_command, app_command,
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
    """Run the command line and leave with its exit code; no error ends in a traceback on screen."""
    try:
        sys.exit(_json_main() if "--json" in sys.argv[1:] else cli())
    except Failure as failure:
        say(str(failure))
        sys.exit(failure.code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as error:
        say(f"unexpected error: {type(error).__name__}: {error}{_keep_traceback()}")
        sys.exit(1)


def _json_main() -> int:
    """Run a command with ``--json`` and return its exit code; errors of usage come as JSON too."""
    try:
        return int(cli(standalone_mode=False) or 0)
    except Failure as failure:
        put_json({"errors": [problem("", "", "", str(failure))]})
        return failure.code
    except Exception as error:
        if not hasattr(error, "format_message"):  # not an error of usage
            raise
        put_json({"errors": [_usage(error)]})
        return int(getattr(error, "exit_code", 2))


def _usage(error: Any) -> dict[str, Any]:
    """Return an error of usage in the shape of all errors."""
    message = str(error.format_message())
    quoted = re.findall(r"'([^']+)'", message)
    option = getattr(error, "option_name", None)
    near = list(getattr(error, "possibilities", None) or ())
    if not near and "Did you mean" in message:
        near = quoted[-1:]
    named = getattr(error, "param", None)
    key = option or (named.opts[0] if named is not None and named.opts else "")
    return problem(key, option or (quoted[0] if quoted else ""), "", message, near[0] if near else None)


def _keep_traceback() -> str:
    """Put the traceback into the folder asked for, or into results/, and return where it lies."""
    words = sys.argv[1:]
    given = [after for word, after in pairwise(words) if word in ("--out", "-o")]
    folder = Path(given[0] if given else "results")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
    except OSError:
        return ""
    return f"; see {folder / 'error.txt'}"
