"use strict"
// What the live pages share: the engine, elements, sliders. Nothing is fetched, and nothing leaves the page.
// Not `live`: that is the name of Doxygen's script for the page of these pages.
const Live = (() => {
    /** An element of HTML, or with the prefix "svg:" of SVG. Attributes that are functions are listeners. */
    function element(tag, attributes = {}, ...children) {
        const isSvg = tag.startsWith("svg:")
        const made = isSvg ? document.createElementNS("http://www.w3.org/2000/svg", tag.slice(4))
                           : document.createElement(tag)
        for (const [name, value] of Object.entries(attributes)) {
            if (typeof value === "function") made.addEventListener(name, value)
            else if (value !== false && value !== null) made.setAttribute(name, value === true ? "" : value)
        }
        made.append(...children)
        return made
    }

    /** As the library prints numbers, but with a true minus sign. */
    function text(number, digits = 4) {
        if (typeof number !== "number") return String(number)
        const size = Math.abs(number)
        const plain = size !== 0 && (size < 1e-4 || size >= 1e6) ? number.toExponential(digits - 2)
                                                                : String(Number(number.toPrecision(digits)))
        return plain.replace("-", "−")
    }

    /** The engine's functions, with answers in place of texts in JSON. Each call makes an engine of its own. */
    async function engine() {
        if (typeof WebAssembly !== "object" || typeof loadAdjointEngine !== "function")
            throw new Error("this documentation was built without the engine, or the browser has no WebAssembly")
        const module = await loadAdjointEngine()
        const ask = (name, ...values) => JSON.parse(module.ccall(
            name, "string", values.map(value => typeof value), values))
        return {
            parse: formula => ask("live_parse", formula),
            explain: (formula, values) => ask("live_explain", formula, JSON.stringify(values)),
            neuron: (...numbers) => ask("live_neuron", ...numbers),
            start: (width, seed) => module._live_start(width, seed),
            train: (steps, learningRate) => module._live_train(steps, learningRate),
            state: () => ask("live_state"),
            predictions(size, low, high) {
                const first = module._live_predictions(size, low, high) / 8
                return module.HEAPF64.slice(first, first + size * size)
            },
        }
    }

    /** A labelled slider with its value beside it. Returns the row; `value` and `set` are on it. */
    function slider({label, min, max, step, value, show = text, changed}) {
        const id = `live-${label.replace(/\W+/g, "-")}`
        const output = element("output", {for: id, "aria-live": "off"})
        const input = element("input", {type: "range", id, min, max, step, value, input: () => { update(); changed() }})
        const update = () => {
            output.textContent = show(Number(input.value))
            input.setAttribute("aria-valuetext", output.textContent)
        }
        update()
        const row = element("div", {class: "live-slider"}, element("label", {for: id}, label), input, output)
        row.value = () => Number(input.value)
        row.set = number => { input.value = number; update() }
        return row
    }

    /** Puts the page to work: hides what stands there without the engine, and calls setUp(app, engine). */
    async function run(id, setUp) {
        const place = document.getElementById(id)
        const app = place.querySelector(".live-app")
        try {
            const ready = await engine()
            place.querySelector(".live-static").hidden = true
            app.hidden = false
            setUp(app, ready)
            place.dataset.state = "ready"
        } catch (error) {
            app.hidden = true
            place.querySelector(".live-static").hidden = false
            place.dataset.state = "absent"
            place.append(element("p", {class: "live-note", role: "status"}, `Not live here: ${error.message}.`))
        }
    }

    /** Calls `act` a while after the last of many calls: for what is read aloud. */
    function later(act, milliseconds = 600) {
        let timer = 0
        return (...values) => {
            clearTimeout(timer)
            timer = setTimeout(() => act(...values), milliseconds)
        }
    }

    /** Calls `act` whenever the theme changes, the reader's or the page's. */
    function onTheme(act) {
        matchMedia("(prefers-color-scheme: dark)").addEventListener("change", act)
        new MutationObserver(act).observe(document.documentElement, {attributeFilter: ["class"]})
    }

    /** Calls `act` when the element becomes wider or narrower. */
    function onWidth(watched, act) {
        let width = watched.clientWidth
        new ResizeObserver(() => {
            if (watched.clientWidth === width) return
            width = watched.clientWidth
            act()
        }).observe(watched)
    }

    const prefersStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches
    return {element, text, engine, slider, run, later, onTheme, onWidth, prefersStillness}
})()
