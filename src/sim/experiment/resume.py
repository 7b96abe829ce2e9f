"""A study taken up again from its result folder, or made larger; and its results as one sorted export."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from sim.experiment.build import vocabulary
from sim.experiment.posterior import posterior
from sim.experiment.runner import Results
from sim.experiment.store import StoreError
from sim.experiment.study import Study, make_study
from sim.experiment.whole import whole
from sim.region import region_names
from sim.scenario import read_scenarios

#: Columns of the export, in order.
EXPORT = ("region", "scenario", "seed", "draw", "indicator", "zone", "family", "year", "value")


def study_of(folder: str | Path) -> Study:
    """Return the study a result folder holds.

    Raises:
        StoreError: the folder holds no results, or a region in it is neither built in nor kept there.
    """
    results = Results.open(folder)
    store, manifest = results.store, results.manifest
    axes = manifest.get("study") or {"regions": list(manifest["regions"]), "seeds": manifest["seeds"],
                                     "draws": [0], "drawn": [], "draw_seed": 1, "panel": False,
                                     "scenarios": list(manifest["scenarios"])}  # fmt: skip
    regions = []
    for name in axes["regions"]:
        kept = store.folder / "regions" / name
        if not kept.is_dir() and name not in region_names():
            raise StoreError(f"{store.folder} holds no copy of the region {name!r}; run the study anew")
        regions.append(str(kept) if kept.is_dir() else name)
    files = [store.folder / "scenarios" / f"{name}.yaml" for name in axes["scenarios"]]
    scenarios = read_scenarios(files, vocabulary())
    source = axes.get("source", "prior")
    if source == "posterior" and posterior().digest != axes["posterior"]:
        raise StoreError(f"{store.folder} holds draws from another posterior than the one here; run the study anew")
    return make_study(scenarios, regions, axes["seeds"], draws=axes["draws"], drawn=axes["drawn"],
                      draw_seed=axes["draw_seed"], panel=axes["panel"], source=source,
                      own_luck=axes.get("own_luck", False))  # fmt: skip


def larger(study: Study, seeds: int | None = None, draws: int | None = None, drawn: tuple[str, ...] = ()) -> Study:
    """Return a study with at least this many seeds and draws; what it has already stays.

    Raises:
        ValueError: draws are asked for and nothing is drawn.
    """
    import dataclasses

    some = tuple(range(1, (seeds or 0) + 1))
    more = tuple(range(1, (draws or 0) + 1))
    names = study.drawn or drawn
    if more and not names:
        raise ValueError("draws need parameters to draw: name some, or all, or free")
    return dataclasses.replace(
        study, seeds=tuple(sorted({*study.seeds, *some})), draws=tuple(sorted({*study.draws, *more})), drawn=names
    )


def export_lines(results: Results) -> Iterator[str]:
    """Yield the finished outcomes as lines of CSV, sorted by run and then by indicator, zone, family and year."""
    yield ",".join(EXPORT) + "\n"
    keys = sorted(results.manifest["runs"], key=lambda row: (row["region"], row["scenario"], row["seed"], row["draw"]))
    for key in keys:
        table = results.store.read_run(key["run_id"])
        if table.empty:
            continue
        out = io.StringIO()
        writer = csv.writer(out, lineterminator="\n")
        place = (key["region"], key["scenario"], key["seed"], key["draw"])
        rows = table.sort_values(["indicator", "zone", "family", "year"], kind="stable")
        columns = [rows[name].tolist() for name in EXPORT[4:]]
        writer.writerows((*place, *row[:-1], repr(row[-1])) for row in zip(*columns, strict=True))
        yield out.getvalue()


def digest(results: Results) -> str:
    """Return the SHA-256 of the sorted export: it holds no timings, so equal results have equal digests."""
    found = hashlib.sha256()
    for line in export_lines(results):
        found.update(line.encode())
    return found.hexdigest()


def write_csv(results: Results, path: Path) -> None:
    """Write the sorted export as CSV; ``digest`` is the SHA-256 of this file."""
    with whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        file.writelines(export_lines(results))


def write_xlsx(results: Results, path: Path) -> None:
    """Write a workbook with the comparison's input: a sheet of runs and a sheet of outcomes for whole regions.

    Raises:
        StoreError: the extra ``excel`` is not installed, or there are more rows than a sheet holds.
    """
    try:
        import xlsxwriter
    except ImportError as error:
        raise StoreError("a workbook needs XlsxWriter: pip install 'klyngelab[excel]'") from error
    values = results.values
    whole = values[(values["zone"] == "all") & (values["family"] == "all")]
    if len(whole) > 1_000_000:
        raise StoreError(f"{len(whole)} rows do not fit in a sheet; use --csv")
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    for title, table in (("runs", results.runs), ("outcomes", whole[list(EXPORT)])):
        sheet = book.add_worksheet(title)
        sheet.freeze_panes(1, 0)
        sheet.write_row(0, 0, list(table.columns))
        for number, row in enumerate(table.itertuples(index=False), start=1):
            sheet.write_row(number, 0, [cell.item() if hasattr(cell, "item") else cell for cell in row])
    book.close()
