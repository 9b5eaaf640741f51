"""Every page: nothing on the console, formulas set, nothing to scroll sideways, words that can be read."""

from pathlib import Path

from browser import Browser

FORMULAS = """
    if (!window.MathJax?.Hub) return {wanted: 0, set: 0, faults: []}
    await new Promise(done => MathJax.Hub.Queue(done))
    const prose = document.querySelector(".contents, .textblock, body").cloneNode(true)
    prose.querySelectorAll("pre, .fragment, script, style").forEach(each => each.remove())
    const text = prose.textContent
    const raw = text.match(/\\\\[([]|\\$\\$|\\\\f\\$|\\\\(frac|bar|partial|sigma)\\b/)
    return {wanted: document.querySelectorAll('script[type^="math/tex"]').length,
            set: document.querySelectorAll(".MathJax_SVG svg").length,
            faults: [...document.querySelectorAll(".merror, .MathJax_Error, [data-mjx-error]")].map(e => e.textContent)
                .concat(raw ? ["raw formula " + raw[0]] : [])}
"""

# What may be wider than its frame has a frame that scrolls; the page itself must not.
OVERFLOW = """
    const isWide = e => e && e.scrollWidth > e.clientWidth
    const faults = []
    if (document.scrollingElement.scrollWidth > innerWidth) faults.push("page")
    for (const selector of ["#doc-content", ".contents"])
        if (isWide(document.querySelector(selector))) faults.push(selector)
    return faults
"""

# The contrast of words with what is behind them (WCAG 2.1, 1.4.3), of all that is prose or a control.
CONTRAST = """
    const channels = colour => (colour.match(/[\\d.]+/g) ?? []).map(Number)
    const luminance = rgb => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
        const c = rgb[i] / 255
        return sum + weight * (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    }, 0)
    const over = (top, below) => {
        const alpha = top[3] ?? 1
        return [0, 1, 2].map(i => alpha * top[i] + (1 - alpha) * below[i])
    }
    const behind = element => {
        const colours = []
        for (let e = element; e; e = e.parentElement) {
            const colour = channels(getComputedStyle(e).backgroundColor)
            if (colour.length && colour[3] !== 0) colours.push(colour)
            if (colour.length && (colour[3] ?? 1) === 1) break
        }
        return colours.reverse().reduce((below, top) => over(top, below), [255, 255, 255])
    }
    const prose = "p, li, td, th, dt, dd, h1, h2, h3, label, button, output, figcaption, summary, pre, code, a, "
        + ".mlabel, .fragment span, .fragment .line"
    let least = {contrast: 21, text: ""}
    for (const element of document.querySelectorAll(".contents :is(" + prose + ")")) {
        const words = [...element.childNodes].filter(node => node.nodeType === 3).map(node => node.data.trim()).join("")
        if (!words || !element.checkVisibility() || element.disabled) continue
        const back = behind(element), front = over(channels(getComputedStyle(element).color), back)
        const [low, high] = [luminance(front), luminance(back)].sort((a, b) => a - b)
        const contrast = (high + 0.05) / (low + 0.05)
        if (contrast < least.contrast) least = {contrast, text: words.slice(0, 40)}
    }
    return least
"""

LEAST_CONTRAST = 4.5


def narrative_pages(docs: Path) -> set[str]:
    """The pages that are written as pages: index.html, and {#name} in the first line of a .md file."""
    names = {"index.html"}
    for path in docs.rglob("*.md"):
        first = path.read_text(encoding="utf-8").partition("\n")[0]
        if "{#" in first:
            names.add(first.partition("{#")[2].partition("}")[0] + ".html")
    return names


class PageChecks:
    def __init__(self, browser: Browser):
        self.browser = browser
        self.faults: list[str] = []
        self.pages = self.formulas = 0
        self.least_contrast = 21.0

    def check(self, page: str):
        self.pages += 1
        self.browser.size(1440)
        self.browser.open(page)
        self.faults += [f"{page}: console: {message}" for message in self.browser.messages()]
        self.check_formulas(page)
        self.check_width(page, 1440)
        self.browser.size(375)
        self.check_width(page, 375)
        for is_dark in (False, True):
            self.browser.evaluate("DoxygenAwesomeDarkModeToggle.enableDarkMode(a)", is_dark)
            self.check_contrast(page, "dark" if is_dark else "light")
        self.check_width(page, 375)
        self.faults += [f"{page}: console, later: {message}" for message in self.browser.messages()]

    def check_formulas(self, page: str):
        found = self.browser.evaluate(FORMULAS)
        self.formulas += found["set"]
        self.faults += [f"{page}: formula: {fault}" for fault in found["faults"]]
        if found["wanted"] != found["set"]:
            self.faults.append(f"{page}: {found['set']} of {found['wanted']} formulas are set")

    def check_width(self, page: str, width: int):
        self.faults += [f"{page}: wider than {width} px: {what}" for what in self.browser.evaluate(OVERFLOW)]

    def check_contrast(self, page: str, mode: str):
        least = self.browser.evaluate(CONTRAST)
        self.least_contrast = min(self.least_contrast, least["contrast"])
        if least["contrast"] < LEAST_CONTRAST:
            self.faults.append(f"{page}, {mode}: contrast {least['contrast']:.2f}: {least['text']}")
