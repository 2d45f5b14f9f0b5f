// What `daub page` adds to daub.js, behind which it stands in one script: the panes, and what a hand does to the view.

const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en");
const LARGEST_SCALE = 2 ** 24; // screen pixels per pixel of the picture: there single Gaussians fill the screen
const MOST_OUTLINES = 20000; // of which a canvas still draws a frame while one looks

// The bytes that stand in the page as text.
function embedded(id) {
    return Uint8Array.from(atob(byId(id).textContent.trim()), (letter) => letter.charCodeAt(0));
}

class Viewer {
    constructor(picture, source) {
        Object.assign(this, { picture, source, painter: new Painter(new URLSearchParams(location.search).get("draw") ?? "auto") });
        this.camera = { x: 0, y: 0, scale: 1, fits: true }; // of the pane's upper left corner; scale: CSS pixels for each of the picture
        this.painted = Promise.resolve();
        this.wanted = 0; // how often painting was asked for
        this.canvas = byId("picture");
        for (const canvas of [this.canvas, byId("original")]) this.listen(canvas);
        this.listenToTools();
        new ResizeObserver(() => this.refresh()).observe(byId("stage"));
        this.refresh();
    }

    // The view in whole device pixels, as a Painter wants it.
    view() {
        const { picture, camera } = this, all = picture.count;
        const ratio = devicePixelRatio, width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
        const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
        return { x: camera.x, y: camera.y, scale: camera.scale * ratio, width, height, count: Math.min(this.first(), all), ...this.order() };
    }

    order() {
        return { strongestFirst: byId("order").value === "strongest" };
    }

    // The slider is even in logarithms: the first hundred Gaussians change more than the last thousand.
    first() {
        const share = byId("first").value / 1000, all = this.picture.count;
        return share === 1 ? all : Math.round((all + 1) ** share - 1);
    }

    fit() {
        const { width, height } = this.picture, { clientWidth, clientHeight } = this.canvas;
        if (!clientWidth || !clientHeight) return; // there is no room yet
        const scale = Math.min(clientWidth / width, clientHeight / height, Math.max(1, 1 / devicePixelRatio));
        this.look((width - clientWidth / scale) / 2, (height - clientHeight / scale) / 2, scale);
        this.camera.fits = true;
    }

    // Corners on whole device pixels, so that at 1:1 the pixels are those of the file.
    look(x, y, scale) {
        const device = scale * devicePixelRatio;
        Object.assign(this.camera, { x: Math.round(x * device) / device, y: Math.round(y * device) / device, scale, fits: false });
        this.paint();
    }

    // Larger by a factor, about a place of the pane in CSS pixels, its middle by default.
    zoom(factor, left = this.canvas.clientWidth / 2, top = this.canvas.clientHeight / 2) {
        const { x, y, scale } = this.camera, least = 16 / Math.max(this.picture.width, this.picture.height);
        const next = Math.min(Math.max(scale * factor, Math.min(least, scale)), LARGEST_SCALE);
        this.look(x + left / scale - left / next, y + top / scale - top / next, next);
    }

    zoomTo(scale) {
        this.zoom(scale / this.camera.scale);
    }

    refresh() {
        if (this.camera.fits) this.fit();
        else this.paint();
    }

    // One painting at a time; whatever was asked for meanwhile is one more, of the view as it is then.
    paint() {
        const asked = ++this.wanted;
        this.painted = this.painted.then(() => (asked === this.wanted ? this.paintNow() : undefined)).catch(complain);
    }

    async paintNow() {
        const view = this.view(), sheet = Object.assign(document.createElement("canvas"), { width: view.width, height: view.height });
        const context = sheet.getContext("2d");
        await this.painter.paint(context, this.picture, view);
        const { width, height } = this.picture, [left, top] = [-view.x * view.scale, -view.y * view.scale];
        if (this.picture.opacity) this.chequer(context, view);
        // Gaussians at the border reach beyond the picture, which ends there all the same.
        this.blank(context, view, left, top, width * view.scale, height * view.scale);
        if (byId("outlines").checked) this.outline(context, view);
        Object.assign(this.canvas, { width: view.width, height: view.height });
        this.canvas.getContext("2d").drawImage(sheet, 0, 0);
        if (this.source && !byId("source").hidden) this.paintSource(view, left, top);
        byId("zoom").textContent = `${number(Number((100 * view.scale).toPrecision(3)))} %`;
        byId("shown").textContent = `${number(view.count)} of ${number(this.picture.count)}`;
        this.tell();
    }

