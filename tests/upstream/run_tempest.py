# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""Run some of Tempest's tests, as they are installed, in one process from one address.

``python -m tests.upstream.run_tempest TEMPEST_CONF SOURCE RESULTS SHARE NAME...`` writes the
outcome of each test of the named modules and packages as JSON. SHARE is ``1/3`` for the second of
three processes that share the classes of tests among them.
"""

import importlib
import json
import pkgutil
import re
import sys
import time
import unittest
from collections.abc import Iterator
from pathlib import Path

from devcloud.addresses import bind_process_to
from tests.upstream.comparison import FAILED, PASSED, SKIPPED

# What unittest calls a fixture of a class.
_FIXTURE = re.compile(r"(setUpClass|tearDownClass) \((?P<name>.*)\)")


def modules(name: str) -> list[str]:
    """The test modules that a name stands for."""
    found = importlib.import_module(name)
    if not hasattr(found, "__path__"):
        return [name]
    walked = pkgutil.walk_packages(found.__path__, f"{name}.")
    return [each.name for each in walked if each.name.rpartition(".")[2].startswith("test_")]


def tests_in(suite: unittest.TestSuite) -> Iterator[unittest.TestCase]:
    """All tests of a suite and of those in it."""
    for each in suite:
        if isinstance(each, unittest.TestSuite):
            yield from tests_in(each)
        else:
            yield each


def identity(test: unittest.TestCase) -> str:
    """The test's name, without the attributes that Tempest appends."""
    return test.id().partition("[")[0]


class Results(unittest.TestResult):
    """Keeps how each test ended; what befalls a class befalls its tests that have not run."""

    def __init__(self, suite: unittest.TestSuite) -> None:
        super().__init__()
        self.tests: dict[str, dict] = {}
        self._names = [identity(test) for test in tests_in(suite)]
        self._began = time.monotonic()

    def startTest(self, test):
        super().startTest(test)
        self._began = time.monotonic()

    def stopTest(self, test):
        super().stopTest(test)
        if identity(test) not in self.tests:
            self._keep(test, FAILED, "ended without an outcome")

    def addSuccess(self, test):
        self._keep(test, PASSED)

    def addError(self, test, err):
        self._keep(test, FAILED, self._exc_info_to_string(err, test))

    addFailure = addError

    def addSkip(self, test, reason):
        self._keep(test, SKIPPED, reason)

    def addExpectedFailure(self, test, err):
        self._keep(test, PASSED)

    def addUnexpectedSuccess(self, test):
        self._keep(test, FAILED, "passed, and was expected to fail")

    def _keep(self, test, outcome: str, why: str = "") -> None:
        seconds = round(time.monotonic() - self._began, 2)
        entry = {"outcome": outcome, "seconds": seconds, "why": why}
        fixture = _FIXTURE.fullmatch(test.id())
        if fixture is None:
            self._keep_first_failure(identity(test), entry)
            return
        of_class = [name for name in self._names if name.startswith(fixture["name"] + ".")]
        missing = [name for name in of_class if name not in self.tests]
        for name in missing or [test.id()]:
            self.tests[name] = entry

    def _keep_first_failure(self, name: str, entry: dict) -> None:
        # A test whose cleanup fails as well is reported twice.
        if self.tests.get(name, {}).get("outcome") != FAILED:
            self.tests[name] = entry


def load(names: list[str], share: str) -> unittest.TestSuite:
    """The tests of some modules and packages, or this share of them."""
    number, total = map(int, share.split("/"))
    found = unittest.TestLoader().loadTestsFromNames(
        [each for name in names for each in modules(name)]
    )
    classes: dict[type, list[unittest.TestCase]] = {}
    for test in tests_in(found):
        classes.setdefault(type(test), []).append(test)
    chosen = list(classes.values())[number::total]
    return unittest.TestSuite(test for tests in chosen for test in tests)


def run(suite: unittest.TestSuite) -> dict[str, object]:
    """Run the tests and return their outcomes."""
    results = Results(suite)
    began = time.monotonic()
    suite.run(results)
    return {"seconds": round(time.monotonic() - began, 1), "tests": results.tests}


def main() -> None:
    """Run."""
    _, configuration, source, target, share, *names = sys.argv
    bind_process_to(source)
    from tempest import config

    config.CONF.set_config_path(configuration)
    Path(target).write_text(json.dumps(run(load(names, share)), indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
