# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium on the embedded cloud's Horizon, arriving from chosen addresses."""

import contextlib
import itertools
import re
import shutil
from pathlib import Path

import pytest
from selenium.common.exceptions import WebDriverException

from tests.browser.browser import Browser, Doors
from tests.browser.store import Store

ARTIFACTS = Path(__file__).resolve().parents[2] / "artifacts"
_FAILED = pytest.StashKey[bool]()
# Horizon fades a message of success away after three seconds.
_MESSAGES_STAY = """
    document.addEventListener("DOMContentLoaded", () => {
      if (window.horizon) horizon.conf.auto_fade_alerts = { types: [] };
    });
"""
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
        # With these ChromeDriver does not notice that a click has led elsewhere, and goes on
        # with the page that is being left.
        "--disable-features=DeferRendererTasksAfterInput,PaintHolding",
        "--window-size=1280,900",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(chromedriver))
    driver.set_page_load_timeout(45)
    driver.set_script_timeout(120)
    driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": _MESSAGES_STAY})
    yield driver
    driver.quit()


@pytest.fixture(scope="session")
def doors():
    """The doors to Horizon that the browser comes through."""
    doors = Doors()
    yield doors
    doors.close()


@pytest.fixture
def browser(driver, cloud, doors):
    """A person at a browser, signed in nowhere yet."""
    with Browser(driver, cloud, doors) as person:
        person.sign_out()
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
    # Where Chromium itself has failed, that is no second failure.
    with contextlib.suppress(WebDriverException):
        driver.save_screenshot(str(ARTIFACTS / f"{name}.png"))
        (ARTIFACTS / f"{name}.html").write_text(driver.page_source, encoding="utf-8")
