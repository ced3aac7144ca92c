"""A headless Chromium for tests: what it logged and asked the network for can be read afterwards."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ON_MACOS = ("/Applications/Chromium.app/Contents/MacOS/Chromium",
             "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")  # fmt: skip
_FLAGS = (
    "--headless",
    "--no-sandbox",  # CI is root, for whom Chromium has no sandbox
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def _program() -> str:
    found = [path for name in _NAMES if (path := shutil.which(name))]
    found += [path for path in _ON_MACOS if Path(path).is_file()]
    if not found and sys.platform == "linux" and platform.freedesktop_os_release()["ID"] == "debian":
        pytest.fail("there is no Chromium, which .ci/setup installs on Debian")
    if not found:
        pytest.skip("there is no Chromium or Chrome, and .ci/setup installs one on Debian only")
    return found[0]


class Browser:
    """A Chromium that looks at one page."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        self.driver = driver

    def open(self, path: Path, fragment: str = "", width: int = 1280, height: int = 900) -> None:
        """Shows a page afresh in a window of that size."""
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.get("about:blank")
        self.driver.get(path.as_uri() + fragment)

    def find(self, selector: str) -> WebElement:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def shown(self, selector: str) -> list[str]:
        """The texts of the elements that can be seen."""
        return [item.text for item in self.all(selector) if item.is_displayed()]

    def ids(self, selector: str) -> set[str]:
        """The ids of the elements of the figure and of the spec."""
        return {item.get_attribute("id") or "" for item in self.all(selector)}

    def text(self, selector: str) -> str:
        return self.find(selector).text

    def point(self, selector: str) -> None:
        """Moves the mouse to an element."""
        ActionChains(self.driver).move_to_element(self.find(selector)).perform()

    def press(self, *keys: str) -> None:
        """Presses keys, one after the other."""
        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()

    def run(self, script: str) -> object:
        """The value of an expression in the page."""
        return self.driver.execute_script(f"return {script}")

    def media(self, **features: str) -> None:
        """What the reader prefers: ``prefers_color_scheme="dark"``."""
        told = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": told})

    def problems(self) -> list[str]:
        """What the console said since the last time."""
        return [entry["message"] for entry in self.driver.get_log("browser")]

    def requests(self) -> list[str]:
        """The addresses asked for since the last time."""
        messages = (json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance"))
        sent = (item for item in messages if item["method"] == "Network.requestWillBeSent")
        return [item["params"]["request"]["url"] for item in sent]


@contextmanager
def started(profile: Path) -> Iterator[Browser]:
    """A browser with an empty profile, ended afterwards."""
    options = webdriver.ChromeOptions()
    options.binary_location = _program()
    for flag in (*_FLAGS, f"--user-data-dir={profile}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        browser = Browser(driver)
        browser.requests()  # those of Chromium's own first page
        yield browser
    finally:
        driver.quit()
