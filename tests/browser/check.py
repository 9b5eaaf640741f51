#!/usr/bin/env python3
"""Opens the generated documentation in a browser and checks all of it. Called by ./dev docs --check."""

import argparse
import sys
import time
from pathlib import Path

from selenium.webdriver.common.by import By

from browser import Browser
from check_links import check_links
from check_live import LiveChecks
from check_pages import PageChecks, narrative_pages


def check_search(browser: Browser) -> list[str]:
    """The search finds the op sigmoid."""
    browser.size(1440)
    browser.open("index.html")
    browser.driver.find_element(By.ID, "MSearchField").send_keys("sigmoid")
    for _ in range(100):
        found = browser.evaluate("""
            const frame = document.getElementById("MSearchResults")
            const results = frame.contentDocument?.body ?? frame
            return [...results.querySelectorAll(".SRResult")].filter(e => e.checkVisibility()).map(e => e.textContent)
        """)
        if any("sigmoid" in each for each in found):
            return []
        time.sleep(0.05)
    return ["the search does not find sigmoid"]


def report(pages: PageChecks, live: LiveChecks, narrative: int, links: int, version: str) -> str:
    return f"""| What was checked, by Chromium {version} | |
|---|---|
| pages opened, at 1440 px | {pages.pages} |
| of them written as pages: at 375 px, light and dark, too | {narrative} |
| links and places within the documentation followed | {links} |
| formulas set | {pages.formulas} |
| least contrast of words on those pages, light or dark | {pages.least_contrast:.2f} |
| the live 2-4-1 network: loss, and after how many epochs | {live.loss:.3g}, {live.epochs} |
| numbers of the engine compared with the native ones | {live.compared} |
| their largest difference | {live.difference:.1e} |
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("docs", type=Path, help="the folder of the documentation's source")
    parser.add_argument("html", type=Path, help="the folder of the generated pages")
    parser.add_argument("native", type=Path, help="the program live_native")
    parser.add_argument("--markdown", type=Path, help="write the figures there")
    options = parser.parse_args()

    links, faults = check_links(options.html)
    narrative = narrative_pages(options.docs)
    with Browser(options.html.resolve()) as browser:
        pages, live = PageChecks(browser), LiveChecks(browser)
        for page in sorted(path.name for path in options.html.glob("*.html")):
            pages.check(page, page in narrative)
        faults += pages.faults + check_search(browser)
        live.check(options.native)
        faults += live.faults
        version = browser.driver.capabilities["browserVersion"]
    faults += [f"{page}: this page was not written" for page in narrative if not (options.html / page).exists()]

    text = report(pages, live, len(narrative), links, version)
    print(text)
    for fault in faults:
        print(f"check: {fault}", file=sys.stderr)
    if options.markdown and not faults:
        options.markdown.write_text(text, encoding="utf-8")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
