"""Dask as the engine beyond one machine: its scheduler behind the executor every study takes."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from sim.experiment.store import StoreError


@contextmanager
def on_dask(address: str | None) -> Iterator[Executor | None]:
    """Give an executor on a Dask scheduler; None when there is no address.

    Runs of a worker that dies are given to another by the scheduler. Results are written here, by one process.

    Args:
        address: of the scheduler, such as ``tcp://host:8786``.

    Raises:
        StoreError: the extra ``dask`` is not installed, or nobody answers at the address.
    """
    if address is None:
        yield None
        return
    try:
        from distributed import Client
    except ImportError as error:
        raise StoreError("Dask is not installed: pip install 'klyngelab[dask]'") from error
    try:
        client = Client(address, timeout="15s")
    except (OSError, ValueError, TimeoutError) as error:
        raise StoreError(f"no Dask scheduler answers at {address}: {error}") from error
    try:
        yield client.get_executor(pure=False, retries=2)
    finally:
        client.close()
