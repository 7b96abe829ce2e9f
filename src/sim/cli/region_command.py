"""``sim region``: what regions there are and what they hold."""

from __future__ import annotations

from typing import Any

import typer

from sim.cli.options import Json
from sim.cli.show import plain_errors, put_json
from sim.texts import number


def register(cli: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(help="Look at regions.", no_args_is_help=True)
    group.command("list", epilog="Example:  sim region list")(list_regions)
    group.command("show", epilog="Example:  sim region show grenland --json")(show)
    cli.add_typer(group, name="region")


def list_regions(as_json: Json = False) -> None:
    """List the built-in regions."""
    from sim.region import load_region, placeholder_share, region_names

    rows: list[dict[str, Any]] = []
    for name in region_names():
        region = load_region(name)
        rows.append({"region": name, "title": region.title, "jobs": float(region.jobs.sum()),
                     "placeholder_share": placeholder_share(region), "fictional": region.fictional})  # fmt: skip
    if as_json:
        put_json(rows)
        return
    for row in rows:
        share = number(100 * row["placeholder_share"], 0)
        title, jobs = str(row["title"]["nb"]), number(row["jobs"])
        typer.echo(f"{row['region']:16} {title:45} {jobs:>8} jobber, {share} % plassholdere")


def show(
    name: str = typer.Argument(..., help="Region by name or folder."),
    as_json: Json = False,
) -> None:
    """Show jobs and firms by municipality, industry and sector as the model starts."""
    from sim.region import load_region, region_table

    with plain_errors(as_json):
        region = load_region(name)
        table = region_table(region)
    if as_json:
        put_json(table.to_dict("records"))
        return
    from rich.console import Console
    from rich.table import Table

    grid = Table(title=region.title["nb"], caption="Kilde: SSB m.fl.; se regions/" + region.name)
    for column in ("kommune", "næring", "sektor", "jobber", "foretak", "offisielt tall", "plassholder"):
        grid.add_column(column, justify="left" if column in ("kommune", "næring", "sektor") else "right")
    names = dict(zip(region.zones, region.zone_names, strict=True))
    for row in table.to_dict("records"):
        grid.add_row(names[row["zone"]], row["industry"], row["sector"], number(row["jobs"]), number(row["firms"]),
                     number(row["official"]), f"{number(100 * row['placeholder_share'])} %")  # fmt: skip
    Console().print(grid)
