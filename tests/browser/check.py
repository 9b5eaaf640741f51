#!/usr/bin/env python3
"""Opens the generated documentation in a browser and checks all of it. Called by ./dev docs --check."""

import argparse
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from selenium.webdriver.common.by import By

from browser import Browser, served
from check_links import check_links
from check_live import LOSS_TO_REACH, LiveChecks
from check_pages import PageChecks, narrative_pages


def check_search(browser: Browser) -> list[str]:
    """The search finds the op sigmoid."""
    browser.size(1440)
    browser.open("index.html")
    browser.driver.find_element(By.ID, "MSearchField").send_keys("sigmoid")
    for _ in range(100):
        browser.driver.switch_to.frame("MSearchResults")
        found = browser.evaluate("return [...document.querySelectorAll('.SRResult')]"
                                 ".filter(each => each.checkVisibility()).map(each => each.textContent)")
        browser.driver.switch_to.default_content()
        if found and all("sigmoid" in each.lower() for each in found):
            return []
        time.sleep(0.05)
    return ["the search does not find sigmoid"]


def check_from_a_server(html: Path) -> LiveChecks:
    """Search and live pages work from any static server, too."""
    with served(html) as address, Browser(address) as browser:
        live = LiveChecks(browser)
        live.check_use()
        live.faults = [f"from a server: {fault}" for fault in live.faults + check_search(browser)]
        return live


def check_pages(html: Path, names: list[str]) -> PageChecks:
    with Browser(html.as_uri()) as browser:
        checks = PageChecks(browser)
        for name in names:
            checks.check(name)
        return checks


def check_all_pages(html: Path, narrative: set[str], every: int) -> list[PageChecks]:
    """Shared out among as many browsers as there are processors, but no more than four."""
    count = min(4, os.cpu_count() or 1)
    generated = sorted({path.name for path in html.glob("*.html")} - narrative)
    names = sorted(narrative) + generated[::every]
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(lambda first: check_pages(html, names[first::count]), range(count)))


def report(pages: list[PageChecks], live: LiveChecks, from_server: LiveChecks, links: int, version: str) -> str:
    return f"""| What was checked, by Chromium {version} | |
|---|---|
| pages opened, at 1440 and 375 px, light and dark | {sum(each.pages for each in pages)} |
| links and places within the documentation followed | {links} |
| formulas set | {sum(each.formulas for each in pages)} |
| least contrast of words on those pages, light or dark | {min(each.least_contrast for each in pages):.2f} |
| live pages used with the keyboard from a file, and the search asked | {live.used} |
| the same from a static server, `python3 -m http.server` | {from_server.used} |
| epochs after which the loss of the live 2-4-1 network is below {LOSS_TO_REACH} | {live.epochs} |
| derivatives in the browser compared with those of the native library | {live.compared} |
| their largest difference | {live.difference:.1e} |
| numbers of networks, trained 0, 1 and 300 steps, with the bits of the native SSE2 kernels | {live.equal} |
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", type=Path, help="the folder of the documentation's source")
    parser.add_argument("html", type=Path, help="the folder of the generated pages")
    parser.add_argument("native", type=Path, help="the program live_native")
    parser.add_argument("--every", type=int, default=1, help="of the pages that Doxygen made up, open each N-th only")
    parser.add_argument("--markdown", type=Path, help="write the figures there")
    options = parser.parse_args()

    links, faults = check_links(options.html)
    narrative = narrative_pages(options.docs)
    html = options.html.resolve()
    pages = check_all_pages(html, narrative, options.every)
    faults += [fault for each in pages for fault in each.faults]
    with Browser(html.as_uri()) as browser:
        faults += check_search(browser)
        live = LiveChecks(browser)
        live.check(options.native)
        faults += live.faults
        version = browser.driver.capabilities["browserVersion"]
    from_server = check_from_a_server(html)
    faults += from_server.faults
    faults += [f"{page}: this page was not written" for page in narrative if not (options.html / page).exists()]

    text = report(pages, live, from_server, links, version)
    print(text)
    for fault in faults:
        print(f"check: {fault}", file=sys.stderr)
    if options.markdown and not faults:
        options.markdown.write_text(text, encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
