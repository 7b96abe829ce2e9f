"""Partner search, joint projects, trust, and head offices that turn away. ODD 7.4 and 7.5."""

from __future__ import annotations

from itertools import accumulate
from math import exp, log, sqrt
from typing import TYPE_CHECKING

from bench.twin.firm import FOREIGN, Firm
from bench.twin.knowledge import hill

if TYPE_CHECKING:
    from bench.twin.economy import Twin

LINKS, AT_ONCE, SMALLEST, LEAST_WILL, FAINT = 4, 2, 3.0, 0.3, 0.05


class Projects:
    """Joint projects under way: rows of (first, second, end, score)."""

    def __init__(self, model: Twin) -> None:
        self.rows: list[tuple[Firm, Firm, int, float]] = []
        p = model.p
        self.payment = p.project_cost * p.project_quarters / 4.0
        own, public = 1.0 - p.project_public, p.project_public
        useful = own * (1.0 - p.project_replaces) + public * (1.0 - p.project_deadweight)
        money = self.payment * useful / p.project_success * p.project_return
        self.gain = p.shrinkage * p.grant_productivity * money * hill(self.payment, p.grant_half, 2.0) / 4.0
        self.full = p.project_cost / 4.0  # MNOK per partner and quarter
        self.cost = self.full * own
        self.from_research = self.cost * p.project_replaces
        numbers = [len(m) for m in model.start.members]
        industries = model.industries
        self.reach = []
        for z in range(model.zones):
            weights = [model.fade[z][c // industries] * k for c, k in enumerate(numbers)]
            self.reach.append(list(accumulate(weights)))
        self.cells = range(len(numbers))

    def drop(self, gone: set[Firm]) -> None:
        """End the projects of firms that closed."""
        kept = []
        for row in self.rows:
            first, second = row[0], row[1]
            if first in gone or second in gone:
                first.projects -= 1
                second.projects -= 1
            else:
                kept.append(row)
        self.rows = kept

    def step(self, model: Twin) -> None:
        """Finish, fade and search, in this order."""
        if not model.on["M4"]:
            return
        self._finish(model)
        self._fade(model)
        self._search(model)

    def _finish(self, model: Twin) -> None:
        p, chance, going = model.p, model.random.random, []
        for row in self.rows:
            first, second, end, score = row
            if end > model.quarter:
                going.append(row)
                continue
            first.projects -= 1
            second.projects -= 1
            if chance() >= p.project_success * min(1.0, 0.5 + 0.5 * score):
                continue
            model.count["projects"] += 1
            model.count["innovations"] += 1
            for firm, other in ((first, second), (second, first)):
                self._reward(model, firm, score)
                firm.links[other] = min(1.0, firm.links.get(other, 0.0) + p.link_gain)
                if len(firm.links) > LINKS:
                    del firm.links[min(firm.links, key=firm.links.__getitem__)]
            if model.on["M8a"]:
                for axis in ("x", "y", "z"):
                    a, b = getattr(first, axis), getattr(second, axis)
                    setattr(first, axis, a + p.convergence * (b - a))
                    setattr(second, axis, b + p.convergence * (a - b))
        self.rows = going

    def _reward(self, model: Twin, firm: Firm, score: float) -> None:
        p = model.p
        fit = score * (0.4 + firm.capacity) / (0.7 * 0.8)
        mass = p.mass_floor + (1.0 - p.mass_floor) * model.cells.mass[firm.cell]
        gain = self.gain / max(firm.output, 1e-9) * fit * mass / (1.0 + firm.done / p.saturation)
        gain = min(p.gain_cap, gain)
        firm.appeal += p.product_share * gain
        firm.productivity += (1.0 - p.product_share) * gain
        firm.innovated = model.quarter
        firm.done = min(firm.done + 1, 255)
        firm.capacity += p.capacity_gain * (1.0 - firm.capacity)
        firm.will = min(1.0, firm.will + p.willingness_gain)

    def _fade(self, model: Twin) -> None:
        keep = 1.0 - model.p.link_decay
        turning = model.p.headquarters / 4.0
        for firm in model.firms:
            if firm.links:
                firm.links = {k: v * keep for k, v in firm.links.items() if v * keep >= FAINT}
            if firm.owner == FOREIGN and self.anchor(model, firm) and model.random.random() < turning:
                firm.will = firm.will_own = min(firm.will, 0.2)

    @staticmethod
    def anchor(model: Twin, firm: Firm) -> bool:
        """Tell whether a firm is large, willing and able."""
        if not model.on["M7"] or firm.jobs <= model.p.anchor_size:
            return False
        ability = min(1.0, firm.capacity * (1.0 + 0.1 * log(firm.jobs)))
        return firm.will * ability > model.p.anchor_threshold

    def _search(self, model: Twin) -> None:
        p, chance = model.p, model.random.random
        members = [[firm for firm in cell if firm.jobs >= SMALLEST] for cell in model.cells.members]
        rate, draws, end = p.attempt_rate, int(p.partner_draws), model.quarter + int(p.project_quarters)
        for firm in model.firms:
            if firm.jobs < SMALLEST or chance() >= rate * firm.will * (0.4 + firm.capacity):
                continue
            if firm.projects >= AT_ONCE:
                continue
            best, found = 0.0, None
            for c in model.random.choices(self.cells, cum_weights=self.reach[firm.zone], k=draws):
                if not members[c]:
                    continue
                other = members[c][int(chance() * len(members[c]))]
                if other is firm or other.will <= LEAST_WILL or other.projects >= AT_ONCE or chance() >= other.will:
                    continue
                d = sqrt((firm.x - other.x) ** 2 + (firm.y - other.y) ** 2 + (firm.z - other.z) ** 2)
                score = d * exp(1.0 - d) * (0.3 + other.capacity) * model.near[firm.zone][other.zone]
                score *= 1.0 + p.trust * firm.links.get(other, 0.0)
                if score > best:
                    best, found = score, other
            if found is not None and best > p.score_threshold and chance() < best:
                firm.projects += 1
                found.projects += 1
                self.rows.append((firm, found, end, best))
