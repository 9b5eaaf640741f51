"use strict"
// Where the boxes of a graph stand, in layers from the inputs to the result, and which way its arrows go: left to right
// where there is room, top down where there is not. An arrow that passes a layer has a place of its own there.
Live.layout = (() => {
    const height = 66, bend = 12, between = {along: 92, down: 57, across: 14, rows: 34}

    /** The layer of each node: one after its last argument, and inputs just before their first use. */
    function layerOf(nodes) {
        const layer = nodes.map(() => 0)
        nodes.forEach((node, i) => node.terms.forEach(term => {
            layer[term.user] = Math.max(layer[term.user], layer[i] + 1)
        }))
        nodes.forEach((node, i) => {
            if (!node.op && node.terms.length) layer[i] = Math.min(...node.terms.map(term => layer[term.user])) - 1
        })
        return layer
    }

    /** A route from each node to each of its users, with one partial for each use: the items that its arrow passes. Where
        it passes a layer, an item is added. */
    function routesOf(nodes, items) {
        return nodes.flatMap((node, from) => [...new Set(node.terms.map(term => term.user))].map(user => {
            const stops = [from]
            for (let layer = items[from].layer + 1; layer < items[user].layer; ++layer)
                stops.push(items.push({layer, width: bend, height: bend, isBend: true}) - 1)
            const partials = node.terms.filter(term => term.user === user).map(term => term.partial)
            return {from, partials, stops: [...stops, user]}
        }))
    }

    /** Arrows from one box begin beside each other, in the order of where they lead. */
    function spread(routes, items, isDown) {
        const aim = ({stops}) => isDown ? items[stops[1]].x + items[stops[1]].width / 2
                                        : items[stops[1]].y + items[stops[1]].height / 2
        items.forEach((item, i) => {
            const own = routes.filter(route => route.from === i).sort((a, b) => aim(a) - aim(b))
            const step = isDown ? Math.min(52, (item.width - 16) / own.length) : 18
            own.forEach((route, k) => { route.offset = (k - (own.length - 1) / 2) * step })
        })
    }

    /** Within a layer, items stand by the mean place of those that they are linked with: fewer arrows cross. */
    function untangle(layers, items, routes) {
        const place = []
        const number = layer => layer.forEach((i, k) => { place[i] = k - (layer.length - 1) / 2 })
        layers.forEach(number)
        const neighbours = items.map(() => [])
        for (const {stops} of routes)
            for (let k = 0; k + 1 < stops.length; ++k) {
                neighbours[stops[k]].push(stops[k + 1])
                neighbours[stops[k + 1]].push(stops[k])
            }
        const mean = i => neighbours[i].reduce((sum, j) => sum + place[j], 0) / (neighbours[i].length || 1)
        for (let round = 0; round < 6; ++round)
            for (const layer of round % 2 ? [...layers].reverse() : layers) {
                const middle = new Map(layer.map(i => [i, mean(i)]))
                layer.sort((a, b) => middle.get(a) - middle.get(b) || a - b)
                number(layer)
            }
    }

    /** Top down, a layer that is wider than the page takes two rows, or three. */
    function wrapped(layer, items, limit) {
        const breadth = layer.reduce((sum, i) => sum + items[i].width + between.across, 0)
        const size = Math.ceil(layer.length / Math.ceil(breadth / (limit + between.across)))
        return Array.from({length: Math.ceil(layer.length / size)}, (_, k) => layer.slice(k * size, (k + 1) * size))
    }

    /** Gives each item its x and y. Returns the size of it all. */
    function place(rows, ends, items, isDown) {
        const across = i => isDown ? items[i].width : items[i].height
        const along = i => isDown ? items[i].height : items[i].width
        const breadths = rows.map(row => row.reduce((sum, i) => sum + across(i) + between.across, -between.across))
        const breadth = Math.max(...breadths)
        let length = 0, gap = 0
        rows.forEach((row, k) => {
            length += gap
            const depth = Math.max(...row.map(along))
            let at = (breadth - breadths[k]) / 2
            for (const i of row) {
                if (items[i].isBend) items[i][isDown ? "height" : "width"] = depth
                const start = length + (depth - along(i)) / 2
                Object.assign(items[i], isDown ? {x: at, y: start} : {x: start, y: at})
                at += across(i) + between.across
            }
            length += depth
            gap = !ends.has(row.at(-1)) ? between.rows : isDown ? between.down : between.along
        })
        return isDown ? {width: breadth, height: length} : {width: length, height: breadth}
    }

    /** Items, the first of them the nodes' boxes {x, y, width, height}; routes; and the width and height of it all. */
    return (nodes, widths, isDown, limit) => {
        const items = layerOf(nodes).map((layer, i) => ({layer, width: widths[i], height}))
        const routes = routesOf(nodes, items)
        const layers = []
        items.forEach(({layer}, i) => (layers[layer] ??= []).push(i))
        untangle(layers, items, routes)
        const ends = new Set(layers.map(layer => layer.at(-1)))
        const rows = isDown ? layers.flatMap(layer => wrapped(layer, items, limit)) : layers
        const size = place(rows, ends, items, isDown)
        spread(routes, items, isDown)
        return {items, routes, ...size}
    }
})()
