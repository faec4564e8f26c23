"""A headless Chromium, spoken to through two pipes: pages at any width and on paper, judged by axe-core."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

import pytest

AXE = "axe.min.js"
NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--remote-debugging-pipe",
)
RUN = "axe.run(document, {resultTypes: ['violations', 'incomplete']})"


def find_chromium() -> str:
    """Return the browser, or skip the test and say why."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found or pytest.skip("no Chromium on the PATH")


def find_axe() -> str:
    """Return the source of axe-core: the file BAOGAO_AXE names, or that of the npm folder on the PATH."""
    beside = (Path(folder).parent / "axe-core" / AXE for folder in os.environ["PATH"].split(os.pathsep))
    named = os.environ.get("BAOGAO_AXE")
    found = next((path for path in ([Path(named)] if named else beside) if path.is_file()), None)
    return found.read_text("utf-8") if found else pytest.skip("no axe-core: neither BAOGAO_AXE nor node_modules/.bin")


@dataclass
class Browser:
    """A browser with one page open."""

    orders: IO[bytes]
    answers: IO[bytes]
    session: str = ""
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Give an order and return its answer; what the browser tells unasked is passed over."""
        number = next(self.numbers)
        order = {"id": number, "method": method, "params": parameters}
        self.orders.write(json.dumps(order | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.orders.flush()
        while (answer := self._next()).get("id") != number:
            pass
        assert "error" not in answer, answer
        return answer["result"]

    def wait(self, event: str) -> None:
        while self._next().get("method") != event:
            pass

    def _next(self) -> dict[str, Any]:
        said = bytearray()
        while (byte := self.answers.read(1)) != b"\0":
            assert byte, "the browser is gone"
            said += byte
        return json.loads(said)

    def open(self, page: Path, width: int, medium: str = "screen") -> None:
        """Show a page at a width in pixels, or as it is printed."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1, mobile=False)
        self.call("Emulation.setEmulatedMedia", media=medium)
        self.call("Page.navigate", url=page.as_uri())
        self.wait("Page.loadEventFired")

    def value(self, script: str) -> Any:
        """Return what a script comes to in the page."""
        result = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result
        return result["result"].get("value")

    def violations(self, axe: str) -> list[str]:
        """Return what axe-core finds wrong in the page: rule and places."""
        self.value(axe)
        found = self.value(f"{RUN}.then(found => JSON.stringify(found.violations))")
        return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in json.loads(found)]

    def picture(self, file: Path) -> None:
        """Write a picture of the whole page."""
        height = self.value("document.documentElement.scrollHeight")
        width = self.value("innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
        shot = self.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
        file.write_bytes(base64.b64decode(shot["data"]))

    def print(self, file: Path) -> None:
        """Write the page as it is printed."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        file.write_bytes(base64.b64decode(printed["data"]))


@contextmanager
def opened_browser() -> Iterator[Browser]:
    """Start a browser, and end it with the block."""
    chromium = find_chromium()
    (orders_out, orders_in), (answers_out, answers_in) = os.pipe(), os.pipe()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # Chromium takes orders on file 3 and answers on file 4; sh knows no files beyond 9
        line = f'exec "$0" "$@" 3<&{orders_out} 4>&{answers_in}'
        arguments = ["bash", "-c", line, chromium, *FLAGS, f"--user-data-dir={folder}"]
        process = subprocess.Popen(arguments, pass_fds=(orders_out, answers_in), stderr=subprocess.DEVNULL)
        os.close(orders_out)
        os.close(answers_in)
        with os.fdopen(orders_in, "wb") as orders, os.fdopen(answers_out, "rb") as answers:
            browser = Browser(orders, answers)
            try:
                target = browser.call("Target.createTarget", url="about:blank")["targetId"]
                browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
                browser.call("Page.enable")
                yield browser
            finally:
                process.terminate()
                process.wait()
