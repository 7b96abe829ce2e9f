"""Reference paths that ship are those of this code, the default and the first posterior draws."""

import numpy as np
import pytest

from sim.evidence.calibration.references import values_of
from sim.experiment.build import region_firms
from sim.experiment.reference import code_identity, path_key, reference_identity, solve
from sim.experiment.shipped import shipped_paths
from sim.model import Reference, make_parameters
from sim.region import load_region, region_names

#: The default path and forty draws.
PATHS = 41


@pytest.mark.parametrize("region", region_names())
def test_shipped_paths_are_those_of_the_default_and_the_first_draws(region):
    held, place = shipped_paths(region), load_region(region)
    wanted = {path_key(place, make_parameters(values_of(draw))) for draw in range(PATHS)}
    assert set(held["paths"]) == wanted, "make them anew: sim calibrate --references 40"
    if held["code"] != code_identity("region", "model"):
        from sim.experiment.identity import results_identity

        assert held["results"] == results_identity(), "make them anew: sim calibrate --references 40"


def test_a_shipped_path_is_what_the_solver_gives():
    place = load_region("thin-town")
    paths = shipped_paths("thin-town")["paths"]
    usual, parameters = make_parameters(), make_parameters(values_of(3))
    near = paths[path_key(place, usual)]
    begin = Reference(np.array(near["drift"]), np.array(near["entry"]), reference_identity(place, usual))
    found = solve(place, region_firms(place), parameters, near=begin)
    row = paths[path_key(place, parameters)]
    assert list(found.drift) == pytest.approx(row["drift"], abs=1e-9)
    assert list(found.entry) == pytest.approx(row["entry"], abs=1e-9)
