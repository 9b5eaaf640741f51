"use strict"
// A neuron with two inputs, under the reader's hand.
Live.run("live-neuron", (app, engine) => {
    const {element, text} = Live
    const beginning = {x1: 1, x2: 0.5, w1: 0.8, w2: -1.2, b: -0.4, t: 1}
    const learningRate = 1
    const labels = {x1: "input x1", x2: "input x2", w1: "weight w1", w2: "weight w2", b: "bias b", t: "target t"}
    const sliders = {}
    for (const [name, label] of Object.entries(labels)) {
        const reach = name === "t" ? {min: 0, max: 1} : {min: -4, max: 4}
        sliders[name] = Live.slider({label, ...reach, step: 0.01, value: beginning[name], changed: show})
        app.querySelector(".live-controls").append(sliders[name])
    }
    app.querySelector(".live-reset").addEventListener("click", () => {
        for (const name in sliders) sliders[name].set(beginning[name])
        show()
    })
    app.querySelector(".live-step").addEventListener("click", () => {
        const {gradient} = show()
        ;["w1", "w2", "b"].forEach((name, i) => sliders[name].set(sliders[name].value() - learningRate * gradient[i + 2]))
        show()
    })

    /** The sigmoid, the point on it, and the tangent there: its slope is what ā is multiplied by. */
    function drawCurve(z, a) {
        const width = 320, height = 180, reach = 9
        const x = at => width * (at + reach) / (2 * reach), y = at => height - 16 - (height - 32) * at
        const sigmoid = at => 1 / (1 + Math.exp(-at))
        const points = Array.from({length: 121}, (_, i) => -reach + 2 * reach * i / 120).map(at => `${x(at)},${y(sigmoid(at))}`)
        const slope = a * (1 - a), half = 2.2, shown = Math.max(-reach, Math.min(reach, z))
        const mark = (x, y, words, anchor = "start") =>
            element("svg:text", {x, y, class: "live-mark", style: `text-anchor: ${anchor}`}, words)
        const line = (x1, y1, x2, y2, style) => element("svg:line", {x1, y1, x2, y2, class: style})
        app.querySelector(".live-curve div").replaceChildren(element("svg:svg", {
            viewBox: `0 0 ${width} ${height}`, role: "img",
            "aria-label": `The sigmoid: at z = ${text(z)} it is ${text(a)}, with slope ${text(slope)}.`},
            line(0, y(0), width, y(0), "live-axis"), line(0, y(1), width, y(1), "live-axis"),
            line(x(0), y(0), x(0), y(1), "live-axis"),
            mark(0, y(1) - 4, "1"), mark(0, y(0) + 13, "0"), mark(x(0), y(0) + 13, "0", "middle"),
            mark(width, y(0) + 13, "z", "end"),
            element("svg:polyline", {points: points.join(" "), class: "live-line"}),
            line(x(shown - half), y(a - half * slope), x(shown + half), y(a + half * slope), "live-tangent"),
            element("svg:circle", {cx: x(shown), cy: y(a), r: 5, class: "live-point"})))
        app.querySelector(".live-curve figcaption").textContent =
            `a = sigmoid(z): at z = ${text(z)} its slope, by which ā is multiplied, is ${text(slope)}.`
    }

    const aloud = Live.later(words => { app.querySelector(".live-aloud").textContent = words })
    function show() {
        const answer = engine.neuron(...Object.keys(labels).map(name => sliders[name].value()))
        const value = Object.fromEntries(answer.nodes.map(node => [node.name, Number(node.value)]))
        Live.graph.draw(app.querySelector(".live-graph"), answer.nodes)
        drawCurve(value.z, value.a)
        app.querySelector(".live-derivation").textContent = answer.derivation
        aloud(`Loss ${text(answer.value)}. Derivatives: ` + ["x1", "x2", "w1", "w2", "b"].map(
            (name, i) => `${name} ${text(answer.gradient[i])}`).join(", ") + ".")
        return answer
    }
    show()
    Live.onWidth(app, show)
})
