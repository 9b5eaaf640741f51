"use strict"
// A network learns XOR while the reader watches.
Live.run("live-training", (app, engine) => {
    const {element, text} = Live
    const low = -0.25, high = 1.25, cells = 48, lastEpoch = 20000, goal = 0.001
    const samples = [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
    const part = name => app.querySelector(`.live-${name}`)
    const rate = Live.slider({label: "learning rate", min: -1, max: 1.7, step: 0.05, value: 1,
                              show: exponent => text(10 ** exponent, 2), changed: () => {}})
    part("controls").append(rate)
    const canvas = app.querySelector("canvas"), painter = canvas.getContext("2d")
    const overlay = element("svg:svg", {viewBox: `0 0 ${cells} ${cells}`, "aria-hidden": true})
    part("square").append(overlay)
    let epoch = 0, losses = [], isRunning = false, frame = 0

    const whole = input => {
        const value = Math.round(Number(input.value))
        input.value = Math.min(Number(input.max), Math.max(Number(input.min), Number.isFinite(value) ? value : 0))
        return Number(input.value)
    }

    function train(steps) {
        for (let step = 0; step < steps; ++step) losses.push(engine.train(1, 10 ** rate.value()))
        epoch += steps
    }

    function drawMap() {
        const predictions = engine.predictions(cells, low, high)
        const style = getComputedStyle(app)
        const channels = name => style.getPropertyValue(name).trim().split(/\s+/).map(Number)
        const [zero, half, one] = ["--live-zero", "--live-half", "--live-one"].map(channels)
        const image = painter.createImageData(cells, cells)
        predictions.forEach((p, i) => {
            const pixel = 4 * ((cells - 1 - Math.floor(i / cells)) * cells + i % cells)
            const [from, to, t] = p < 0.5 ? [zero, half, 2 * p] : [half, one, 2 * p - 1]
            from.forEach((channel, c) => { image.data[pixel + c] = channel + (to[c] - channel) * t })
            image.data[pixel + 3] = 255
        })
        painter.putImageData(image, 0, 0)
        const x = at => cells * (at - low) / (high - low), y = at => cells - x(at)
        overlay.replaceChildren(element("svg:path", {d: boundary(predictions), class: "live-boundary"}),
            ...samples.map(([x1, x2, target]) => element("svg:circle", {
                cx: x(x1), cy: y(x2), r: 1.5, class: target ? "live-one" : "live-zero"})))
    }

    /** Where the prediction crosses ½: in each square of four cells the piece between two of its sides. */
    function boundary(predictions) {
        const at = (column, row) => predictions[row * cells + column] - 0.5
        const pieces = []
        for (let row = 0; row + 1 < cells; ++row)
            for (let column = 0; column + 1 < cells; ++column) {
                const corners = [[column, row], [column + 1, row], [column + 1, row + 1], [column, row + 1]]
                const ends = corners.flatMap((from, k) => {
                    const to = corners[(k + 1) % 4], a = at(...from), b = at(...to)
                    if ((a < 0) === (b < 0)) return []
                    const t = a / (a - b)
                    return [`${from[0] + t * (to[0] - from[0]) + 0.5},${cells - (from[1] + t * (to[1] - from[1]) + 0.5)}`]
                })
                for (let k = 0; k + 1 < ends.length; k += 2) pieces.push(`M${ends[k]}L${ends[k + 1]}`)
            }
        return pieces.join("")
    }

    function drawLosses() {
        const width = 320, height = 320, left = 52, bottom = 30, decades = 4
        const x = at => left + (width - left - 8) * at / Math.max(100, losses.length)
        const y = loss => 10 + (height - bottom - 10) * Math.min(1, Math.max(0, -Math.log10(loss) / decades))
        const every = Math.max(1, Math.ceil(losses.length / 300))
        const points = losses.flatMap((loss, i) => i % every && i !== losses.length - 1 ? [] : [`${x(i)},${y(loss)}`])
        const marks = Array.from({length: decades + 1}, (_, k) => [
            element("svg:line", {x1: left, x2: width - 8, y1: y(10 ** -k), y2: y(10 ** -k), class: "live-axis"}),
            element("svg:text", {x: left - 6, y: y(10 ** -k) + 4, class: "live-mark"}, text(10 ** -k))])
        const epochs = element("svg:text", {x: width - 8, y: height - 8, class: "live-mark"}, `epoch ${Math.max(100, losses.length)}`)
        part("losses").querySelector("div").replaceChildren(element("svg:svg", {
            viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": `The loss over ${losses.length} epochs.`},
            ...marks.flat(), epochs, element("svg:polyline", {points: points.join(" "), class: "live-line"})))
    }

    const aloud = Live.later(words => { part("aloud").textContent = words })
    function show() {
        const {loss, predictions} = engine.state()
        part("epoch").textContent = epoch
        part("loss").textContent = text(loss, 3)
        const answers = predictions.map(p => p.toFixed(3))
        part("predictions").querySelectorAll("td").forEach((cell, i) => { cell.textContent = answers[i] })
        canvas.setAttribute("aria-label", `The network's answers: ${answers.join(", ")} where 0, 1, 1, 0 are asked for.`)
        drawMap()
        drawLosses()
        return loss
    }

    function pause(words) {
        isRunning = false
        clearTimeout(frame)
        part("toggle").textContent = "Start"
        if (words) aloud(words)
    }

    /** Some steps and a picture, thirty times a second; where stillness is preferred, many steps and a picture each second. */
    function run() {
        if (!isRunning) return
        train(Live.prefersStillness() ? 600 : 20)
        const loss = show()
        if (loss < goal) return pause(`Learnt: loss ${text(loss, 3)} after ${epoch} epochs.`)
        if (epoch >= lastEpoch) return pause(
            `Not below ${goal} after ${epoch} epochs: loss ${text(loss, 3)}. Another seed or learning rate may be quicker.`)
        frame = setTimeout(run, Live.prefersStillness() ? 1000 : 33)
    }

    function begin() {
        pause()
        engine.start(whole(part("width")), whole(part("seed")))
        epoch = 0
        losses = []
        show()
    }

    canvas.setAttribute("role", "img")
    part("toggle").addEventListener("click", () => {
        if (isRunning) return pause(`Paused at epoch ${epoch}, loss ${part("loss").textContent}.`)
        if (engine.state().loss < goal || epoch >= lastEpoch) begin()
        isRunning = true
        part("toggle").textContent = "Pause"
        run()
    })
    part("step").addEventListener("click", () => { pause(); train(1); aloud(`Epoch ${epoch}, loss ${text(show(), 3)}.`) })
    part("reset").addEventListener("click", begin)
    for (const input of [part("width"), part("seed")]) input.addEventListener("change", begin)
    Live.onTheme(show)
    begin()
})
