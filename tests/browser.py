"""A headless Chromium for tests of the HTML page, where there is one; pages are opened from files."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
COUNTS = "return document.getElementById('count').textContent.match(/[0-9,]+/g).map(n => Number(n.replace(',', '')))"
OPEN_ALL = """
[...document.querySelectorAll('#list .groupings .link')][0].click();
document.querySelectorAll('details').forEach(one => { one.open = true; });
"""


def installed() -> tuple[str, str] | None:
    """The programs of browser and driver; None where one is missing."""
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    driver = shutil.which("chromedriver")
    return (browser, driver) if browser and driver else None


@contextmanager
def chromium() -> Iterator[Chrome]:
    """A browser whose console and requests can be read. Raises AssertionError where there is none: ask first."""
    programs = installed()
    assert programs is not None
    options = ChromeOptions()
    options.binary_location = programs[0]
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--window-size=1400,1000"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = Chrome(options=options, service=Service(programs[1]))
    driver.set_script_timeout(60)
    try:
        yield driver
    finally:
        driver.quit()


class Opened:
    """One page in the browser, by what a person would do with it."""

    def __init__(self, driver: Chrome, path: Path) -> None:
        self.driver = driver
        self.path = path
        self.log("browser")
        self.log("performance")
        driver.get(path.as_uri())

    def run(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def log(self, name: str) -> list[dict[str, Any]]:
        """What the browser logged since this was last asked."""
        found: list[dict[str, Any]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]  # the same
        return found

    def text(self, selector: str) -> str:
        found: str = self.driver.find_element(By.CSS_SELECTOR, selector).text
        return found

    def count(self, selector: str) -> int:
        return len(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def click(self, selector: str) -> None:
        """A click as a script makes it, so that nothing needs to be scrolled into view."""
        self.run(
            "document.querySelector(arguments[0]).dispatchEvent(new MouseEvent('click', {bubbles: true}))", selector
        )

    def choose(self, facet: str, value: int | str) -> None:
        Select(self.driver.find_element(By.ID, f"by-{facet}")).select_by_value(str(value))

    def search(self, words: str) -> None:
        """Types the words and waits until the list has followed."""
        self.run(
            "const box = document.getElementById('search'); box.value = arguments[0];"
            "box.dispatchEvent(new Event('input'))",
            words,
        )
        self.settle(250)

    def open_all(self) -> None:
        """Opens every group and whatever can be opened in it."""
        self.run(OPEN_ALL)
        self.settle(50)

    def settle(self, milliseconds: int = 0) -> None:
        """Waits so long, and until the browser has drawn."""
        self.driver.execute_async_script(
            "setTimeout(() => requestAnimationFrame(() => setTimeout(arguments[1], 0)), arguments[0])", milliseconds
        )

    def command(self, name: str, **arguments: Any) -> dict[str, Any]:
        """A command of the browser's own protocol."""
        found: dict[str, Any] = self.driver.execute_cdp_cmd(name, arguments)
        return found

    def shown(self) -> tuple[int, int]:
        """How many risks and gaps the page says it shows."""
        found = self.run(COUNTS)
        return found[0], found[2]

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.log("browser")]

    def requests(self) -> list[str]:
        """The addresses of everything the page asked for, itself left out."""
        entries = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        asked = [e["params"]["request"]["url"] for e in entries if e["method"] == "Network.requestWillBeSent"]
        return [url for url in asked if url not in (self.path.as_uri(), "data:,")]
