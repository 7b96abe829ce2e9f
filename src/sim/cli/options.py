"""Options and arguments that several commands take, in the same words everywhere."""

from pathlib import Path
from typing import Annotated

import typer

ResultFolder = Annotated[Path, typer.Argument(help="Result folder of sim run.")]
Policies = Annotated[list[str] | None, typer.Option("--policy", "-p", help="Only these policies; may be repeated.")]
StudyRegion = Annotated[str | None, typer.Option("--region", "-r", help="Region of the study; its first if left out.")]
Year = Annotated[int, typer.Option("--year", min=1, help="Year of the effect; 11 is the last year with money.")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes; all processors if left out.")]
Shard = Annotated[str, typer.Option("--shard", help="i/n: run only the i-th of n shares of the runs.")]
Dask = Annotated[str | None, typer.Option("--dask", help="Address of a Dask scheduler to run on, e.g. tcp://host:8786.")]
CostOnly = Annotated[bool, typer.Option("--dry-run", help="Tell the cost only.")]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
RowsJson = Annotated[bool, typer.Option("--json", help="Print every row as JSON.")]
SummaryJson = Annotated[bool, typer.Option("--json", help="Print a summary, or the errors, as JSON.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Show no progress.")]
Language = Annotated[str, typer.Option("--language", help="nb or en.")]
