"""Checkpoints: a running model put on file and taken up again by another process.

A checkpoint is a Python pickle of your own run: load only files you made yourself.
"""

from __future__ import annotations

import pickle
from pathlib import Path

from sim.experiment.reference import code_identity
from sim.experiment.whole import whole
from sim.model import RegionModel


class CheckpointError(ValueError):
    """A checkpoint cannot be read or was made by another version of the model."""


def save_checkpoint(model: RegionModel, path: Path) -> None:
    """Write a model to a file; an interrupted write leaves no half file behind."""
    with whole(path) as part:
        part.write_bytes(pickle.dumps((code_identity(), model), protocol=5))


def load_checkpoint(path: Path) -> RegionModel:
    """Return the model in a checkpoint.

    Raises:
        CheckpointError: the file is no checkpoint, or the model's code has changed since.
    """
    try:
        identity, model = pickle.loads(path.read_bytes())
    except (pickle.UnpicklingError, EOFError, ValueError, TypeError, AttributeError, ImportError) as error:
        raise CheckpointError(f"{path.name} is no checkpoint of this program: {error}") from error
    if identity != code_identity():
        raise CheckpointError(f"{path.name} was made by another version of the model; run again from the start")
    return model
