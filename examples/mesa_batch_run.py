"""The model under Mesa's own batch_run: it is a Mesa model like any other."""

import mesa

from sim.experiment import baseline, build_model, scenario_reference
from sim.region import load_region

REGION = load_region("thin-town")
PATH = scenario_reference(REGION, baseline())


class ThinTown(mesa.Model):
    """Wraps one run so that batch_run can make it from keyword arguments."""

    def __new__(cls, number=1, **_):
        model = build_model(REGION, baseline(), number, reference=PATH)
        model.datacollector = mesa.DataCollector({"jobs": lambda m: float(m.sums[:, 0].sum())})
        model.step = lambda step=model.step: (step(), model.datacollector.collect(model))
        return model


if __name__ == "__main__":
    rows = mesa.batch_run(ThinTown, {"number": [1, 2]}, max_steps=8, number_processes=1, display_progress=False)
    print([(row["number"], round(row["jobs"])) for row in rows])
