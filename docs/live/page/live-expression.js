"use strict"
// The reader's own formula: its graph, and the chain rule step by step.
Live.run("live-expression", (app, engine) => {
    const {element, text} = Live
    const examples = {
        "a neuron": ["z = w * x + b\np = sigmoid(z)\nL = (p - 1)^2", {w: 2, x: 0.5, b: -1}],
        "one value, used twice": ["s = sin(x)\ns * y + s^2", {x: 0.5, y: 2}],
        "the quotient rule": ["u = x^3; v = 1 + x^2; u / v", {x: 1.5}],
        "softmax and cross-entropy": ["u = exp(a)\np = u / (u + exp(b))\n-log(p)", {a: 1, b: 0.2}],
        "a kink": ["relu(w * x) + abs(x)", {w: 1.5, x: -0.5}],
    }
    const part = name => app.querySelector(`.live-${name}`)
    const formula = app.querySelector("textarea"), error = app.querySelector("#live-error")
    const known = {w: 2, x: 0.5, b: -1}  // the values that names have had
    let variables = [], answer = null, step = 0

    /** Step k: after the values, forwards, come the adjoints, backwards. */
    const stages = () => 2 * answer.nodes.length
    function stage(k) {
        const count = answer.nodes.length
        return {values: Math.min(k, count), adjoints: Math.max(0, k - count),
                current: k === 0 ? -1 : k <= count ? k - 1 : 2 * count - k}
    }
    function words(k) {
        if (k === 0) return "Step through it: first the values, forwards, then the adjoints, backwards."
        const node = answer.nodes[stage(k).current]
        const chain = parts => parts.filter((each, i) => each && each !== parts[i - 1]).join(" = ")
        if (k <= answer.nodes.length) return chain([node.name, node.symbols, node.numbers, node.value])
        const sum = what => node.terms.map(term => term[what]).join(" + ")
        return chain([Live.graph.barred(node.name), sum("symbols"), sum("numbers"), node.adjoint])
    }

    function showStep(k) {
        step = Math.max(0, Math.min(stages(), k))
        const slider = part("at")
        slider.max = stages()
        slider.value = step
        slider.setAttribute("aria-valuetext", `${step} of ${stages()}`)
        part("back").disabled = step === 0
        part("next").disabled = step === stages()
        part("line-now").textContent = words(step).replace(/-(?=[\d.])/g, "−")
        Live.graph.draw(part("graph"), answer.nodes, stage(step))
    }

    function explain() {
        const wasAtEnd = !answer || step === stages()
        answer = engine.explain(formula.value, variables.map(name => known[name]))
        part("derivation").textContent = answer.derivation
        showStep(wasAtEnd ? stages() : step)
    }

    function numberField(name) {
        const input = element("input", {type: "number", step: "any", value: known[name], input: () => {
            if (!Number.isFinite(input.valueAsNumber)) return
            known[name] = input.valueAsNumber
            explain()
        }})
        return element("label", {}, `${name} `, input)
    }

    function read() {
        const parsed = engine.parse(formula.value)
        formula.setAttribute("aria-invalid", "error" in parsed)
        error.textContent = "error" in parsed ? located(parsed) : ""
        if ("error" in parsed) return
        if (parsed.variables.join() !== variables.join() || !answer) {
            variables = parsed.variables
            for (const name of variables) known[name] ??= 1
            part("controls").replaceChildren(...variables.map(numberField))
        }
        answer = null
        explain()
    }

    /** What is wrong, and where: the engine counts bytes, a page letters. */
    function located({error, position}) {
        const before = new TextDecoder().decode(new TextEncoder().encode(formula.value).slice(0, position))
        const lines = before.split("\n")
        return `Line ${lines.length}, after “${lines.at(-1).trim().slice(-20)}”: ${error}.`.replace("after “”", "at its start")
    }

    for (const [name, [source, values]] of Object.entries(examples))
        part("examples").append(element("button", {type: "button", click: () => {
            formula.value = source
            Object.assign(known, values)
            variables = []
            answer = null
            read()
        }}, name))
    formula.addEventListener("input", read)
    part("at").addEventListener("input", () => showStep(Number(part("at").value)))
    part("back").addEventListener("click", () => showStep(step - 1))
    part("next").addEventListener("click", () => showStep(step + 1))
    Live.onWidth(app, () => showStep(step))
    read()
})
