"""The live pages: they answer to the keyboard, the network learns, and the engine's numbers are the native ones."""

import json
import os
import subprocess
import time
from pathlib import Path

from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from browser import Browser

LOSS_TO_REACH = 0.01
LARGEST_DIFFERENCE = 1e-12


def numbers(value):
    """All numbers in an answer, in order."""
    if isinstance(value, dict):
        for key in sorted(value):
            yield from numbers(value[key])
    elif isinstance(value, list):
        for each in value:
            yield from numbers(each)
    elif isinstance(value, (int, float)):
        yield float(value)


def gradients(state):
    return [parameter["gradient"] for parameter in state["parameters"]]


def native_numbers(program: Path, **environment: str):
    run = subprocess.run([program], check=True, capture_output=True, text=True, env=os.environ | environment)
    return json.loads(run.stdout)


class LiveChecks:
    def __init__(self, browser: Browser):
        self.browser = browser
        self.faults: list[str] = []
        self.difference = 0.0
        self.compared = self.equal = self.used = 0
        self.epochs = 0

    def expect(self, holds: bool, what: str):
        if not holds:
            self.faults.append(what)

    def open(self, page: str):
        self.browser.open(page)
        self.wait(lambda: self.state() != "", "the engine is ready")

    def open_with_engine(self, page: str) -> bool:
        self.open(page)
        is_ready = self.state() == "ready"
        self.expect(is_ready, f"{page}: the engine, in WebAssembly, is loaded")
        self.used += is_ready
        return is_ready

    def state(self) -> str:
        return self.browser.evaluate("return document.querySelector('.live').dataset.state ?? ''")

    def text(self, selector: str) -> str:
        return self.browser.evaluate("return document.querySelector(a).textContent", selector)

    def press(self, selector: str, *keys: str):
        self.browser.driver.find_element(By.CSS_SELECTOR, selector).send_keys(*keys)

    def wait(self, holds, what: str, seconds: float = 60):
        end = time.monotonic() + seconds
        while not holds():
            if time.monotonic() > end:
                raise TimeoutError(f"waited {seconds:.0f} s in vain: {what}")
            time.sleep(0.05)

    def check_neuron(self):
        if not self.open_with_engine("live_neuron.html"):
            return
        before = self.text(".live-graph")
        self.press(".live-slider input", Keys.ARROW_RIGHT)
        self.expect(self.text(".live-graph") != before, "neuron: an arrow key moves a slider and the graph follows")
        loss = "return Number(document.querySelector('.live-derivation').textContent.match(/L .*= ([\\d.e-]+)/)[1])"
        before = self.browser.evaluate(loss)
        self.press(".live-step", Keys.ENTER)
        self.expect(self.browser.evaluate(loss) < before, "neuron: the loss falls with a step downhill")
        self.wait(lambda: "Loss" in self.text(".live-aloud"), "the new loss is said aloud")

    def check_training(self):
        if not self.open_with_engine("live_training.html"):
            return
        self.press(".live-toggle", Keys.ENTER)
        self.wait(lambda: float(self.text(".live-loss")) < LOSS_TO_REACH, "the network learns XOR")
        self.press(".live-toggle", Keys.ENTER)
        self.wait(lambda: "loss" in self.text(".live-aloud"), "the end of training is said aloud")
        self.press(".live-reset", Keys.ENTER)
        self.expect(self.text(".live-epoch") == "0", "training: begin again begins at epoch 0")
        self.browser.prefer(prefers_reduced_motion="reduce")
        self.press(".live-toggle", Keys.ENTER)
        self.wait(lambda: float(self.text(".live-loss")) < LOSS_TO_REACH, "it learns where stillness is preferred, too")
        self.browser.prefer()
        self.epochs = self.browser.evaluate(
            "const engine = await Live.engine(); engine.start(4, 1); let epoch = 1;"
            "while (engine.train(1, 10) >= a) ++epoch; return epoch", LOSS_TO_REACH)

    def check_expression(self):
        if not self.open_with_engine("live_expression.html"):
            return
        formula = "#live-formula"
        self.press(formula, Keys.CONTROL, "a")
        self.press(formula, "u = x * y\nsin(u) + u")
        self.expect("cos(u)" in self.text(".live-derivation"), "expression: the derivation is that of the formula typed")
        self.press(formula, " +")
        self.expect("Line 2" in self.text(".live-error"), "expression: an error names its line")
        self.press(formula, Keys.BACKSPACE)
        self.expect(self.text(".live-error") == "", "expression: a mended formula has no error")
        self.press(".live-back", Keys.ENTER)
        self.expect("y\u0304 = " in self.text(".live-line-now"), "expression: before x's adjoint comes that of y")

    def check_without_engine(self):
        self.browser.block("*adjoint_engine.js")
        for page in ("live_neuron.html", "live_training.html", "live_expression.html"):
            self.open(page)
            seen = self.browser.evaluate(
                "const picture = document.querySelector('.live-static img');"
                "return picture.checkVisibility() && picture.naturalWidth > 0"
                " && !document.querySelector('.live-app').checkVisibility()")
            self.expect(self.state() == "absent" and seen, f"{page}: without the engine there is a picture")
        self.browser.block()
        self.browser.messages()  # the engine that was not loaded

    def compare(self, what: str, here, native):
        here, native = list(numbers(here)), list(numbers(native))
        self.expect(len(here) == len(native) > 0, f"{what}: as many numbers as natively")
        difference = max((abs(a - b) for a, b in zip(here, native)), default=0)
        self.compared += len(native)
        self.difference = max(self.difference, difference)
        self.expect(difference <= LARGEST_DIFFERENCE, f"{what}: differs from the native numbers by {difference:.1e}")

    def check_numbers(self, program: Path):
        """The gradients with the instructions of this machine, to 1e-12. With SSE2, whose exponential has no fused
        multiply-adds, as WebAssembly has none, all that is known of the networks, to the last bit.
        """
        native = native_numbers(program)
        same_bits = native_numbers(program, ADJOINT_INSTRUCTION_SET="sse2")
        self.open("live_expression.html")
        for case, same in zip(native["networks"], same_bits["networks"]):
            state = self.browser.evaluate(
                "const engine = await Live.engine(); engine.start(a, b); engine.train(c, d); return engine.state()",
                case["width"], case["seed"], case["steps"], case["learning_rate"])
            name = f"2-{case['width']}-1, seed {case['seed']}, step {case['steps']}"
            self.compare(name, gradients(state), gradients(case["state"]))
            self.equal += len(list(numbers(state)))
            self.expect(state == same["state"], f"{name}: not the bits of the native numbers")
        for case in native["formulas"]:
            answer = self.browser.evaluate("return (await Live.engine()).explain(a, b)", case["text"], case["values"])
            self.compare(case["text"], [answer["value"], answer["gradient"]],
                         [case["answer"]["value"], case["answer"]["gradient"]])

    def check_parts(self, *parts):
        self.browser.size(1440)
        for part in parts:
            part()
            self.faults += [f"live: console: {message}" for message in self.browser.messages()]

    def check_use(self):
        self.check_parts(self.check_neuron, self.check_training, self.check_expression)

    def check(self, program: Path):
        self.check_use()
        self.check_parts(self.check_without_engine, lambda: self.check_numbers(program))
