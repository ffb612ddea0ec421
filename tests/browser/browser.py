# SPDX-FileCopyrightText: The ipcontrol authors
# SPDX-License-Identifier: Apache-2.0
"""What a person does at a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from urllib.parse import urlsplit

from selenium.common.exceptions import (
    StaleElementReferenceException,
    TimeoutException,
    WebDriverException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support import expected_conditions as condition
from selenium.webdriver.support.wait import WebDriverWait

from devcloud import accounts
from devcloud.addresses import LAB, Forwarder
from devcloud.cloud import Cloud

PATIENCE = 120
MODAL = "#modal_wrapper .modal.in"
_PAGE_TRIES = 3
# How ChromeDriver puts it that a page was left while it looked at it.
_LEFT = (
    "does not belong to the document",
    "aborted by navigation",
    "loader has changed",
    "execution context",
    "navigated or closed",
    "No node with given id",
)


class Doors:
    """Doors to Horizon, one for each address that somebody comes from.

    They stay for all tests: to Chromium each is another site, whose scripts it fetches anew.
    """

    def __init__(self) -> None:
        self._doors: dict[tuple[str, int], Forwarder] = {}

    def url(self, address: str, port: int) -> str:
        """The address of the door to Horizon on ``port`` for who comes from ``address``."""
        if (address, port) not in self._doors:
            self._doors[address, port] = Forwarder(address, port)
        return self._doors[address, port].url

    def close(self) -> None:
        """Let nobody in any more."""
        for door in self._doors.values():
            door.close()


class Browser:
    """A person at a browser in front of the embedded Horizon.

    All doors to Horizon have the host 127.0.0.1, so that a session goes on when the
    person comes from another address.

    Args:
        driver: selenium's.
        cloud: with Horizon.
        doors: to come through.
    """

    def __init__(self, driver, cloud: Cloud, doors: Doors) -> None:
        self.driver = driver
        self._cloud = cloud
        self._doors = doors
        self._undo = ExitStack()
        self._base = ""
        self.come_from(LAB)

    def __enter__(self) -> "Browser":
        return self

    def __exit__(self, *_: object) -> None:
        self._undo.close()

    # --- Getting there ---------------------------------------------------------

    def come_from(self, address: str) -> None:
        """Have all further pages asked for from this address."""
        self._base = self._doors.url(address, urlsplit(self._cloud.horizon_url).port)

    def sign_in(self, user: str) -> None:
        """Sign in as a user of the embedded cloud."""
        # The page after the login, where none is named, asks all services a lot.
        self.open("/auth/login/?next=/project/api_access/")
        self.fill("#id_username", user)
        self.fill("#id_password", accounts.PASSWORD)
        self.click("#loginBtn")
        self.wait(lambda driver: "/auth/login" not in driver.current_url)

    def sign_out(self) -> None:
        """Forget who was signed in, whatever page is open."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCookies", {})

    def open(self, path: str) -> None:
        """Go to a page, by its path and query."""
        for _ in range(_PAGE_TRIES - 1):
            try:
                self.driver.get(self._base + path)
            except TimeoutException:
                # On a busy machine Chromium now and then never finishes a page.
                continue
            return
        self.driver.get(self._base + path)

    def whitelist(self, path: str = "") -> None:
        """Go to a page of the panel IP Whitelist."""
        self.open("/project/ip_whitelist/" + path)

    @property
    def path(self) -> str:
        """The path of the page that is open."""
        return urlsplit(self.driver.current_url).path

    def switch_scripts_off(self) -> None:
        """Run no script of any page from now on, until the test ends."""
        self._scripts(run=False)
        self._undo.callback(self._scripts, run=True)

    def _scripts(self, *, run: bool) -> None:
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not run})

    def unhide(self) -> None:
        """Show the page that Horizon hides until a script has found that it is not framed.

        An operator switches that off with DISALLOW_IFRAME_EMBED.
        """
        send = self.driver.execute_cdp_cmd
        send("DOM.enable", {})
        send("CSS.enable", {})
        frame = send("Page.getFrameTree", {})["frameTree"]["frame"]["id"]
        sheet = send("CSS.createStyleSheet", {"frameId": frame})["styleSheetId"]
        text = "body { display: block !important }"
        send("CSS.setStyleSheetText", {"styleSheetId": sheet, "text": text})

    # --- Looking ---------------------------------------------------------------

    def wait(self, until):
        """Wait until something holds, and return it."""

        def holds(driver):
            try:
                return until(driver)
            except WebDriverException as error:
                if _page_was_left(error) or isinstance(error, TimeoutException):
                    return False
                raise

        return WebDriverWait(self.driver, PATIENCE).until(holds)

    def _with(self, located: Callable[[Any], Any], act: Callable[[WebElement], Any]) -> Any:
        """Do something with an element as soon as it is there, and return what that returns.

        Again where the page of the element was left meanwhile.
        """

        def acted(driver):
            element = located(driver)
            return (act(element),) if element else None

        return self.wait(acted)[0]

    def find(self, css: str) -> WebElement:
        """An element that is to be seen."""
        return self.wait(_visible(css))

    def all(self, css: str) -> list[WebElement]:
        """All elements that are there now."""
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css: str = "body") -> str:
        """What a person reads in an element."""
        return self._with(_visible(css), lambda element: element.text)

    def wait_for_text(self, text: str, css: str = "body") -> str:
        """Wait until an element says something; return all that it says."""
        self.wait(lambda driver: text in driver.find_element(By.CSS_SELECTOR, css).text)
        return self.text(css)

    def row(self, table: str, key: str) -> str:
        """What a row of a table says, in one line."""
        for found, text in self._rows(table):
            if found == key:
                return " ".join(text.split())
        raise AssertionError(f"there is no row {key} in {self.text(f'#{table}')}")

    def keys(self, table: str) -> list[str]:
        """The keys of a table's rows."""
        return [key for key, _ in self._rows(table)]

    def _rows(self, table: str) -> list[tuple[str, str]]:
        return self._with(
            condition.presence_of_element_located((By.ID, table)),
            lambda element: [
                (row.get_attribute("data-object-id"), row.text)
                for row in element.find_elements(By.CSS_SELECTOR, "tbody tr")
            ],
        )

    # --- Doing -----------------------------------------------------------------

    def click(self, css: str) -> None:
        """Click an element, and nothing that happens to lie above it."""
        self.click_at(By.CSS_SELECTOR, css)

    def click_at(self, by: str, what: str) -> None:
        """Click an element that is found by something else than CSS."""
        self._with(condition.element_to_be_clickable((by, what)), _click)

    def follow(self, css: str) -> None:
        """Click what leads to another page, and wait until that is there."""
        with self._page_changes():
            self.click(css)

    def follow_link(self, text: str) -> None:
        """Click a link by all its text, and wait until the page that it leads to is there."""
        with self._page_changes():
            self.click_at(By.LINK_TEXT, text)

    @contextmanager
    def _page_changes(self) -> Iterator[None]:
        page = self.wait(condition.presence_of_element_located((By.TAG_NAME, "html")))
        yield
        self.wait(condition.staleness_of(page))

    def fill(self, css: str, text: str) -> None:
        """Write something in the place of what is in a field."""
        self._with(_visible(css), lambda field: (field.clear(), field.send_keys(text)))

    def set(self, css: str, value: str) -> None:
        """Choose a value in a field that has a picker."""
        self.driver.execute_script("arguments[0].value = arguments[1]", self.find(css), value)

    def tick(self, name: str, value: str | None = None) -> None:
        """Tick a checkbox or choose a radio button, of which Horizon shows the label alone."""
        wanted = f'[name="{name}"]' + (f'[value="{value}"]' if value else "")
        number, ticked = self._with(
            condition.presence_of_element_located((By.CSS_SELECTOR, wanted)),
            lambda box: (box.get_attribute("id"), box.is_selected()),
        )
        if not ticked:
            self.click(f'label[for="{number}"]')

    def open_modal(self, css: str) -> str:
        """Click what opens a modal, wait for it, and return what it says."""
        self.click(css)
        return self.text(f"{MODAL} form, {MODAL} .alert")

    def send_modal(self) -> None:
        """Send the form in the modal; either a page or the form comes back."""
        modal = self.find(MODAL)
        self.click(f"{MODAL} .modal-footer input[type=submit]")
        self.wait(condition.staleness_of(modal))

    def said(self) -> str:
        """What Horizon's messages say."""
        return self.text(".messages")


def _visible(css: str) -> Callable[[Any], Any]:
    return condition.visibility_of_element_located((By.CSS_SELECTOR, css))


def _page_was_left(error: WebDriverException) -> bool:
    return isinstance(error, StaleElementReferenceException) or any(
        words in str(error) for words in _LEFT
    )


def _click(element: WebElement) -> None:
    try:
        element.click()
    except WebDriverException as error:
        # The click was done then, and has led elsewhere.
        if "aborted by navigation" not in str(error):
            raise
