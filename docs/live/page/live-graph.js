"use strict"
// Draws the graph of a computation: in each box the value, and beneath it the adjoint; on each arrow the partial.
Live.graph = (() => {
    const {element} = Live
    const letter = 7.4, tip = 5

    const heading = node => node.op && node.symbols.length <= 22 ? `${node.name} = ${node.symbols}` : node.name
    const short = number => Live.text(Number.isNaN(Number(number)) ? number : Number(number))
    const barred = name => name[0] + "\u0304" + name.slice(1)
    const widthOf = node => Math.max(62, 22 + letter * Math.max(
        heading(node).length, short(node.value).length + 2, node.name.length + short(node.adjoint).length + 3))

    /** From the right of a box to the left of the next, or top down; straight through the layers that it passes. */
    function arrow({stops, partials, offset}, items, isDown, isShown) {
        const entry = ({x, y, width, height}) => isDown ? [x + width / 2, y] : [x, y + height / 2]
        const exit = ({x, y, width, height}) => isDown ? [x + width / 2, y + height] : [x + width, y + height / 2]
        const axis = isDown ? 1 : 0, start = exit(items[stops[0]])
        start[1 - axis] += offset
        let path = `M${start}`
        stops.slice(1).forEach((stop, k) => {
            const from = k ? exit(items[stops[k]]) : start, to = entry(items[stop])
            if (!items[stop].isBend) to[axis] -= tip
            const near = [...from], far = [...to], half = (to[axis] - from[axis]) / 2
            near[axis] += half
            far[axis] -= half
            path += ` C${near} ${far} ${to}` + (items[stop].isBend ? ` L${exit(items[stop])}` : "")
        })
        const next = entry(items[stops[1]])
        const [x, y] = isDown ? [start[0], start[1] + 20] : [0.62 * start[0] + 0.38 * next[0], 0.62 * start[1] + 0.38 * next[1] + 4]
        const label = element("svg:text", {x, y, class: "live-partial"}, partials.map(short).join(", "))
        return element("svg:g", {class: isShown ? "live-arrow live-on" : "live-arrow"},
                       element("svg:path", {d: path, "marker-end": "url(#live-tip)"}), ...(isShown ? [label] : []))
    }

    function box(node, {x, y, width, height}, stage) {
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
        const graph = Live.layout(nodes, nodes.map(widthOf), isDown, place.clientWidth - 20), margin = 10
        const picture = element("svg:svg", {
            viewBox: `${-margin} ${-margin} ${graph.width + 2 * margin} ${graph.height + 2 * margin}`,
            style: `max-width: ${Math.ceil(graph.width + 2 * margin)}px`, role: "img", "aria-label": described(nodes)},
            element("svg:defs", {}, element("svg:marker", {id: "live-tip", viewBox: "0 0 8 8", refX: 3, refY: 4,
                                                           markerWidth: 7, markerHeight: 7, orient: "auto"},
                                            element("svg:path", {d: "M0,0.6 L7,4 L0,7.4 z"}))))
        const hasAdjoint = i => nodes.length - i <= adjoints
        picture.append(...graph.routes.map(route => arrow(route, graph.items, isDown, hasAdjoint(route.from))))
        picture.append(...nodes.map((node, i) => box(node, graph.items[i], {
            hasValue: i < values, hasAdjoint: hasAdjoint(i), isCurrent: i === current})))
        place.replaceChildren(picture)
    }

    return {draw, barred}
})()
