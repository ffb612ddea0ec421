# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Cost: eight times the text takes no more than about eight times the time."""

import gc
import importlib
import inspect
import pkgutil
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest

from tests.fuzz import hostile
from tests.fuzz.cost import CASES, COUNTING, Case, prepare

# Swift takes 8 kB in a header: the last step is beyond that, and the steps before it
# keep a function that fails from being waited for.
LENGTHS = (250, 2000, 16000)
MOST_RATIO = 12
# What takes less than this is not compared: it says more about the machine.
FLOOR_SECONDS = 0.002
# A busy machine makes a run longer, never shorter.
MOST_RUNS = 12


@pytest.fixture(autouse=True)
def uncollected():
    """The garbage collector comes when it likes, and costs what all the other tests left."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def engine_modules() -> Iterator[str]:
    """What runs without Swift and Nova, by its name in the package."""
    for folder in ("", "host_groups."):
        package = importlib.import_module(f"ipcontrol.{folder}".rstrip("."))
        for module in pkgutil.iter_modules(package.__path__, folder):
            if not module.ispkg:
                yield module.name
    yield "middleware.options"


def public_functions() -> Iterator[str]:
    for name in engine_modules():
        module = importlib.import_module(f"ipcontrol.{name}")
        for attribute, value in vars(module).items():
            if attribute.startswith("_") or getattr(value, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(inspect.unwrap(value)):
                yield f"{name}.{attribute}"
            elif inspect.isclass(value):
                yield from (f"{name}.{method}" for method in public_methods(value))


def public_methods(cls: type) -> Iterator[str]:
    for attribute, value in vars(cls).items():
        inner = getattr(value, "fget", None) or getattr(value, "func", None)
        function = inner or inspect.unwrap(value)
        code = getattr(function, "__code__", None)
        # Dataclasses and enumerations write methods of their own.
        if code is None or code.co_filename != inspect.getfile(cls):
            continue
        if attribute in ("__init__", "__str__"):
            yield cls.__name__
        elif not attribute.startswith("_") or attribute == "__contains__":
            yield f"{cls.__name__}.{attribute}"


def test_every_public_function_has_a_case_and_every_case_a_function():
    assert sorted(set(public_functions())) == sorted(CASES)


def seconds(call: Callable[[], object]) -> float:
    start = time.thread_time()
    call()
    return time.thread_time() - start


def disproportion(case: Case, family: tuple[str, str]) -> str | None:
    """What takes more than its share, in words."""
    for short, long in pairwise(LENGTHS):
        calls = [prepare(case, hostile.text_of(family, length)) for length in (short, long)]
        least = [float("inf"), float("inf")]
        for _ in range(MOST_RUNS):
            least = [min(known, seconds(call)) for known, call in zip(least, calls, strict=True)]
            if least[1] < FLOOR_SECONDS or least[1] <= MOST_RATIO * least[0]:
                break
        else:
            times = " and ".join(f"{1000 * each:.2f} ms" for each in least)
            return f"{family}: {short} and {long} characters take {times}"
    return None


@pytest.mark.parametrize("name", CASES)
def test_its_cost_is_linear(name):
    families = hostile.FAMILIES[:1] if name in COUNTING else hostile.FAMILIES
    told = [
        sentence
        for case in CASES[name]
        for family in families
        if (sentence := disproportion(case, family))
    ]
    assert told == []
