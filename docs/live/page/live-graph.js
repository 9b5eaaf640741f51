"use strict"
// Draws the graph of a computation in layers, from the inputs to the result: left to right where there is room, top
// down where there is not. In each box the value, and beneath it the adjoint; on each arrow the partial.
Live.graph = (() => {
    const {element} = Live
    const height = 66, letter = 7.4, between = {along: 92, across: 14, rows: 34}

    /** The layer of each node: one after its last argument, and inputs just before their first use. */
    function layersOf(nodes) {
        const layer = nodes.map(() => 0)
        nodes.forEach((node, i) => node.terms.forEach(term => {
            layer[term.user] = Math.max(layer[term.user], layer[i] + 1)
        }))
        nodes.forEach((node, i) => {
            if (!node.op && node.terms.length) layer[i] = Math.min(...node.terms.map(term => layer[term.user])) - 1
        })
        const layers = []
        nodes.forEach((_, i) => (layers[layer[i]] ??= []).push(i))
        return layers
    }

    /** Within a layer, nodes stand by the mean place of those that they are linked with: fewer arrows cross. */
    function untangle(layers, nodes) {
        const place = []
        const number = layer => layer.forEach((i, k) => { place[i] = k - (layer.length - 1) / 2 })
        layers.forEach(number)
        const neighbours = nodes.map(() => [])
        nodes.forEach((node, i) => node.terms.forEach(term => {
            neighbours[i].push(term.user)
            neighbours[term.user].push(i)
        }))
        const mean = i => neighbours[i].reduce((sum, j) => sum + place[j], 0) / (neighbours[i].length || 1)
        for (let round = 0; round < 6; ++round)
            for (const layer of round % 2 ? [...layers].reverse() : layers) {
                const middle = new Map(layer.map(i => [i, mean(i)]))
                layer.sort((a, b) => middle.get(a) - middle.get(b) || a - b)
                number(layer)
            }
    }

    const heading = node => node.op && node.symbols.length <= 22 ? `${node.name} = ${node.symbols}` : node.name
    const short = number => Live.text(Number.isNaN(Number(number)) ? number : Number(number))
    const barred = name => name[0] + "\u0304" + name.slice(1)
    const widthOf = node => Math.max(62, 22 + letter * Math.max(
        heading(node).length, short(node.value).length + 2, node.name.length + short(node.adjoint).length + 3))

    /** Top down, a layer that is wider than the page takes two rows, or three. */
    function wrapped(layer, nodes, limit) {
        const breadth = layer.reduce((sum, i) => sum + widthOf(nodes[i]) + between.across, 0)
        const size = Math.ceil(layer.length / Math.ceil(breadth / (limit + between.across)))
        return Array.from({length: Math.ceil(layer.length / size)}, (_, k) => layer.slice(k * size, (k + 1) * size))
    }

    /** Boxes {x, y, width} by node, and the size of it all. */
    function placed(nodes, isDown, limit) {
        let layers = layersOf(nodes).filter(Boolean)
        untangle(layers, nodes)
        const ends = new Set(layers.map(layer => layer.at(-1)))
        if (isDown) layers = layers.flatMap(layer => wrapped(layer, nodes, limit))
        const boxes = []
        const breadths = layers.map(layer => layer.reduce(
            (sum, i) => sum + (isDown ? widthOf(nodes[i]) : height) + between.across, -between.across))
        const breadth = Math.max(...breadths)
        let along = 0
        layers.forEach((layer, k) => {
            let across = (breadth - breadths[k]) / 2
            const depth = isDown ? height : Math.max(...layer.map(i => widthOf(nodes[i])))
            for (const i of layer) {
                const width = widthOf(nodes[i])
                boxes[i] = isDown ? {x: across, y: along, width} : {x: along + (depth - width) / 2, y: across, width}
                across += (isDown ? width : height) + between.across
            }
            along += depth + (!ends.has(layer.at(-1)) ? between.rows : isDown ? 0.62 * between.along : between.along)
        })
        const length = along - (isDown ? 0.62 * between.along : between.along)
        return {boxes, width: isDown ? breadth : length, height: isDown ? length : breadth}
    }

    function arrow(from, to, partial, isDown, isShown) {
        const start = isDown ? [from.x + from.width / 2, from.y + height] : [from.x + from.width, from.y + height / 2]
        const end = isDown ? [to.x + to.width / 2, to.y - 5] : [to.x - 5, to.y + height / 2]
        const half = isDown ? [0, (end[1] - start[1]) / 2] : [(end[0] - start[0]) / 2, 0]
        const path = `M${start} C${start[0] + half[0]},${start[1] + half[1]} ${end[0] - half[0]},${end[1] - half[1]} ${end}`
        const [x, y] = isDown ? [start[0], start[1] + 20] : [0.62 * start[0] + 0.38 * end[0], 0.62 * start[1] + 0.38 * end[1] + 4]
        const label = element("svg:text", {x, y, class: "live-partial"}, short(partial))
        return element("svg:g", {class: isShown ? "live-arrow live-on" : "live-arrow"},
                       element("svg:path", {d: path, "marker-end": "url(#live-tip)"}), ...(isShown ? [label] : []))
    }

    function box(node, {x, y, width}, stage) {
        const line = (text, dy, style) => element("svg:text", {x: width / 2, y: dy, class: style}, text)
        const kind = [node.op ? "live-node" : "live-node live-input", stage.isCurrent ? "live-current" : ""].join(" ")
        const group = element("svg:g", {class: kind, transform: `translate(${x} ${y})`},
                              element("svg:rect", {width, height, rx: 8}), line(heading(node), 19, "live-name"))
        if (stage.hasValue) group.append(line(`= ${short(node.value)}`, 38, "live-value"))
        if (stage.hasAdjoint) group.append(line(`${barred(node.name)} = ${short(node.adjoint)}`, 57, "live-adjoint"))
        return group
    }

    const everything = {values: Infinity, adjoints: Infinity}

    /** In words, for who does not see it. */
    const described = nodes => "Graph of the computation. " + nodes.map(node =>
        `${heading(node)} is ${node.value}, its adjoint ${node.adjoint}`).join("; ") + "."

    /** Draws into `place`. Only the first `values` nodes have their value, and the last `adjoints` their adjoint. */
    function draw(place, nodes, {values, adjoints, current = -1} = everything) {
        const isDown = place.clientWidth < 600
        const size = placed(nodes, isDown, place.clientWidth - 20), margin = 10
        const picture = element("svg:svg", {
            viewBox: `${-margin} ${-margin} ${size.width + 2 * margin} ${size.height + 2 * margin}`,
            style: `max-width: ${Math.ceil(size.width + 2 * margin)}px`, role: "img", "aria-label": described(nodes)},
            element("svg:defs", {}, element("svg:marker", {id: "live-tip", viewBox: "0 0 8 8", refX: 3, refY: 4,
                                                           markerWidth: 7, markerHeight: 7, orient: "auto"},
                                            element("svg:path", {d: "M0,0.6 L7,4 L0,7.4 z"}))))
        const hasAdjoint = i => nodes.length - i <= adjoints
        nodes.forEach((node, i) => node.terms.forEach(term => picture.append(
            arrow(size.boxes[i], size.boxes[term.user], term.partial, isDown, hasAdjoint(i)))))
        nodes.forEach((node, i) => picture.append(box(node, size.boxes[i], {
            hasValue: i < values, hasAdjoint: hasAdjoint(i), isCurrent: i === current})))
        place.replaceChildren(picture)
    }

    return {draw, barred}
})()
