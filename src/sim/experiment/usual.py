"""What everyday answers rest on: draws from the posterior when one fits this code, else from the prior."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.experiment.draws import drawable, usual_source

#: Draws and paired runs of each; a hundred futures, so that shares read as per cent.
DRAWS, SEEDS = 25, 4


@dataclass(frozen=True)
class Sample:
    """How many draws and runs an answer rests on; no draws means the default parameters, hence luck alone."""

    draws: int = DRAWS
    seeds: int = SEEDS

    @property
    def axes(self) -> dict[str, Any]:
        """Return the keywords of ``make_study`` that give it; each draw has luck of its own."""
        if not self.draws:
            return {"seeds": self.seeds}
        return {"seeds": self.seeds, "draws": self.draws, "drawn": drawable("all"), "source": usual_source(),
                "own_luck": True}  # fmt: skip

    @property
    def options(self) -> str:
        """Return the options of ``sim run`` that give it."""
        if not self.draws:
            return f"--seeds {self.seeds}"
        return f"--seeds {self.seeds} --draws {self.draws} --own-luck --source {usual_source()}"


#: The first answer, with the default parameters; and the answer everyday screens show.
QUICK, USUAL = Sample(0, 20), Sample()