    blank(context, { width, height }, left, top, wide, high) {
        context.save();
        context.beginPath();
        context.rect(0, 0, width, height);
        context.rect(left, top, wide, high);
        context.clip("evenodd");
        context.clearRect(0, 0, width, height);
        context.restore();
    }

    // The board below what is transparent, which stays where it is on the screen.
    chequer(context, { width, height }) {
        const side = Math.max(1, Math.round(8 * devicePixelRatio));
        const tile = Object.assign(document.createElement("canvas"), { width: 2 * side, height: 2 * side });
        const ink = tile.getContext("2d");
        ink.fillStyle = "#cccccc";
        ink.fillRect(0, 0, 2 * side, 2 * side);
        ink.fillStyle = "#999999";
        ink.fillRect(0, 0, side, side);
        ink.fillRect(side, side, side, side);
        context.save();
        context.globalCompositeOperation = "destination-over";
        context.fillStyle = context.createPattern(tile, "repeat");
        context.fillRect(0, 0, width, height);
        context.restore();
    }

    paintSource(view, left, top) {
        const canvas = Object.assign(byId("original"), { width: view.width, height: view.height }), context = canvas.getContext("2d");
        context.imageSmoothingEnabled = view.scale < 2;
        context.imageSmoothingQuality = "high";
        const [wide, high] = [this.picture.width * view.scale, this.picture.height * view.scale];
        context.drawImage(this.source, left, top, wide, high);
        if (this.picture.opacity) this.chequer(context, view);
        this.blank(context, view, left, top, wide, high);
    }

    // Ellipses of one standard deviation, light on dark so that they stand out of whatever is below.
    outline(context, view) {
        const { parameters, order } = this.picture, path = new Path2D(), { x, y, scale, width, height } = view;
        let seen = 0;
        for (let n = 0; n < view.count && seen < MOST_OUTLINES; n++) {
            const at = 8 * (view.strongestFirst ? order[n] : n);
            const cx = (parameters[at] + 0.5 - x) * scale, cy = (parameters[at + 1] + 0.5 - y) * scale;
            const l1 = scale * Math.exp(parameters[at + 2]), l3 = scale * Math.exp(parameters[at + 3]), k = parameters[at + 4];
            const xx = l1 * l1, xy = k * l1 * l3, yy = l3 * l3 * (1 + k * k);
            if (Math.abs(cx - width / 2) > width / 2 + l1 || Math.abs(cy - height / 2) > height / 2 + Math.sqrt(yy)) continue;
            const mean = (xx + yy) / 2, half = Math.hypot((xx - yy) / 2, xy), long = Math.sqrt(mean + half);
            path.moveTo(cx, cy);
            path.closePath();
            const angle = Math.atan2(2 * xy, xx - yy) / 2;
            path.moveTo(cx + long * Math.cos(angle), cy + long * Math.sin(angle));
            path.ellipse(cx, cy, long, (l1 * l3) / long, angle, 0, 2 * Math.PI);
            seen++;
        }
        this.outlined = seen;
        context.globalAlpha = Math.min(1, Math.max(0.25, 1500 / (seen + 1)));
        for (const [style, wide] of [["#000000", 2.5], ["#ffffff", 1]]) {
            context.strokeStyle = style;
            context.lineWidth = wide * devicePixelRatio;
            context.stroke(path);
        }
        context.globalAlpha = 1;
    }

