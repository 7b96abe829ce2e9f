"""Chance by decision: nothing depends on order, neighbours, process or where a run was cut in two."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.model import Reference
from sim.random_numbers import DECISIONS, decision_key, normals, uniforms
from tests.economy import DRIFT, ENTRY, digest, model, town, use

ROOT = Path(__file__).resolve().parents[2]
CLUSTER = use("cluster_programme", 10, ((0, 1),), level="gce")
BROAD = use("broad_innovation", 10)


def with_isolated_firm():
    """Return the tiny region plus one firm nobody can reach, in an industry nobody buys from."""
    region, firms = town()
    table = region.industries

    def add_column(array, value):
        return np.concatenate([array, np.full((*array.shape[:-1], 1), value)], axis=-1)

    inputs = np.zeros((5, 5))
    inputs[:4, :4] = table.inputs
    industries = dataclasses.replace(
        table,
        codes=(*table.codes, "hermit"),
        labels={k: (*v, "hermit") for k, v in table.labels.items()},
        divisions=(*table.divisions, (99,)),
        family=(*table.family, "hermit"),
        value_added=np.append(table.value_added, 0.3),
        wage=np.append(table.wage, 0.15),
        export_share=np.append(table.export_share, 1.0),
        consumption_share=np.append(table.consumption_share, 0.0),
        public_share=np.append(table.public_share, 0.0),
        rd_share=np.append(table.rd_share, 0.2),
        rd_intensity=np.append(table.rd_intensity, 0.03),
        emissions=np.append(table.emissions, 1.0),
        skill=np.vstack([table.skill, [0.3, 0.4, 0.3]]),
        inputs=inputs,
        position=np.vstack([table.position, [9.0, 9.0, 9.0]]),
    )
    jobs = np.vstack([add_column(region.jobs, 0.0), [0, 0, 0, 0, 30.0]])
    commuting = np.zeros((4, 4))
    keep = [0, 1, 3]
    commuting[np.ix_(keep, keep)] = region.commuting
    minutes = np.full((4, 4), np.inf)
    minutes[np.ix_(keep, keep)] = region.minutes
    minutes[2, 2] = 8.0
    bigger = dataclasses.replace(
        region,
        zones=(*region.zones, "0009"),
        zone_names=(*region.zone_names, "Alene"),
        industries=industries,
        jobs=jobs,
        public=jobs * industries.public_share,
        population=np.vstack([region.population, np.zeros(18)]),
        working_age=np.append(region.working_age, 0.0),
        employed_residents=np.append(region.employed_residents, 0.0),
        unemployment=np.append(region.unemployment, 0.03),
        commuting=commuting,
        minutes=minutes,
        land=np.append(region.land, 0.0),
    )
    hermit = firms.id[len(firms.id) // 2] + 1
    ids = np.append(firms.id, hermit)
    order = np.argsort(ids)
    grown = dataclasses.replace(
        firms,
        id=ids[order],
        zone=np.append(firms.zone, 2).astype(np.int16)[order],
        industry=np.append(firms.industry, 4).astype(np.int16)[order],
        jobs=np.append(firms.jobs, 30.0)[order],
        owner=np.append(firms.owner, 0).astype(np.uint8)[order],
        anchor=np.append(firms.anchor, False)[order],
    )
    return bigger, grown


@pytest.mark.parametrize("policy", [(), (CLUSTER,), (BROAD,)], ids=["baseline", "cluster", "broad"])
def test_an_isolated_firm_changes_nobody_else(policy):
    bigger = with_isolated_firm()
    path = Reference(np.append(DRIFT, 0.001), np.append(ENTRY, 0.02))
    alone = model(*policy).run(40)
    crowd = model(*policy, place=bigger, reference=path).run(40)
    others = crowd.firms.zone != 2
    assert (~others).any() or len(crowd.firms) == len(alone.firms)
    for name, array in alone.firms.arrays().items():
        np.testing.assert_array_equal(array, getattr(crowd.firms, name)[others], err_msg=name)
    np.testing.assert_array_equal(alone.flow[:2, :2], crowd.flow[:2, :2])
    np.testing.assert_array_equal(alone.population.persons, crowd.population.persons[:2])


def test_thirty_quarters_and_thirty_from_a_file_in_a_new_process_are_sixty(tmp_path):
    whole = model(CLUSTER, BROAD).run(60)
    from sim.experiment.checkpoint import save_checkpoint

    save_checkpoint(model(CLUSTER, BROAD).run(30), tmp_path / "half")
    script = (
        "import sys; from pathlib import Path\n"
        "from sim.experiment.checkpoint import load_checkpoint\n"
        "from tests.economy import digest\n"
        "sys.stdout.write(digest(load_checkpoint(Path(sys.argv[1])).run(30)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "half")], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == digest(whole)


def test_a_spoilt_checkpoint_is_an_error_that_says_so(tmp_path):
    from sim.experiment.checkpoint import CheckpointError, load_checkpoint

    (tmp_path / "bad").write_bytes(b"not a checkpoint")
    with pytest.raises(CheckpointError, match="bad is no checkpoint"):
        load_checkpoint(tmp_path / "bad")


def test_draws_do_not_depend_on_who_else_is_there():
    key = decision_key(3, "demand.jump", 9)
    ids = np.arange(1000, dtype=np.int64) * 977
    assert (uniforms(key, ids)[500:] == uniforms(key, ids[500:])).all()


def test_draws_look_like_chance():
    ids = np.arange(200_000, dtype=np.int64)
    for decision in DECISIONS[:6]:
        u = uniforms(decision_key(1, decision, 5), ids)
        assert ((u > 0) & (u < 1)).all()
        assert abs(u.mean() - 0.5) < 0.003
        counts = np.histogram(u, 100, (0, 1))[0]
        assert ((counts - 2000) ** 2 / 2000).sum() < 160, "chi-square over 100 cells"
    z = normals(decision_key(1, "firm.capacity", 0), ids)
    assert abs(z.std() - 1.0) < 0.01
    assert abs((z**4).mean() - 3.0) < 0.1


def test_different_decisions_quarters_lanes_and_seeds_are_unrelated():
    ids = np.arange(50_000, dtype=np.int64)
    first = uniforms(decision_key(1, "demand.jump", 5), ids)
    for other in (
        uniforms(decision_key(1, "demand.size", 5), ids),
        uniforms(decision_key(1, "demand.jump", 6), ids),
        uniforms(decision_key(2, "demand.jump", 5), ids),
        uniforms(decision_key(1, "demand.jump", 5), ids, 1),
    ):
        assert abs(np.corrcoef(first, other)[0, 1]) < 0.02


def test_an_undeclared_decision_is_refused():
    with pytest.raises(KeyError):
        decision_key(1, "something.else", 0)


def test_no_room_below_draws_its_own_chance():
    import ast

    for room in ("model", "organisations", "instruments"):
        for path in (ROOT / "src" / "sim" / room).glob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = [a.name for a in node.names] + [getattr(node, "module", None) or ""]
                    banned = ("random", "streamlit", "altair", "matplotlib", "rich", "typer")
                    assert not any(n.split(".")[0] in banned for n in names), path.name
                if isinstance(node, ast.Attribute):
                    assert not (node.attr == "random" and getattr(node.value, "id", "") == "np"), path.name
                    assert not (node.attr.startswith("read_") and getattr(node.value, "id", "") == "pd"), path.name
