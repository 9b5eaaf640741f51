"""Chromium without a window, on one page after the other."""

import re
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service


@contextmanager
def served(html: Path):
    """The address at which a static server, on a free port, gives a folder to this machine alone."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", str(html)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        first = server.stdout.readline()
        port = re.search(r"port (\d+)", first)
        if not port:
            raise RuntimeError(f"no server: {first!r}")
        yield f"http://127.0.0.1:{port[1]}"
    finally:
        server.terminate()
        server.wait()


class Browser:
    def __init__(self, address: str):
        """The address of the folder with the pages, file: or http:."""
        self.address = address
        options = Options()
        for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"):
            options.add_argument(argument)
        options.page_load_strategy = "normal"
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
        self.driver.set_script_timeout(60)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.driver.quit()

    def open(self, page: str):
        self.driver.get(f"{self.address}/{page}")

    def evaluate(self, body: str, *arguments):
        """What the body of an async function returns, called with the arguments a, b, …"""
        names = ", ".join("abcdef"[: len(arguments)])
        answer = self.driver.execute_async_script(
            f"const done = arguments[arguments.length - 1];"
            f"(async ({names}) => {{ {body} }})(...arguments).then("
            f"value => done({{value}}), error => done({{error: String(error)}}))",
            *arguments,
        )
        if "error" in answer:
            raise RuntimeError(answer["error"])
        return answer.get("value")

    def size(self, width: int, height: int = 900):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 800},
        )

    def prefer(self, **features: str):
        """Media features that the reader prefers: prefers_color_scheme="dark"."""
        features = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})

    def block(self, *urls: str):
        self.driver.execute_cdp_cmd("Network.enable", {})
        self.driver.execute_cdp_cmd("Network.setBlockedURLs", {"urls": list(urls)})

    def messages(self) -> list[str]:
        """What the console has said since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser")]
