"""Where the work of a trial is done: here, in several processes of this machine, or on a Dask cluster.

The only place that knows of processes and of Dask. A task is a function of values that returns a value, and may be
done twice without harm; whoever asks writes the result down.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import Executor as FuturesExecutor
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib import import_module
from multiprocessing import active_children, connection, get_context, parent_process
from signal import SIG_IGN, SIGINT, signal
from threading import Thread
from typing import Any, Protocol, TypeVar

from davy.errors import Fault, InputError, StoreError

T = TypeVar("T")
_REVIVALS = 3
_PATIENCE_S = 10
_ASK_EVERY = 32


class Executor(Protocol):
    """Does tasks; `width` = how many at a time."""

    @property
    def width(self) -> int:
        """How many tasks can run at the same time."""
        ...

    def submit(self, task: Callable[..., T], /, *args: Any) -> Future[T]:
        """Begin a task."""
        ...

    def revive(self) -> bool:
        """Go on after a worker was lost; False = no more."""
        ...

    def close(self) -> None:
        """Let go of the workers; what has not begun is dropped."""
        ...


class Here:
    """Does every task at once, in this process."""

    width = 1

    def submit(self, task: Callable[..., T], /, *args: Any) -> Future[T]:
        """Do a task."""
        future: Future[T] = Future()
        try:
            future.set_result(task(*args))
        except BaseException as error:
            if not isinstance(error, Exception):
                raise
            future.set_exception(error)
        return future

    def revive(self) -> bool:
        """Nothing can be lost."""
        return False

    def close(self) -> None:
        """Nothing to let go."""


class Processes:
    """Several processes of this machine; one that is killed is replaced."""

    def __init__(self, workers: int) -> None:
        self.width = workers
        self._revived = 0
        self._pool = self._new()

    def _new(self) -> FuturesExecutor:
        return ProcessPoolExecutor(self.width, mp_context=get_context("spawn"), initializer=_at_work)

    def submit(self, task: Callable[..., T], /, *args: Any) -> Future[T]:
        """Begin a task."""
        try:
            return self._pool.submit(task, *args)
        except BrokenProcessPool as error:
            return _failed(error)

    def revive(self) -> bool:
        """Start new processes in place of those that were lost."""
        if self._revived == _REVIVALS:
            return False
        self._revived += 1
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._new()
        return True

    def close(self) -> None:
        """End the processes."""
        self._pool.shutdown(wait=True, cancel_futures=True)


class Cluster:
    """The workers of a Dask scheduler; Dask itself does again what a lost worker had."""

    def __init__(self, address: str) -> None:
        try:
            distributed: Any = import_module("distributed")
        except ImportError:
            raise InputError(
                [Fault("--scheduler", "Dask is not installed", "pip install 'davy[scale]', or --workers N")]
            ) from None
        for name in (
            "distributed",
            "distributed.client",
            "distributed.comm",
            "distributed.core",
            "tornado.application",
        ):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what goes wrong is told once, by Davy
        try:
            self._client: Any = distributed.Client(address, timeout=_PATIENCE_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as error:
            reason = str(error).splitlines()[0] if str(error) else "no answer"
            raise InputError(
                [Fault(f"--scheduler {address}", f"cannot be reached: {reason}", "an address like tcp://10.0.0.5:8786")]
            ) from None
        try:
            self._client.wait_for_workers(1, timeout=_PATIENCE_S)
        except TimeoutError:
            self._client.close()
            raise InputError(
                [Fault(f"--scheduler {address}", "this scheduler has no worker", "start one: dask worker ADDRESS")]
            ) from None
        self._pool: Any = self._client.get_executor(pure=False, retries=3)

        self.width = 1
        self._begun = 0

    def submit(self, task: Callable[..., T], /, *args: Any) -> Future[T]:
        """Begin a task; now and then ask how many workers there are, since they come and go."""
        try:
            if self._begun % _ASK_EVERY == 0:
                self.width = max(sum(self._client.nthreads().values()), 1)
            self._begun += 1
            return self._pool.submit(task, *args)
        except (OSError, RuntimeError) as error:
            return _failed(ConnectionError(f"the scheduler is gone: {error}"))

    def revive(self) -> bool:
        """Dask has already tried."""
        return False

    def close(self) -> None:
        """Leave the cluster; its workers stay."""
        with suppress(Exception):  # a scheduler that is gone cannot be left properly
            self._pool.shutdown(wait=False)
            self._client.close(timeout=_PATIENCE_S)


def executor_of(workers: int | str) -> Executor:
    """Where to work: here, in so many processes, or on the cluster of a scheduler at this address."""
    if isinstance(workers, str):
        return Cluster(workers)
    return Processes(workers) if workers > 1 else Here()


def abandon() -> None:
    """End the worker processes of this machine at once: what they were doing is lost."""
    for worker in active_children():
        worker.terminate()


def _at_work() -> None:
    """What a worker process does first: leave Ctrl-C to whoever started it, and end when that process ends."""
    signal(SIGINT, SIG_IGN)
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    connection.wait([sentinel])
    os._exit(1)


def _failed(error: Exception) -> Future[Any]:
    """A task that could not begin."""
    future: Future[Any] = Future()
    future.set_exception(error)
    return future


def lost(error: BaseException) -> bool:
    """Whether a task failed because its worker did, not because of what it was asked."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(
        names
        & {
            "BrokenProcessPool",
            "BrokenExecutor",
            "KilledWorker",
            "CommClosedError",
            "ConnectionError",
            "CancelledError",
        }
    )


def told(error: BaseException) -> BaseException:
    """What to raise for an error of a task: a worker without Davy is the user's to mend, the rest is as it is."""
    if isinstance(error, ModuleNotFoundError):
        return InputError([Fault("a worker", f"cannot load {error.name}", "install the same Davy on every worker")])
    return error


def gone() -> StoreError:
    """What is said when no worker is left."""
    return StoreError(
        "the scheduler or its workers were lost and could not be replaced. What was finished is kept where --out was "
        "given; run the same command again"
    )