    tell() {
        const { width, height, count, bytes, milliseconds, remarks } = this.picture;
        byId("facts").textContent = [
            `${number(width)} × ${number(height)}`, `${number(count)} Gaussians`, `${number(bytes)} bytes`,
            `decoded in ${number(Math.round(milliseconds))} ms`, this.painter.how,
        ].join(" · ");
        const lines = [...remarks];
        if (byId("outlines").checked && this.outlined >= MOST_OUTLINES) lines.push(`Only ${number(MOST_OUTLINES)} outlines are drawn: zoom in for the others.`);
        byId("remarks").replaceChildren(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
    }

    // Hands: one finger or button moves, two fingers and the wheel zoom.
    listen(canvas) {
        const fingers = new Map();
        const spread = () => {
            const [a, b = a] = [...fingers.values()], box = canvas.getBoundingClientRect();
            return { left: (a.x + b.x) / 2 - box.left, top: (a.y + b.y) / 2 - box.top, apart: Math.hypot(a.x - b.x, a.y - b.y) };
        };
        canvas.addEventListener("pointerdown", (event) => {
            if (event.button) return; // a menu that the other buttons open takes their release away
            canvas.setPointerCapture(event.pointerId);
            fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
        });
        canvas.addEventListener("pointermove", (event) => {
            if (!fingers.has(event.pointerId)) return;
            const before = spread();
            fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
            const now = spread(), { x, y, scale } = this.camera;
            this.look(x - (now.left - before.left) / scale, y - (now.top - before.top) / scale, scale);
            if (fingers.size > 1 && before.apart > 0 && now.apart > 0) this.zoom(now.apart / before.apart, now.left, now.top);
        });
        for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
        canvas.addEventListener("wheel", (event) => {
            event.preventDefault();
            const lines = event.deltaMode ? 30 : 1;
            this.zoom(2 ** ((-event.deltaY * lines) / 240), event.offsetX, event.offsetY);
        }, { passive: false });
        canvas.addEventListener("dblclick", () => this.fit());
    }

    listenToTools() {
        const does = { out: () => this.zoom(0.5), in: () => this.zoom(2), fit: () => this.fit(), actual: () => this.zoomTo(1 / devicePixelRatio) };
        for (const [id, act] of Object.entries(does)) byId(id).addEventListener("click", act);
        for (const id of ["first", "order", "outlines"]) byId(id).addEventListener("input", () => this.paint());
        byId("beside").hidden = !this.source;
        const beside = () => {
            byId("source").hidden = !this.source || !byId("with-source").checked;
            this.refresh();
        };
        byId("with-source").addEventListener("input", beside);
        byId("source").hidden = !this.source;
        byId("tools").addEventListener("submit", (event) => event.preventDefault());
        const keys = { "+": "in", "=": "in", "-": "out", 0: "fit", 1: "actual", g: "outlines", s: "with-source" };
        document.addEventListener("keydown", (event) => {
            if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input[type=range], select")) return;
            const step = 60 / this.camera.scale, { x, y, scale } = this.camera;
            const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
            if (event.key in keys) byId(keys[event.key]).click();
            else if (event.key in moves) this.look(x + moves[event.key][0], y + moves[event.key][1], scale);
            else return;
            event.preventDefault();
        });
    }
}

function complain(error) {
    byId("facts").textContent = "";
    byId("tools").hidden = true;
    byId("problem").textContent = error.message;
    byId("problem").hidden = false;
}

// What the picture was made of, if that is in the page; a browser that cannot read it shows the picture all the same.
async function readSource(picture) {
    const bytes = embedded("source-file");
    if (!bytes.length) return null;
    const type = byId("source-file").dataset.type;
    return createImageBitmap(new Blob([bytes], { type })).catch(() => {
        picture.remarks.push(`The source is not shown, as this browser cannot read it (${type}).`);
        return null;
    });
}

async function open() {
    try {
        const bytes = embedded("file");
        const picture = await decode(bytes);
        picture.bytes = bytes.length;
        globalThis.viewer = new Viewer(picture, await readSource(picture));
        await globalThis.viewer.painted;
    } catch (error) {
        complain(error);
    }
    document.documentElement.dataset.ready = "";
}

open();
