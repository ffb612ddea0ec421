# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium on the embedded cloud's Horizon, arriving from chosen addresses."""

import itertools
import re
import shutil
from pathlib import Path

import pytest

from tests.browser.browser import Browser
from tests.browser.store import Store

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
_FAILED = pytest.StashKey[bool]()
_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def driver():
    """Chromium; one for all tests, each with cookies of its own."""
    from selenium import webdriver

    chromium, chromedriver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not chromedriver:
        pytest.fail("The browser tests need Debian's packages chromium and chromium-driver.")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--no-proxy-server",
        # What Chromium asks of the network for itself is not answered everywhere, and
        # pages wait behind it.
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-quic",
        "--disable-sync",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    driver.set_page_load_timeout(45)
    yield driver
    driver.quit()


@pytest.fixture
def browser(driver, cloud):
    """A person at a browser, signed in nowhere yet."""
    driver.delete_all_cookies()
    with Browser(driver, cloud) as person:
        yield person


@pytest.fixture
def store(cloud):
    """A project of its own, as its owner sees it from the operator's own machine."""
    return Store.make(cloud, next(_NUMBERS))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    item.stash[_FAILED] = item.stash.get(_FAILED, False) or report.failed
    return report


@pytest.fixture(autouse=True)
def _keep_what_was_seen(request, driver):
    """Keep a screenshot and the page of a test that fails."""
    yield
    if not request.node.stash.get(_FAILED, False):
        return
    ARTIFACTS.mkdir(exist_ok=True)
    name = re.sub(r"\W+", "-", request.node.name)
    driver.save_screenshot(str(ARTIFACTS / f"{name}.png"))
    (ARTIFACTS / f"{name}.html").write_text(driver.page_source, encoding="utf-8")
