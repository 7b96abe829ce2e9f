"""Present value of what a policy does to the municipal account and to public money. ODD section 7.10."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

#: Real discount rate and cost of a krone of public funds; rules of the Ministry of Finance, recalled.
DISCOUNT_RATE, COST_OF_FUNDS = 0.04, 0.0
#: Year whose prices all money is in, and whose start present values are counted to (year 1 of the run).
PRICE_YEAR = 2022


@dataclass(frozen=True)
class Discounting:
    """How later money counts.

    Attributes:
        rate: real rate a year, e.g. 0.04. cost_of_funds: loss per krone of public money, e.g. 0.2; 0 = not counted.
    """

    rate: float = DISCOUNT_RATE
    cost_of_funds: float = COST_OF_FUNDS

    def __post_init__(self) -> None:
        for name in ("rate", "cost_of_funds"):
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise ValueError(f"{name} must lie between 0 and 1, not {getattr(self, name)}")


def present_values(paired: pd.DataFrame, how: Discounting) -> pd.DataFrame:
    """Return present values run by run as rows of indicator, x and the key of the run, by last year counted.

    ``present_value_municipal``: the municipality's revenue less services less its own programme money.
    ``present_value_public``: the same with every public krone the programme released, and the cost of funds.

    Args:
        paired: differences run by run with columns region, scenario, seed, draw, indicator, year, x.
    """
    region = paired[(paired["zone"] == "all") & (paired["family"] == "all")]
    key = ["region", "scenario", "seed", "draw"]
    wide = region.pivot_table(index=[*key, "year"], columns="indicator", values="x", observed=True)
    needed = {"municipal_net", "spent_municipal", "spent_public"}
    if wide.empty or not needed <= set(wide.columns):
        return pd.DataFrame()
    wide = wide.reset_index().sort_values([*key, "year"], kind="stable")
    groups = wide.groupby(key, sort=False, observed=True)
    yearly = {name: groups[name].diff().fillna(wide[name]) for name in ("spent_municipal", "spent_public")}
    weight = (1.0 + how.rate) ** -(wide["year"].to_numpy(float) - 1.0)
    running = wide["municipal_net"] + yearly["spent_municipal"]  # before programme money
    flows = {
        "present_value_municipal": running - yearly["spent_municipal"],
        "present_value_public": running - (1.0 + how.cost_of_funds) * yearly["spent_public"],
    }
    rows = []
    for name, flow in flows.items():
        total = (flow * weight).groupby([wide[k] for k in key], sort=False, observed=True).cumsum()
        rows.append(wide[[*key, "year"]].assign(indicator=name, x=np.asarray(total), zone="all", family="all"))
    return pd.concat(rows, ignore_index=True)
