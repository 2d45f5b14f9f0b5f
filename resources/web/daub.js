// Pictures of .daub in a browser: one module without dependencies, so that it can be copied alone to any site.
//
//     <script type="module" src="daub.js"></script>
//     <img-daub src="photo.daub" alt="A photo"></img-daub>
//
// or, from another module,
//
//     import { decode, Painter } from "./daub.js";
//     const picture = await decode(new Uint8Array(await (await fetch("photo.daub")).arrayBuffer()));
//     const how = await new Painter().paint(context, picture, { x: 0, y: 0, scale: 1, width: 640, height: 480 });
//
// What a file means is said in codec/container/FORMAT.md; sections of it are named in quotation marks here. It is all in
// one file because it is meant to travel alone, and a decoder is a function because its text is what the worker runs:
//
//     workerProgram   from bytes to Gaussians and, without WebGL, on to pixels; typed arrays, in a worker
//     decode          asks the worker, gives a Picture
//     Painter         draws the part of a picture that a view shows, at its scale: Gaussians have no pixels to enlarge
//     img-daub        the element
//     TABLES          models.bin and network.bin, deflated; `python -m daub.codec.training.web_tables` writes that line

// Everything that the worker knows: it sees nothing outside of this function.
function workerProgram() {
    class Refusal extends Error {}

    function require(condition, why) {
        if (!condition) throw new Refusal(`the file is damaged: ${why}, get it again or encode it again`);
    }

    const clamp = (x, low, high) => (x < low ? low : x > high ? high : x);

    // "Container".

    const CRC = Uint32Array.from({ length: 256 }, (_, byte) => {
        let rest = byte;
        for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1;
        return rest;
    });

    function crc32(bytes, start, end) {
        let rest = 0xffffffff;
        for (let at = start; at < end; at++) rest = CRC[(rest ^ bytes[at]) & 255] ^ (rest >>> 8);
        return (rest ^ 0xffffffff) >>> 0;
    }

    // Reads numbers from the front of some bytes; `complaint` is what is said where they end too early.
    class Reader {
        constructor(bytes, complaint) {
            Object.assign(this, { bytes, complaint, at: 0 });
            this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        }

        skip(count) {
            require(this.at + count <= this.bytes.length, this.complaint);
            this.at += count;
            return this.at - count;
        }

        byte() {
            return this.bytes[this.skip(1)];
        }

        floats(count) {
            const first = this.skip(4 * count);
            const numbers = Array.from({ length: count }, (_, i) => this.view.getFloat32(first + 4 * i, true));
            require(numbers.every(Number.isFinite), "a number of it is not finite");
            return numbers;
        }

        varint() {
            let number = 0;
            for (let i = 0; i < 5; i++) {
                const byte = this.byte();
                number += (byte & 127) * 2 ** (7 * i);
                if (byte < 128) return number;
            }
            require(false, "a number is longer than five bytes");
        }
    }

    function readChunks(bytes) {
        const magic = [0x44, 0x41, 0x55, 0x42];
        if (!magic.every((byte, i) => bytes[i] === byte)) throw new Refusal("this is not a .daub file, choose another");
        if (bytes[4] !== 2) throw new Refusal(`version ${bytes[4] ?? "?"} of .daub is not known here, only version 2 is`);
        const reader = new Reader(bytes, "it ends too early"), found = new Map();
        reader.at = 5;
        while (!["G", "M", "S"].some((tag) => found.has(tag))) {
            const start = reader.at, tag = String.fromCharCode(reader.byte());
            const length = reader.varint(), content = reader.skip(length), end = reader.skip(4);
            require(crc32(bytes, start, end) === reader.view.getUint32(end, true), "a checksum is wrong");
            require(/[HGMSa-z]/.test(tag), `it has an unknown part ${JSON.stringify(tag)}`);
            require(!found.has(tag), `its part ${tag} stands twice`);
            found.set(tag, bytes.subarray(content, end));
        }
        require(reader.at === bytes.length, "bytes follow its last part");
        require(found.has("H") === found.has("G"), "it has no header of its own");
        return found;
    }

    function checkSize(width, height) {
        const fits = width >= 1 && height >= 1 && Math.max(width, height) <= 2 ** 20 && width * height <= 2 ** 28;
        require(fits, `no picture has ${width} x ${height} pixels`);
    }

    // More than nearly every photo needs: what a page should not do to its reader unasked.
    function checkCount(count) {
        const most = 2 ** 22;
        if (count > most) throw new Refusal(`its ${count} Gaussians are more than the ${most} that a page draws`);
    }

    // "Entropy coding". All numbers here are integers below 2^53, which doubles hold exactly.

    class RangeDecoder {
        constructor(bytes) {
            Object.assign(this, { bytes, at: 0, range: 2 ** 32 - 1, code: 0 });
            for (let i = 0; i < 4; i++) this.shiftIn();
        }

        shiftIn() {
            require(this.at < this.bytes.length + 4, "its stream ends too early");
            const byte = this.at < this.bytes.length ? this.bytes[this.at] : 0;
            this.code = ((this.code << 8) | byte) >>> 0;
            this.at++;
        }

        renormalise() {
            while (this.range < 2 ** 24) {
                this.range *= 256;
                this.shiftIn();
            }
        }

        // p and n are the arrays of all models, `model` the place of this one.
        bit(p, n, model) {
            const likely = p[model], seen = n[model];
            const bound = (this.range >>> 16) * clamp(likely, 32, 65504);
            const bit = this.code < bound;
            if (bit) {
                this.range = bound;
            } else {
                this.range -= bound;
                this.code -= bound;
            }
            const step = ((bit ? 65536 : 0) - likely) * Math.floor(131072 / (2 * seen + 3));
            p[model] = likely + Math.floor(step / 65536);
            n[model] = Math.min(seen + 1, 120);
            this.renormalise();
            return bit;
        }

        uniform(total) {
            if (total === 1) return 0;
            const share = Math.floor(this.range / total);
            const value = Math.min(Math.floor(this.code / share), total - 1);
            this.code -= share * value;
            this.range = share;
            this.renormalise();
            return value;
        }

        magnitude(p, n, first, largest) {
            for (let i = 0; i < 18; i++) if (!this.bit(p, n, first + i)) return i;
            let ones = 0;
            while (ones < 25 && this.uniform(2)) ones++;
            let m = 1;
            for (let i = Math.min(ones, 24); i > 0; i--) m = 2 * m + this.uniform(2);
            return Math.min(m + 17, largest);
        }

        integer(p, n, first) {
            if (this.bit(p, n, first)) return 0;
            const negative = this.bit(p, n, first + 1);
            const size = 1 + this.magnitude(p, n, first + (negative ? 20 : 2), 2 ** 20);
            return negative ? -size : size;
        }
    }

    // "Quantisation": the tables.

    const S = [
        94548, 94548, 66856, 47274, 33428, 23637, 16714, 11819, 8357, 5909, 4178, 2955, 2089, 1477, 1045, 739, 522, 369,
        261, 185, 131, 92, 65, 46, 33, 23, 16, 12, 8, 6, 4, 3,
    ];
    const LEVELS = Array.from({ length: 64 }, (_, i) => Math.round(2 ** (i / 4)));
    const K = Array.from({ length: 32 }, (_, t) => Math.min(2 * 2 ** (-t / 2), 1));
    const R = K.map((shear) => Math.round(shear * 65536));

    // "Network": weights and the tables of its features.

    const LOG = Array.from({ length: 64 }, (_, i) => Math.round(64 * Math.log2(1 + i)));
    const NEAR = Int32Array.from({ length: 64 }, (_, d) => Math.round(256 * Math.exp(-d / 3.2)));
    const WIDE = Int32Array.from({ length: 64 }, (_, d) => Math.round(256 * Math.exp(-d / 20)));
    const O_ROWS = [[], [], [0], [1, 5, 9], [2, 6, 10], [3, 7, 11, 13, 15], [4, 8, 12, 14, 16, 17, 18]];
    const CLASS = 0, SCALE_1 = 1, SHEAR = 3, LUMA = 4, CHROMA_1 = 5; // heads
    const CELLS = 12 * 18, HEAD = 16 * 4 * 38, SIGN = CELLS + 7 * HEAD; // where models stand
    const MODELS = SIGN + 9;

    const lg = (x) => Math.sign(x) * LOG[Math.min(Math.abs(x), 63)];
    const active = (x) => clamp(x >> 10, 0, 1023);
    const bounded = (x) => clamp(Math.floor(x / 1024), -256, 256);

    let tables = null; // what trained files hold

    function setTables(bytes) {
        const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
        const p = new Int32Array(MODELS), n = new Uint8Array(MODELS);
        for (let i = 0; i < MODELS; i++) {
            p[i] = view.getUint16(4 * i, true);
            n[i] = view.getUint16(4 * i + 2, true);
        }
        const usual = Int32Array.from({ length: 64 }, (_, i) => view.getInt32(4 * (MODELS + i), true));
        let at = 4 * (MODELS + 64);
        const matrix = (length, factor = 1) =>
            Int32Array.from({ length }, () => view.getInt16((at += 2) - 2, true) * factor);
        const T = matrix(30 * 32), t0 = matrix(32, 64), H = matrix(32 * 112), O = matrix(19 * 16);
        const C = matrix(32 * 112, 64), P = matrix(21 * 16), p0 = matrix(21, 64);
        tables = { p, n, usual, T, t0, H, O, C, P, p0 };
    }

    // "Payload": how many Gaussians each cell holds. Gives where each cell begins, and the end: (cells + 1).
    function readCounts(coder, p, n, rows, columns, total) {
        const first = new Int32Array(rows * columns + 1);
        let north = new Int32Array(columns + 2), own = new Int32Array(columns + 2), sum = 0;
        for (let row = 0; row < rows; row++) {
            for (let column = 1; column <= columns; column++) {
                const context = 2 * own[column - 1] + 2 * north[column] + north[column - 1] + north[column + 1];
                own[column] = coder.magnitude(p, n, 18 * Math.min(context, 11), total);
                sum += own[column];
                require(sum <= total, "its cells hold more Gaussians than there are");
                first[row * columns + column] = sum;
            }
            [north, own] = [own, north.fill(0)];
        }
        require(sum === total, "its cells hold fewer Gaussians than there are");
        return first;
    }

    function readNative(header, content) {
        const reader = new Reader(header, "its header is cut short");
        const numbers = Array.from({ length: 5 }, () => reader.varint());
        require(reader.at === header.length, "bytes follow the numbers of its header");
        return readGaussians(...numbers, content);
    }

    // "Transparency": Gaussians of a picture whose green is the opacity of this one.
    function readOpacity({ width, height }, content) {
        const reader = new Reader(content, "its transparency is cut short");
        const numbers = Array.from({ length: 3 }, () => reader.varint());
        return readGaussians(width, height, ...numbers, content.subarray(reader.at));
    }

    function readGaussians(width, height, total, s, c, content) {
        checkSize(width, height);
        require(total <= Math.min(2 ** 24, 2 * content.length), "more Gaussians are claimed than fit in it");
        checkCount(total);
        require(s <= 1023 && c <= 20, "its header is out of range");
        const side = 2 ** c, rows = Math.ceil(height / side), columns = Math.ceil(width / side);
        require(rows * columns <= Math.min(4096 + 1024 * content.length, 2 ** 24), "more cells are claimed than fit in it");

        const { usual, T, t0, H, O, C, P, p0 } = tables;
        const p = tables.p.slice(), n = tables.n.slice();
        const coder = new RangeDecoder(content);
        const first = readCounts(coder, p, n, rows, columns, total);
        const parameters = new Float64Array(8 * total);
        const attributes = new Int32Array(10 * total), places = new Int32Array(2 * total);
        const x = new Int32Array(30), z = new Int32Array(32), q = new Int32Array(112), r = new Int32Array(16);
        const near = new Int32Array(11), wide = new Int32Array(11), guess = new Float64Array(3), own = [];
        const step = 2 ** ((s - 512) / 64);

        const count = (row, column) => {
            if (row < 0 || row >= rows || column < 0 || column >= columns) return 0;
            return first[row * columns + column + 1] - first[row * columns + column];
        };

        function addNeighbours(row, column, now) {
            near.fill(0);
            wide.fill(0);
            const left = Math.max(column - 2, 0), right = Math.min(column + 3, columns);
            for (let above = Math.max(row - 2, 0); above <= row; above++) {
                const end = above === row ? now : first[above * columns + right];
                for (let i = Math.max(first[above * columns + left], end - 64); i < end; i++) {
                    const dx = places[2 * i] - 16 * column - 8, dy = places[2 * i + 1] - 16 * row - 8;
                    const distance = Math.min((dx * dx + dy * dy) >> 6, 63);
                    const closely = NEAR[distance], widely = WIDE[distance];
                    for (let k = 0; k < 10; k++) {
                        near[k] += closely * attributes[10 * i + k];
                        wide[k] += widely * attributes[10 * i + k];
                    }
                    near[10] += closely;
                    wide[10] += widely;
                }
            }
        }

        function setFeatures(row, column, now) {
            addNeighbours(row, column, now);
            for (const [w, sums] of [near, wide].entries()) {
                const share = Math.floor(2 ** 20 / (sums[10] + 64 * (1 + w)));
                for (let k = 0; k < 10; k++) x[11 * w + k] = Math.floor((sums[k] * share) / 2 ** 20);
                x[11 * w + 10] = Math.min(sums[10] >> (2 + w), 256);
            }
            const read = now - first[row * columns + column];
            x[22] = read ? 64 : 0;
            x[23] = read ? attributes[10 * (now - 1)] : 0;
            x[24] = 16 * c;
            const sides = [
                count(row, column),
                count(row, column - 1) + count(row, column + 1),
                count(row - 1, column) + count(row + 1, column),
                count(row - 1, column - 1) + count(row - 1, column + 1) + count(row + 1, column - 1) + count(row + 1, column + 1),
                read,
            ];
            for (let k = 0; k < 5; k++) x[25 + k] = Math.min(32 * sides[k], 511);
            for (let j = 0; j < 32; j++) {
                let sum = t0[j];
                for (let i = 0; i < 30; i++) sum += x[i] * T[32 * i + j];
                z[j] = active(sum);
            }
            q.fill(0);
            for (let i = 0; i < 32; i++) {
                const factor = z[i];
                if (factor) for (let j = 0; j < 112; j++) q[j] += factor * H[112 * i + j];
            }
        }

        // What head k says, left in `guess`: m, s, g. `own` are the attributes that it sees of the Gaussian itself.
        function ask(k, t) {
            for (let j = 0; j < 16; j++) {
                let sum = q[16 * k + j] + C[112 * t + 16 * k + j];
                for (let i = 0; i < O_ROWS[k].length; i++) sum += own[i] * O[16 * O_ROWS[k][i] + j];
                r[j] = active(sum);
            }
            for (let o = 0; o < 3; o++) {
                let sum = p0[3 * k + o];
                for (let j = 0; j < 16; j++) sum += r[j] * P[16 * (3 * k + o) + j];
                guess[o] = sum;
            }
        }

        function around(head, m, unit, log2Unit, f) {
            const a = Math.floor((4 * m) / unit), whole = Math.floor(a / 4);
            const spread = clamp(((guess[1] - log2Unit) >> 15) + 6, 0, 15);
            const h = whole + coder.integer(p, n, CELLS + head * HEAD + (4 * spread + a - 4 * whole) * 38);
            return h * 2 ** f + coder.uniform(2 ** f);
        }

        function readScale(axis, t, f) {
            ask(SCALE_1 + axis, t);
            const expected = usual[32 * axis + t] + c * 65536, unit = S[t] * 2 ** f;
            const log2Unit = 34653 + Math.min(0, 32768 * (1 - t)) + 65536 * f;
            const L = around(SCALE_1 + axis, expected + guess[0], unit, log2Unit, f) * S[t];
            require(Math.abs(L) <= 17 * 65536, "a scale is out of range");
            own.push(bounded(L - expected));
            return L;
        }

        function readGaussian(row, column, now) {
            setFeatures(row, column, now);
            own.length = 0;
            ask(CLASS, 0);
            const t = around(CLASS, guess[0], 65536, 0, 0);
            require(t >= 0 && t <= 31, "a class is out of range");
            let f = Math.max(0, Math.floor((t - 5) / 2));
            const L1 = readScale(0, t, f), L3 = readScale(1, t, f), [a1, a2] = own;
            f = Math.max(0, Math.floor((t - 6) / 2));
            own.push(Math.abs(a1 - a2));
            ask(SHEAR, t);
            const ik = around(SHEAR, guess[0], R[t] * 2 ** f, Math.min(0, 32768 * (2 - t)) + 65536 * f, f);
            require(Math.abs(ik) <= Math.floor(4096 / K[t]), "a shear is out of range");
            const a3 = bounded(ik * R[t]);
            own[2] = Math.abs(a3);
            ask(LUMA, t);
            let y = around(LUMA, guess[0], 65536, 0, f);
            require(y >= 0, "a magnitude is negative");
            if (y && !coder.bit(p, n, SIGN + clamp((guess[2] >> 15) + 4, 0, 8))) y = -y;
            own.push(lg(y), Math.abs(lg(y)));
            ask(CHROMA_1, t);
            const u = around(CHROMA_1, guess[0], 65536, 0, f);
            own.push(lg(u), Math.abs(lg(u)));
            ask(CHROMA_1 + 1, t);
            const v = around(CHROMA_1 + 1, guess[0], 65536, 0, f);
            const levels = (L) => LEVELS[clamp((c * 65536 - L - (32768 - 32768 * t) + 8192) >> 14, 0, 63)];
            const n1 = levels(L1), n3 = levels(L3), jy = coder.uniform(n3), jx = coder.uniform(n1);
            const seen = [lg(y), lg(u), lg(v)];
            attributes.set([16 * (t - 9), a1, a2, a3, ...seen, ...seen.map(Math.abs)], 10 * now);
            places[2 * now] = 16 * column + Math.floor((16 * jx) / n1);
            places[2 * now + 1] = 16 * row + Math.floor((16 * jy) / n3);

            // Real numbers from here on.
            const [Y, U, V] = [step * y, step * u, step * v];
            parameters.set(
                [
                    (column + (jx + 0.5) / n1) * side - 0.5,
                    (row + (jy + 0.5) / n3) * side - 0.5,
                    (L1 / 65536) * Math.LN2,
                    (L3 / 65536) * Math.LN2,
                    ik * K[t],
                    Y / Math.sqrt(3) + U / Math.SQRT2 + V / Math.sqrt(6),
                    Y / Math.sqrt(3) - (2 * V) / Math.sqrt(6),
                    Y / Math.sqrt(3) - U / Math.SQRT2 + V / Math.sqrt(6),
                ],
                8 * now,
            );
        }

        for (let row = 0; row < rows; row++) {
            for (let column = 0; column < columns; column++) {
                const end = first[row * columns + column + 1];
                for (let now = first[row * columns + column]; now < end; now++) readGaussian(row, column, now);
            }
        }
        return { width, height, parameters };
    }

    // "Methods".

    const bitsOf = (alphabet) => 32 - Math.clz32(alphabet - 1);

    // What a quantiser makes of its symbols: the columns of a Gaussian, from those read so far on.
    function readQuantiser(reader) {
        const kind = reader.byte(), columns = reader.byte();
        require(kind <= 3 && columns >= 1 && columns <= 8, "it has no such quantiser");
        if (kind === 0) return { columns, alphabets: Array(columns).fill(63487), decoded: (q) => q.map(halfPrecision) };
        if (kind === 3) {
            const stages = reader.byte(), entries = 1 + reader.byte() + 256 * reader.byte();
            require(stages >= 1 && stages <= 8, "a quantiser has no such number of stages");
            const words = reader.floats(stages * entries * columns);
            const word = (stage, q, column) => words[(stage * entries + q) * columns + column];
            const decoded = (q) =>
                Array.from({ length: columns }, (_, column) => q.reduce((sum, entry, stage) => sum + word(stage, entry, column), 0));
            return { columns, alphabets: Array(stages).fill(entries), decoded };
        }
        const bits = reader.byte();
        require(bits >= 1 && bits <= 16, "a quantiser has no such number of bits");
        const scales = reader.floats(columns), offsets = reader.floats(columns);
        require(scales.every((scale) => scale > 0), "a scale of a quantiser is not positive");
        const line = (q) => q.map((value, column) => offsets[column] + scales[column] * value);
        return { columns, alphabets: Array(columns).fill(2 ** bits), decoded: kind === 2 ? (q) => line(q).map(Math.exp) : line };
    }

    function halfPrecision(q) {
        const bits = Math.abs(q - 31743), exponent = bits >> 10, mantissa = bits & 1023;
        const size = exponent ? 2 ** (exponent - 15) * (1 + mantissa / 1024) : 2 ** -14 * (mantissa / 1024);
        return q < 31743 ? -size : size;
    }

    // Coders: each gives the function that reads the symbols of the next Gaussian, and one that is called at the end.

    function rawCoder(bytes, count, alphabets) {
        const widths = alphabets.map(bitsOf), each = widths.reduce((sum, width) => sum + width, 0);
        require(8 * bytes.length >= count * each, "it has too few bits");
        let at = 0;
        const number = (width) => {
            let value = 0;
            for (let i = 0; i < width; i++, at++) value = 2 * value + ((bytes[at >> 3] >> (7 - (at & 7))) & 1);
            return value;
        };
        return { next: () => widths.map(number), end() {} };
    }

    function adaptiveCoder(bytes, count, alphabets) {
        const coder = new RangeDecoder(bytes), low = alphabets.map(() => coder.uniform(17));
        const symbols = alphabets.map((alphabet, j) => {
            require(low[j] <= bitsOf(alphabet), "more low bits than bits");
            const bits = bitsOf(alphabet) - low[j];
            return { bits, p: new Int32Array(2 ** bits).fill(32768), n: new Uint8Array(2 ** bits), low: 2 ** low[j] };
        });
        const next = () =>
            symbols.map(({ bits, p, n, low }) => {
                let m = 1;
                for (let i = 0; i < bits; i++) m = 2 * m + (coder.bit(p, n, m) ? 1 : 0);
                return (m - 2 ** bits) * low + coder.uniform(low);
            });
        return { next, end() {} };
    }

    // A stack of symbols. Its state has 48 bits, of which doubles hold 53.
    class Stack {
        constructor(bytes) {
            const byte = (at) => bytes[at] ?? 0;
            this.state = 0;
            for (let i = 5; i >= 0; i--) this.state = 256 * this.state + byte(i);
            require(this.state >= 2 ** 32, "the state of its coder is too low");
            this.words = [];
            for (let at = 6; at < bytes.length; at += 2) this.words.push(byte(at) + 256 * byte(at + 1));
            this.words.reverse();
        }

        // Where an interval of symbols begins among 2^24, and how much of that is its own.
        share(start, count, total) {
            const low = Math.floor((start * 2 ** 24) / total);
            return [low, Math.floor(((start + count) * 2 ** 24) / total) - low];
        }

        peek(total) {
            return Math.floor((((this.state % 2 ** 24) + 1) * total - 1) / 2 ** 24);
        }

        pop(start, count, total) {
            const [low, f] = this.share(start, count, total);
            this.state = f * Math.floor(this.state / 2 ** 24) + (this.state % 2 ** 24) - low;
            require(this.state > 0, "its symbols contradict each other");
            while (this.state < 2 ** 32) this.state = this.state * 65536 + (this.words.pop() ?? 0);
        }

        push(start, count, total) {
            const [low, f] = this.share(start, count, total);
            while (Math.floor(this.state / 2 ** 24) >= f) {
                this.words.push(this.state % 65536);
                this.state = Math.floor(this.state / 65536);
            }
            this.state = Math.floor(this.state / f) * 2 ** 24 + (this.state % f) + low;
        }

        number(total) {
            const value = this.peek(total);
            this.pop(value, 1, total);
            return value;
        }

        // Where each symbol begins in the histogram, and the end.
        histogram(symbols, total) {
            let leaves = 1;
            while (leaves < symbols) leaves *= 2;
            const tree = new Float64Array(2 * leaves);
            tree[1] = total;
            for (let i = 1; i < leaves; i++) {
                let first = 2 * i + 1;
                while (first < leaves) first *= 2;
                tree[2 * i] = first - leaves < symbols ? this.number(tree[i] + 1) : tree[i];
                tree[2 * i + 1] = tree[i] - tree[2 * i];
            }
            const starts = new Float64Array(symbols + 1);
            for (let h = 0; h < symbols; h++) starts[h + 1] = starts[h] + tree[leaves + h];
            return starts;
        }
    }

    function stackCoder(bytes, count, alphabets, bitsBack) {
        const stack = new Stack(bytes), low = alphabets.map(() => stack.number(17));
        const histograms = alphabets.map((alphabet, j) => stack.histogram(((alphabet - 1) >> low[j]) + 1, count));
        const seen = new SortedLists();
        let n = 0;
        const next = () => {
            const symbols = histograms.map((starts, j) => {
                const slot = stack.peek(count);
                let h = 0, above = starts.length - 1; // starts[h] <= slot < starts[above]
                while (above - h > 1) {
                    const middle = (h + above) >> 1;
                    if (starts[middle] <= slot) h = middle;
                    else above = middle;
                }
                stack.pop(starts[h], starts[h + 1] - starts[h], count);
                return h * 2 ** low[j] + stack.number(2 ** low[j]);
            });
            n++;
            if (bitsBack) {
                const [before, equal] = seen.add(symbols);
                stack.push(before, equal, n);
            }
            return symbols;
        };
        const end = () => require(stack.state === 2 ** 32 && !stack.words.some(Boolean), "something is left in its coder");
        return { next, end };
    }

    // How many of the lists of symbols so far sort before a new one, and how many are equal: a sorted list of blocks, each
    // of which is split when it is long, so that an insertion moves few.
    class SortedLists {
        constructor() {
            this.blocks = [[]];
        }

        static compare(a, b) {
            for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i] - b[i];
            return 0;
        }

        add(list) {
            let before = 0, equal = 1, home = null, place = 0;
            for (const block of this.blocks) {
                const last = block[block.length - 1];
                if (last !== undefined && SortedLists.compare(last, list) < 0) {
                    before += block.length;
                    continue;
                }
                const start = SortedLists.first(block, list, 0), end = SortedLists.first(block, list, 1);
                before += start;
                equal += end - start;
                if (home === null) [home, place] = [block, start];
                if (end < block.length) break;
            }
            if (home === null) {
                home = this.blocks[this.blocks.length - 1];
                place = home.length;
            }
            home.splice(place, 0, list);
            if (home.length > 512) this.blocks.splice(this.blocks.indexOf(home) + 1, 0, home.splice(256));
            return [before, equal];
        }

        // The first place whose list does not sort before (above = 0) or sorts after (above = 1) this one.
        static first(block, list, above) {
            let low = 0, high = block.length;
            while (low < high) {
                const middle = (low + high) >> 1;
                if (SortedLists.compare(block[middle], list) < above) low = middle + 1;
                else high = middle;
            }
            return low;
        }
    }

    function readMethod(content) {
        const reader = new Reader(content, "its numbers are cut short");
        const width = reader.varint(), height = reader.varint(), total = reader.varint();
        checkSize(width, height);
        require(total <= Math.min(2 ** 22, 2 * (content.length - reader.at)), "more Gaussians are claimed than fit in it");
        const parametrisation = reader.byte(), coder = reader.byte(), [filter] = reader.floats(1);
        require(parametrisation <= 4 && coder <= 3, "it is of no known method");
        require(filter >= 0 && filter <= 2 ** 16, "its filter is out of range");
        const quantisers = Array.from({ length: reader.byte() }, () => readQuantiser(reader));
        require(quantisers.reduce((sum, { columns }) => sum + columns, 0) === 8, "its Gaussians have not eight columns");
        const alphabets = quantisers.flatMap((quantiser) => quantiser.alphabets);
        require(alphabets.length <= 16, "its Gaussians have too many symbols");
        const coded = content.subarray(reader.at);
        const coders = [rawCoder, stackCoder, adaptiveCoder, (...words) => stackCoder(...words, true)];
        const symbols = coders[coder](coded, total, alphabets), parameters = new Float64Array(8 * total);
        for (let n = 0; n < total; n++) {
            const q = symbols.next(), columns = [];
            require(q.every((value, j) => value < alphabets[j]), "it has a symbol that there is not");
            let first = 0;
            for (const quantiser of quantisers) {
                const end = first + quantiser.alphabets.length;
                columns.push(...quantiser.decoded(q.slice(first, end)));
                first = end;
            }
            parameters.set(parametersOf(columns, parametrisation, width, height, filter), 8 * n);
        }
        symbols.end();
        return { width, height, parameters };
    }

    function parametersOf(a, parametrisation, width, height, filter) {
        let [x, y] = a, colour = a.slice(5), xx, xy, yy;
        if ([0, 1, 3].includes(parametrisation)) {
            if (parametrisation < 2) [x, y] = [Math.tanh(x), Math.tanh(y)];
            [x, y] = [(width / 2) * (x + 1), (height / 2) * (y + 1)];
        }
        if (parametrisation === 0) {
            const a2 = a[2] + 0.5, a3 = a[3], a4 = a[4] + 0.5;
            [xx, xy, yy] = [a2 * a2, a2 * a3, a3 * a3 + a4 * a4];
        } else if (parametrisation === 2) {
            [xx, xy, yy] = a.slice(2, 5);
        } else if (parametrisation === 4) {
            const l1 = Math.exp(a[2]), l3 = Math.exp(a[3]), k = a[4];
            [xx, xy, yy] = [l1 * l1, k * l1 * l3, (1 + k * k) * l3 * l3];
            colour = colour.map((e) => e / Math.sqrt(Math.PI * l1 * l3));
        } else {
            const [s1, s2] = [a[2], a[3]].map((s) => s + (parametrisation === 1 ? 0.5 : 0));
            const angle = (2 * Math.PI) / (1 + Math.exp(-a[4])), cos = Math.cos(angle), sin = Math.sin(angle);
            [xx, yy] = [(cos * s1) ** 2 + (sin * s2) ** 2, (sin * s1) ** 2 + (cos * s2) ** 2];
            xy = sin * cos * (s1 * s1 - s2 * s2);
        }
        [xx, yy] = [xx + filter, yy + filter];
        if (!(xx > 1e-6 && yy > 1e-6 && xx * yy - xy * xy > 1e-6 * xx)) return [x, y, 0, 0, 0, 0, 0, 0]; // black
        const l1 = Math.sqrt(xx), l3 = Math.sqrt(yy - (xy * xy) / xx), energy = Math.sqrt(Math.PI * l1 * l3);
        const parameters = [x, y, Math.log(l1), Math.log(l3), xy / (l1 * l3), ...colour.map((c) => c * energy)];
        const scale = 17 * Math.LN2, limits = [2 ** 22, 2 ** 22, scale, scale, 4096, 2 ** 32, 2 ** 32, 2 ** 32];
        require(parameters.every((value, i) => Math.abs(value) <= limits[i]), "a Gaussian is out of range");
        return parameters;
    }

    function decode(bytes) {
        const found = readChunks(bytes);
        if (found.has("S")) throw new Refusal("this file holds a 3D scene, which is no picture, use `daub scene render`");
        const picture = found.has("M") ? readMethod(found.get("M")) : readNative(found.get("H"), found.get("G"));
        const opacity = found.has("a") ? readOpacity(picture, found.get("a")) : null;
        checkWork(picture);
        if (opacity) checkWork(opacity);
        return { ...picture, opacity: opacity?.parameters ?? null, remarks: remarksOn(found), order: strongestFirst(picture.parameters) };
    }

    // Refuses a few bytes that would keep a browser busy for minutes, as `daub decode` does unasked.
    function checkWork({ width, height, parameters }) {
        const margin = 16, most = 2 ** 34; // pixels around each Gaussian, pixels that all of them cover
        let work = 0;
        for (let at = 0; at < parameters.length; at += 8) {
            const wide = 6 * Math.exp(parameters[at + 2]), high = 6 * Math.exp(parameters[at + 3]) * Math.hypot(1, parameters[at + 4]);
            work += (Math.min(wide, width) + margin) * (Math.min(high, height) + margin);
        }
        if (work > most) throw new Refusal(`its Gaussians cover ${Math.round(work / 1e9)} thousand megapixels, more than a page draws`);
    }

    // What a file asks for and a page does not do, one line each.
    function remarksOn(found) {
        const remarks = [], silent = ["H", "G", "M", "a", "t", "m"];
        if (found.has("r")) remarks.push("The file also mends what compression lost; here it is shown without that.");
        const others = [...found.keys()].filter((tag) => !silent.includes(tag) && tag !== "r");
        if (others.length) remarks.push(`The file has parts that are not shown here: ${others.join(", ")}.`);
        return remarks;
    }

    // Numbers of the Gaussians, those of the most energy first; of equals the first in the file.
    function strongestFirst(parameters) {
        const energy = Float64Array.from({ length: parameters.length / 8 }, (_, i) => {
            const [red, green, blue] = parameters.subarray(8 * i + 5, 8 * i + 8);
            return red * red + green * green + blue * blue;
        });
        return Uint32Array.from(energy.keys()).sort((a, b) => energy[b] - energy[a] || a - b);
    }

    // "Rendering", on the grid of a view: its pixels are `scale` times as fine as the picture's, and its upper left corner
    // is at (x, y), where (0, 0) is that of the picture. Gives (height, width, 4) bytes.
    function draw({ parameters, opacity, order }, view) {
        const sum = added(parameters, view, view.count, view.strongestFirst ? order : null);
        const through = opacity && added(opacity, view, opacity.length / 8, null);
        const pixels = new Uint8ClampedArray(4 * view.width * view.height);
        const level = (value) => Math.floor(255 * clamp(value, 0, 1) + 0.5);
        for (let i = 0, j = 0; j < sum.length; i += 4, j += 3) {
            for (let k = 0; k < 3; k++) pixels[i + k] = level(sum[j + k]);
            pixels[i + 3] = through ? level(through[j + 1]) : 255;
        }
        return pixels;
    }

    // The sum of the first Gaussians, in an order or as in the file: (height, width, 3).
    function added(parameters, view, count, order) {
        const { width, height, scale } = view, sum = new Float32Array(3 * width * height);
        for (let n = 0; n < count; n++) {
            const at = 8 * (order ? order[n] : n);
            // Gaussians.resized: where the picture shrinks, each is widened by what the larger pixel averages over.
            const l1 = scale * Math.exp(parameters[at + 2]), l3 = scale * Math.exp(parameters[at + 3]);
            const shear = parameters[at + 4], blur = Math.max(0, 1 - scale * scale) / 12;
            const xx = l1 * l1 + blur, xy = shear * l1 * l3;
            const w1 = Math.sqrt(xx), w3 = Math.sqrt(l3 * l3 * (1 + (shear * shear * blur) / xx) + blur);
            const k = xy / (w1 * w3), amplitude = ((scale / Math.sqrt(Math.PI * l1 * l3)) * l1 * l3) / (w1 * w3);
            const red = amplitude * parameters[at + 5], green = amplitude * parameters[at + 6];
            const blue = amplitude * parameters[at + 7];
            const cx = (parameters[at] + 0.5 - view.x) * scale - 0.5, cy = (parameters[at + 1] + 0.5 - view.y) * scale - 0.5;

            const reach = 3 * w3 * Math.sqrt(1 + k * k), a = 1 + k * k, dz = 1 / w1;
            const last = Math.min(height - 1, Math.floor(cy + reach));
            for (let row = Math.max(0, Math.ceil(cy - reach)); row <= last; row++) {
                // q = a z1^2 - 2 k b z1 + b^2 along the row; it is below 9 between the roots.
                const b = (row - cy) / w3, root = Math.sqrt(Math.max(0, 9 * a - b * b));
                const left = Math.max(0, Math.ceil(cx + (w1 * (k * b - root)) / a));
                const right = Math.min(width - 1, Math.floor(cx + (w1 * (k * b + root)) / a));
                if (left > right) continue;
                // exp(-q/2) from pixel to pixel: the ratio of two neighbours changes by a constant factor.
                const z1 = (left - cx) / w1;
                let weight = Math.exp(-0.5 * (a * z1 * z1 - 2 * k * b * z1 + b * b));
                let ratio = Math.exp(-0.5 * (a * (2 * z1 * dz + dz * dz) - 2 * k * b * dz));
                const change = Math.exp(-a * dz * dz);
                for (let i = 3 * (row * width + left), end = 3 * (row * width + right); i <= end; i += 3) {
                    const w = weight - 0.011108996538242306; // exp(-9/2)
                    sum[i] += red * w;
                    sum[i + 1] += green * w;
                    sum[i + 2] += blue * w;
                    weight *= ratio;
                    ratio *= change;
                }
            }
        }
        return sum;
    }

    // Requests, each answered once, in order: tables {tables}, decode {bytes, key}, draw {key, view}, forget {key}.
    const pictures = new Map();

    function answer(request) {
        if (request.kind === "tables") return setTables(request.tables);
        if (request.kind === "forget") return void pictures.delete(request.key);
        if (request.kind === "draw") return { pixels: draw(pictures.get(request.key), request.view) };
        const began = performance.now(), picture = decode(request.bytes);
        pictures.set(request.key, picture);
        return { ...picture, milliseconds: performance.now() - began };
    }

    self.onmessage = ({ data }) => {
        try {
            const answered = answer(data), moved = answered?.pixels ? [answered.pixels.buffer] : [];
            self.postMessage({ id: data.id, answered }, moved);
        } catch (error) {
            const why = error instanceof Refusal ? error.message : `it cannot be shown: ${error.message}`;
            self.postMessage({ id: data.id, why });
        }
    };
}

// What a person is told, in one line.
export class DaubError extends Error {}

let worker = null;
const waiting = new Map();
let requests = 0;

async function inflated(base64) {
    const packed = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

function post(request) {
    const id = ++requests;
    return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        worker.then((started) => started.postMessage({ ...request, id }), (error) => {
            waiting.delete(id);
            reject(error);
        });
    });
}

async function start() {
    const address = URL.createObjectURL(new Blob([`(${workerProgram})()`], { type: "text/javascript" }));
    const started = new Worker(address);
    started.onmessage = ({ data }) => {
        const { resolve, reject } = waiting.get(data.id);
        waiting.delete(data.id);
        if (data.why) reject(new DaubError(data.why));
        else resolve(data.answered);
    };
    started.onerror = ({ message }) => {
        const error = new DaubError(`it cannot be shown: ${message ?? "its worker cannot be started"}`);
        for (const { reject } of waiting.values()) reject(error);
        waiting.clear();
        if (message) return; // it answers further requests
        worker = Promise.reject(error);
        worker.catch(() => {}); // whoever asks is told
    };
    started.postMessage({ kind: "tables", tables: await inflated(TABLES), id: 0 });
    waiting.set(0, { resolve() {}, reject() {} });
    return started;
}

// The worker has to be told of pictures that nothing on the page refers to any more, such as those of removed elements.
const forgotten = new FinalizationRegistry(forget);

function forget(key) {
    post({ kind: "forget", key }).catch(() => {}); // a worker that is not there keeps nothing
}

// A decoded file.
export class Picture {
    // width, height: pixels. parameters: Float64Array (N, 8), as FORMAT.md has them: x, y, log l1, log l3, k, e of red,
    // green, blue. opacity: null, or those (M, 8) of a picture whose green is alpha. order: Uint32Array (N), the strongest
    // first. remarks: what the file asks for and is not shown, lines.
    // milliseconds: what decoding took.
    constructor(key, fields) {
        Object.assign(this, { key }, fields);
        forgotten.register(this, key, this);
    }

    get count() {
        return this.parameters.length / 8;
    }

    // Frees at once what the worker keeps of it.
    forget() {
        forgotten.unregister(this);
        forget(this.key);
    }
}

// The picture of a file. Throws a DaubError, whose message is one line, where there is none.
export async function decode(bytes) {
    worker ??= start();
    const key = `picture ${requests}`;
    return new Picture(key, await post({ kind: "decode", key, bytes }));
}

// WebGL.

const VERTEX = `#version 300 es
precision highp float;
// One quad per Gaussian, bounding the ellipse q < 9 on the grid of the view.
layout(location = 0) in vec4 mean;    // x, y in image pixels, and what is left of them beyond single precision
layout(location = 1) in vec3 shape;   // l1, l3 in image pixels, shear k
layout(location = 2) in vec4 colour;  // at the centre; the fourth is opacity
uniform vec2 size;       // of the view, its pixels
uniform vec4 origin;     // image position of its upper left corner, likewise in two parts
uniform float scale;     // its pixels per image pixel
flat out vec2 centre;
flat out vec3 whiten;    // 1/l1, 1/l3, k on the grid of the view
flat out vec4 amplitude;

void main() {
    float l1 = scale * shape.x, l3 = scale * shape.y, k = shape.z;
    // Gaussians.resized: where the picture shrinks, each is widened by what the larger pixel averages over.
    float blur = max(0.0, 1.0 - scale * scale) / 12.0;
    float xx = l1 * l1 + blur, xy = k * l1 * l3;
    float wide1 = sqrt(xx), wide3 = sqrt(l3 * l3 * (1.0 + k * k * blur / xx) + blur);
    float wideK = xy / (wide1 * wide3);
    amplitude = colour * (l1 / wide1) * (l3 / wide3);
    centre = ((mean.xy - origin.xy) + (mean.zw - origin.zw)) * scale;
    whiten = vec3(1.0 / wide1, 1.0 / wide3, wideK);
    vec2 z = 3.0 * (vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0);
    vec2 corner = centre + vec2(wide1 * z.x, wide3 * (wideK * z.x + z.y));
    gl_Position = vec4(corner / size * 2.0 - 1.0, 0.0, 1.0); // row 0 of the target is the picture's first
}`;

const FRAGMENT = `#version 300 es
precision highp float;
flat in vec2 centre;
flat in vec3 whiten;
flat in vec4 amplitude;
out vec4 sum;

void main() {
    vec2 d = gl_FragCoord.xy - centre;
    float z1 = d.x * whiten.x, z2 = d.y * whiten.y - whiten.z * z1, q = z1 * z1 + z2 * z2;
    sum = q < 9.0 ? amplitude * (exp(-0.5 * q) - exp(-4.5)) : vec4(0.0);
}`;

const SCREEN = `#version 300 es
void main() {
    gl_Position = vec4(vec2(gl_VertexID & 1, gl_VertexID >> 1) * 4.0 - 1.0, 0.0, 1.0);
}`;

const ROUND = `#version 300 es
precision highp float;
uniform sampler2D sum;
uniform float height;
uniform bool opaque;
out vec4 shown; // colours are multiplied by alpha, as a canvas wants them

void main() {
    ivec2 at = ivec2(gl_FragCoord.x, height - gl_FragCoord.y);
    shown = floor(clamp(texelFetch(sum, at, 0), 0.0, 1.0) * 255.0 + 0.5) / 255.0;
    if (opaque) shown.a = 1.0;
    shown.rgb *= shown.a;
}`;

const NUMBERS = 11; // floats of an instance: mean 4, shape 3, colour and opacity 4

// Gaussians as instanced quads, added up by blending in a target of 32-bit floats.
class QuadLayer {
    // Throws a DaubError where this browser cannot; drivers may accept a format and then not blend it, so it is tried.
    constructor() {
        this.canvas = document.createElement("canvas");
        const gl = this.canvas.getContext("webgl2", { antialias: false, depth: false });
        if (!gl) throw new DaubError("there is no WebGL 2");
        if (!gl.getExtension("EXT_color_buffer_float") || !gl.getExtension("EXT_float_blend"))
            throw new DaubError("this WebGL cannot add up 32-bit floats");
        this.gl = gl;
        this.quads = this.program(VERTEX, FRAGMENT);
        this.rounding = this.program(SCREEN, ROUND);
        this.target = gl.createFramebuffer();
        this.buffer = gl.createBuffer();
        this.empty = gl.createVertexArray();
        this.instances = gl.createVertexArray();
        gl.bindVertexArray(this.instances);
        gl.bindBuffer(gl.ARRAY_BUFFER, this.buffer);
        for (const [place, [length, first]] of [[4, 0], [3, 4], [4, 7]].entries()) {
            gl.enableVertexAttribArray(place);
            gl.vertexAttribPointer(place, length, gl.FLOAT, false, 4 * NUMBERS, 4 * first);
            gl.vertexAttribDivisor(place, 1);
        }
        this.probe();
    }

    program(...sources) {
        const gl = this.gl, program = gl.createProgram();
        for (const [i, source] of sources.entries()) {
            const shader = gl.createShader(i ? gl.FRAGMENT_SHADER : gl.VERTEX_SHADER);
            gl.shaderSource(shader, source);
            gl.compileShader(shader);
            gl.attachShader(program, shader);
            if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new DaubError(gl.getShaderInfoLog(shader));
        }
        gl.linkProgram(program);
        if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new DaubError(gl.getProgramInfoLog(program));
        return program;
    }

    // Three Gaussians on one pixel.
    probe() {
        const gl = this.gl, parts = [0.75, 0.5, -0.375], found = new Float32Array(4);
        const instances = parts.flatMap((part) => [0.5, 0.5, 0, 0, 1, 1, 0, part, part, part, part]);
        gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(instances), gl.STATIC_DRAW);
        this.add({ x: 0, y: 0, scale: 1, width: 1, height: 1, count: 3 });
        gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.FLOAT, found);
        if (!(Math.abs(found[1] - 0.875 * (1 - Math.exp(-4.5))) < 1e-5))
            throw new DaubError("this WebGL does not add up 32-bit floats");
    }

    upload(picture, strongestFirst) {
        if (this.uploaded === picture.key && this.strongestFirst === strongestFirst) return;
        const { parameters, opacity, order, count } = picture;
        // Those of the opacity first: of them all are drawn, and of the others as many as a view asks for.
        const before = (opacity?.length ?? 0) / 8, instances = new Float32Array(NUMBERS * (before + count));
        const set = (place, from, at, channels) => {
            const [x, y, log1, log3, k, ...e] = from.subarray(at, at + 8), norm = Math.sqrt(Math.PI * Math.exp(log1 + log3));
            const shape = [Math.exp(log1), Math.exp(log3), k], colour = channels(e).map((c) => c / norm);
            instances.set([...inTwoParts(x + 0.5, y + 0.5), ...shape, ...colour], NUMBERS * place);
        };
        for (let n = 0; n < before; n++) set(n, opacity, 8 * n, ([, green]) => [0, 0, 0, green]);
        for (let n = 0; n < count; n++) set(before + n, parameters, 8 * (strongestFirst ? order[n] : n), (e) => [...e, 0]);
        this.gl.bindBuffer(this.gl.ARRAY_BUFFER, this.buffer);
        this.gl.bufferData(this.gl.ARRAY_BUFFER, instances, this.gl.STATIC_DRAW);
        Object.assign(this, { uploaded: picture.key, strongestFirst }); // the key alone, so that the picture can go
    }

    // Leaves the sum of the Gaussians in the target, and that bound.
    add({ x, y, scale, width, height, count }) {
        const gl = this.gl;
        gl.bindFramebuffer(gl.FRAMEBUFFER, this.target);
        if (this.width !== width || this.height !== height) {
            gl.deleteTexture(this.texture);
            this.texture = gl.createTexture();
            gl.bindTexture(gl.TEXTURE_2D, this.texture);
            gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
            gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
            gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA32F, width, height);
            gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
            if (gl.checkFramebufferStatus(gl.FRAMEBUFFER) !== gl.FRAMEBUFFER_COMPLETE)
                throw new DaubError("this WebGL has no target of 32-bit floats of that size");
            Object.assign(this, { width, height });
        }
        gl.viewport(0, 0, width, height);
        gl.clearColor(0, 0, 0, 0);
        gl.clear(gl.COLOR_BUFFER_BIT);
        gl.useProgram(this.quads);
        gl.uniform2f(gl.getUniformLocation(this.quads, "size"), width, height);
        gl.uniform4f(gl.getUniformLocation(this.quads, "origin"), ...inTwoParts(x, y));
        gl.uniform1f(gl.getUniformLocation(this.quads, "scale"), scale);
        gl.bindVertexArray(this.instances);
        gl.enable(gl.BLEND);
        gl.blendFunc(gl.ONE, gl.ONE);
        gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
        gl.disable(gl.BLEND);
    }

    // A canvas with the view in its upper left corner.
    draw(picture, view) {
        const gl = this.gl, { width, height } = view;
        if (gl.isContextLost()) throw new DaubError("WebGL was lost");
        if (Math.max(width, height) > gl.getParameter(gl.MAX_TEXTURE_SIZE))
            throw new DaubError("the view is larger than what WebGL draws here");
        this.upload(picture, view.strongestFirst);
        this.add({ ...view, count: view.count + (picture.opacity?.length ?? 0) / 8 });
        if (this.canvas.width !== width || this.canvas.height !== height)
            Object.assign(this.canvas, { width, height });
        gl.bindFramebuffer(gl.FRAMEBUFFER, null);
        gl.viewport(0, 0, width, height);
        gl.useProgram(this.rounding);
        gl.uniform1f(gl.getUniformLocation(this.rounding, "height"), height);
        gl.uniform1i(gl.getUniformLocation(this.rounding, "opaque"), picture.opacity ? 0 : 1);
        gl.bindTexture(gl.TEXTURE_2D, this.texture);
        gl.bindVertexArray(this.empty);
        gl.drawArrays(gl.TRIANGLES, 0, 3);
        return this.canvas;
    }
}

// Two numbers as four of single precision: nearest, and what is left.
function inTwoParts(x, y) {
    const high = [Math.fround(x), Math.fround(y)];
    return [...high, x - high[0], y - high[1]];
}

let quadLayer = null; // shared: a page has few contexts of WebGL

// Draws pictures on 2D canvases, by WebGL where it can and otherwise in the worker.
export class Painter {
    // how: "auto", or "cpu" for the worker whatever the browser can.
    constructor(how = "auto") {
        this.why = how === "cpu" ? "asked for" : "";
        if (this.why) return;
        try {
            quadLayer ??= new QuadLayer();
        } catch (error) {
            this.why = error.message;
        }
    }

    // How it draws, in words.
    get how() {
        return this.why ? `drawn on the CPU (${this.why})` : "drawn by WebGL, added up in 32-bit floats";
    }

    // Draws what a view shows of a picture into the upper left corner of a canvas.
    //
    // context: a CanvasRenderingContext2D. view: x, y of its upper left corner in pixels of the picture, whose own corner is
    // (0, 0); scale, its pixels for one of the picture; width, height, whole pixels; and, of less than all Gaussians, count,
    // and strongestFirst where they are counted by energy rather than as in the file. Resolves when it is there.
    async paint(context, picture, view) {
        const whole = { count: picture.count, strongestFirst: false, ...view };
        if (!this.why) {
            try {
                const drawn = quadLayer.draw(picture, whole);
                context.clearRect(0, 0, whole.width, whole.height); // which would shine through
                context.drawImage(drawn, 0, 0);
                return;
            } catch (error) {
                this.why = error.message;
            }
        }
        const { pixels } = await post({ kind: "draw", key: picture.key, view: whole });
        context.putImageData(new ImageData(pixels, whole.width, whole.height), 0, 0);
    }
}

const STYLE = `
    :host { display: inline-block; max-width: 100%; overflow: hidden; }
    canvas { display: block; width: 100%; height: 100%; object-fit: contain; }
    p { margin: 0; padding: 0.5em; font: 0.875rem/1.4 system-ui, sans-serif; }
`;
const LONGEST = 8192; // pixels of a canvas that the element draws

// <img-daub src="photo.daub" alt="...">: as wide as the picture unless CSS says otherwise, and drawn anew at whatever size
// it is laid out. It sends "load" and "error", as an image does; then `picture` and `painter` are those of this module.
class DaubImage extends HTMLElement {
    static observedAttributes = ["src", "alt"];

    constructor() {
        super();
        this.attachShadow({ mode: "open" });
        this.painter = new Painter();
        this.observer = new ResizeObserver(() => this.draw());
    }

    connectedCallback() {
        this.observer.observe(this);
    }

    disconnectedCallback() {
        this.observer.disconnect();
    }

    attributeChangedCallback(name) {
        this.setAttribute("role", "img");
        this.setAttribute("aria-label", this.getAttribute("alt") ?? "");
        if (name === "src") this.load(this.getAttribute("src"));
    }

    async load(source) {
        if (source === null) {
            this.picture?.forget();
            this.picture = null;
            this.shadowRoot.replaceChildren();
            return;
        }
        try {
            const answer = await fetch(source).catch(() => null);
            if (!answer?.ok) throw new DaubError(`${source} cannot be had, check its address`);
            const picture = await decode(new Uint8Array(await answer.arrayBuffer()));
            if (source !== this.getAttribute("src")) return picture.forget(); // another one was asked for meanwhile
            this.picture?.forget();
            this.show(picture);
        } catch (error) {
            if (source !== this.getAttribute("src")) return;
            const line = Object.assign(document.createElement("p"), { textContent: error.message });
            this.shadowRoot.replaceChildren(styled(STYLE), line);
            this.picture?.forget();
            this.picture = null;
            this.dispatchEvent(new ErrorEvent("error", { message: error.message }));
        }
    }

    async show(picture) {
        const { width, height } = picture;
        this.picture = picture;
        this.canvas = document.createElement("canvas");
        const natural = `:host { width: ${width}px; aspect-ratio: ${width} / ${height}; }`;
        this.shadowRoot.replaceChildren(styled(STYLE + natural), this.canvas);
        await this.draw();
        this.dispatchEvent(new Event("load"));
    }

    async draw() {
        const picture = this.picture, box = this.getBoundingClientRect();
        if (!picture || !box.width || !box.height) return;
        const fitting = Math.min(box.width / picture.width, box.height / picture.height) * devicePixelRatio;
        const scale = Math.min(fitting, LONGEST / Math.max(picture.width, picture.height));
        const width = Math.max(1, Math.round(picture.width * scale)), height = Math.max(1, Math.round(picture.height * scale));
        const canvas = Object.assign(document.createElement("canvas"), { width, height });
        if (this.drawn === picture && this.canvas.width === width && this.canvas.height === height) return;
        const exact = width / picture.width;
        await this.painter.paint(canvas.getContext("2d"), picture, { x: 0, y: 0, scale: exact, width, height });
        if (picture !== this.picture) return;
        this.canvas.replaceWith(canvas);
        Object.assign(this, { canvas, drawn: picture });
    }
}

function styled(text) {
    return Object.assign(document.createElement("style"), { textContent: text });
}

const TABLES = "eNrsvWWYFUfUNbrOoYHGK3gIIYUECBAswQlUcAgQJDhBg0PhbsHdB3d3Ce7uzuDu7m4huau6mUECjL7f9957+bGfPqdl96pttat7d9UvcSWSp1C4nVFiZVYFO59GnQIW8v5u4UBZjeKVLMTf5tKlzAD+/DAdySJRJLvGuCwKg3JodMsukSGPB1daAsMbAlEuu1S8kv4kn335JPIWkJiUi5j4+2UujYykNgW8QB4Xz6eu96OGVRReFZc4WVjhm0IKPQoLXCwicT+/hYW1PChfHtAnJc/9NJ5bWqJ0ZYm+JRVSFpVoXkhgcGGJqSU1mrbQQFmJUksE5k/Un+T1d1uJITUVfi+n8KyEwOTCGpuL2PiuPLEUsXC9msbDeCrAdl3sJdGoiUTlKhL9y0k0LKNRkPwyZBOYXciLA3nftOtTOos4hLhbSUSpJTGXvEr9pvBbcY0FFQRi/qaxkm37ZZfCrp8+LZ98Y4ihi8SzRgq5akiU+F1hRXmNpGUkptTW6FPHi4U5EKCcJ02ljHtLRGilsKCWQqWKGvuqkE9VjT8b20jbxENZa0fWb9vk+230zpNI6ENdtVMY10DiXHWJW5RtjkoCNRpY6F6XeuLx4Q31f/i8ze/yXoFUvNfSCQL3hgrU7G+jzgAbcpCNc0NspPOxMWqYjT+m2Rg32cYNnpN4pkZqHwuFec7RZQrxZkos2WJj8r8B22tgKR/FEBj7D4gS3WfbQhFXIYQOn+4vNGbfUKHSRkNtw+lQ4VNwrcR2hiBDoSWz0KCwwzTW/cuYlCR0+LUOq3AznA6x/G9tVwj7ysKML0IHV0JLI2GUkPNJulni+1IWWoWSvd4PJT45Jkr4RmF8CSV+6z1WqPjQuv4SF59ITA8lXGFis4+zFebZIeOzj/3gqFU2koUSrhGRBApEUSgVK2R8fuitUaiGQGaIUJF/2UgSHcOHPObXaKnxVyKJetCYHEmFGNe2qAIzwoe8jTebaeTdppAwlPTYPrfCi9gCPT0h45OGuCKNlFhIj0yTMOTxMHIqiZTRFfbYmrE6+PL3Zd7yL/Os9l6NJp6Qy2vf1wqZhUaYiCFrY50/NAZmk/CyfctDQZfR42ukiBpyWy3IXHTMPIVe7NcSCzBH1gGOZT5Fk5mbjkyr0D4mxwUxTc4ePD4Ry2ls6qewiTaR3atCZBOG8lRUqJVCYnkMgYVW8PlUKUo9NuS4Kb3GHo/mOEn7jyUCMw58ny7llShJweeMrLHkRzvYchcFGVdLS8hfNIp6JUSMkMXEgRk47uHY9+cYmjmKCDafRVk1okxWSFtNIn0JGyPaaFwfqHGnl43ZU+ij1POsIjrQeVAfjhO/KiRRLblA9LiC+WvwcI3KqdF2kMLGehLDiGsIx7F/DdCoOVZjw3gLnc0YpbkXDep6nLFQQHacr47EnJzMgZMI5PhaB7v/Hqk08rdXOM9x3vRiArcacZzYSaNnVxv3+1vY0d6LSz01rrC/8hujfUrP2ytJTMokkCmhQP+oOsDnCx+jmT8rFKstUaSzQqtSAisq2vilrRlHS6zykcRlO35gyOAKaLy/t6TEorQSvWn7Kb7TiBYtePK6l0oj8jiJ7mM0Xg2TyEk6MUii4gCJzj0F9lFuu3oI+HSVGDfCi5jtNaprBdHvwza3c7TC5t8lzqeXuBaPvskYtjJ50GX2OI1GlcEcr4/TuDdCYvJQjUlDJLYMFtjUTeBZFxvV+gps7iFRqIcrsy1FTQz4sN/epG0u+lViWgqF+bHMeCZ4+X6DdByDd6a+xmsUG6lwmmP9gtTfPGLp2Fug2p8C39M3a3fXiEc7O1aPtlaaY/uBpm/4L7ZS1LHII3EosYJkvCiTSDNHDHqs7sl4+rSpRH3aTfFRGmWH0q6oywvUY05iKzXAwj/DBMr1tpBmsIXS3S1E1Rqb/xAf9M8K1PHyzMyB2X83j6LRNKIMln3lSqzxzXiBe4s1aizXyLFUYddSiScLFO5OFfh7go3ho2wspJ2tp1571BZIn187z3Q+OOZcwPEC25SSNtYtvUDMBALT4wS9n5xA/RcbIiCIJ8YyjbnLFRYtk+g0X+CLaRLnJgjEG2mjBWWVo7FGWNpbTProlGrus7T348Cq2RIH6CMxiks0+oExJ4aNxDGDbvc1kzJ/o7/FWKywntjOr1LYy9+eRRLhZkn0Gifw11iB9aMErIESZRtpxihBG6MMvsd/+s/IkyQitmJszqPRIJlA/S9lsGLrjBQaX3cU6Ew9DiaeBysVhlKfvtRl6VkCfWcKtB4tEW8M5dfTxpbWEtHLaBzNo51noe/rcuJwiQl1iY1x8Shj/g7mwGkSBr3PXRSTOAbbqHFcYtth5k17BXLtslBrpY1WC7xINsRCnLEeyE5eTO3uRWP64ohiH7eXOr4SUbcJ9q02HrAdG+MIHIkW9Jz6L+ZdoreNVScE5p4RGHpa4I9DAm222LCWWdi5yIs/J3txlH65608vCg/yIkIfC/PLKFxJ+198B/cJDFlrI9JsG7na2pge28aNCJ4g2/3xrzReMA6M2KWR7LDG7zsEkuwW6LeX/rDCi1GLvbg5zsZh6vY7jjV/7cs8suDHnx1nWG8j3iyNcozPFUtbSMEYFpy+qFwC8uhu4yfieLRP4e9dElk2SdTebqPRBguJ5whcH2ehyRSBbv0snGPeMaG4dvLtD9nMk7UCCxhfovTjuPsXGrxthTgH/kyf6TN9ps/0mT7TZ/pMn+kzfabP9Jk+02f6TJ/p/2tknif/b8SV76j73C+06vj+v05uze7/PlzhOtO+9nvxWxo/OwtZ/cQXkTzOe7aQ8HDqRDfb6FcTGF9CY0E+991iQDXGn6KMkbyhUkP5xwYLEbJZmJpc44sfdYifaYekluNtijDGgwTxvcSmMfsH81xeBKuew49CWr/nR+lLC6ygLiPnErhRQKPorxaaVzZ13vB/xx4UjMej2RgT3Xa+OQhubY7zfqKVjTKTbajsGhGTaDxJGfhvDz5Yv2Jb+CZMyOVVwMdG1N8tDPtJoVkOjYSlvYhfWPrXJgS1Tud2FC+WRwt5fdvPg23ESGqhUz6B0bkVvk2nESOn+x42OLVDlyLbwapLeJ8qlJaosNhG7XwSVjaFPLk0CiR1ZfW2fX3oG4AP8SuS07zbE1gfw4u2EYKPq0k1iVIDbVzPKzEsh0S3HDba/GKjxhCNPhM06gx0sb39LcensLVObaNnPIXKMcx75uDLLUwtift1bTT/RWLQzxIPc0skL2ujUiGNwrUVZt+wnW8wolxWgfKHBolslP9CwA6h7Wf4Q+JIQRsTS0nszCVR8SeJn/JYiNHXwpChQO35tiMzN26Y/vQNfUh+/8QXyBaX/hPC+Fogp8LvMyVGN5Z4UV3jbBWJ43VseCu5+pvqY/nXDBmZfcjm3pZhj7oCyxgLPZlsnM1jo3sq93zzHU5Q/Kd3HoWIQwSSNleoU0lBVhcYV0VgZBOJFV0E2s4DCs3UeLSa56/2OvVCZe/An+7Uebc//YPX++RmXCWuSFk0mrAPMd8aBbV/++0XheytBSa3ps3X0jhVUSNRTYF2FQQeU0bn6gncXm/aqpFmpfkG6b9Y3qaNvwlk/8lGxdwCidN7Yadw+7ag2n9ZxtAR1QTS/qkQoYHGxsoK14irej0vUnSykH2kBz32aWSbQKyngSXLNY73dvFl2Khf53BvbK3XLwKDMgvEyaQR61sd7FjRKq3GnVEayQdorOyt8LiTRr2uGoI6jNNfoxexRe3lwUDGjU3zNU7MIJbVlN104P496XzDFX2YG+uMrib7SPg0lTjHtvWvIdCCNhH7Nxvna7AfqWHqegLX56ZKrzGmj8QaH8acHgopiStWd41KvPbHzhqNiOfCWC8SzbJwe7jG9DkePGJ/2mcCkO0vV2azb8DxV/NdoLe/xOX6Eq0qCxSvI7HnDxtf/mGhY3GN7KM1kjXXAX6LZqgXc67CbRRG855/9KG/dZXo1VmhQ1uJSD01KlIWFSm3lL0Yb8dp3Ngi0Gopfx/U+Gmp23a/+GZoc2eJTXUE7lWV6ENshasKPGGuebupxmLtnv+p79H86BD95Vk9iflsS0PqskcvhbwdNWp3l8jbSeCf9hqtR7s1o3Un2sjKbe81xs48uLvL6PONL5g+YRLbs5cxMTb9Mmdt+vbvGqtLGduX7DcR6D73ZmKNDUMUMtN2lvMe49j3nKStjCHlmKjQfir5TtZoMENh90z2fTx+Zhr9bZHArZke5CTWkhO8wAzjr0DKxQpZeW2pXhK/U/YLKL+SnQUS9iJ/2sfO7gr7uwrsb2Hh57kaVeZp3Gvyxg6MnZr2lWXO1Zf2fnEhYypx7ZumMIc4No9X2DVFIhGxzZirkGiqjSmMv0XmaFSdIRFzgo17Ey3HV7/YohGPMa42ZdOZ99o0RqFHT4kzxJS0k8TPvSVy/0lf6KHxJeNR+enMOVp70ZI4a1MeUXw1pk1995vD88TVuKNCzcUav/Ged4ipLDHbpMvUWTviijVdoeJUgYezJTJM0sg3UWDAYi8uzZdIv1CgyRw3thUeRP+ZqfAH5X+tm8Q2UgXKbFdbgdL0pwfdBFI2oU5amppOL4puML6j6TtunHk79p4jrlQtFJoyLg0l9mqUWWveu8B4jW/GKVQZq3B6NuPFJAl7lsbusRrpFnixZ4HGVzwvLGVVdbXN9lr4+jiQabLCysESeWifNSmrnX8KVOmkEJkYExN3PPrOV+Tz5Ugbz8bZTjw0Pmr82u97WKPHh1/Sfwco5N6hsX2DwlDGpjYrFK4sV3jJ7bxl/L9UYc0yxjZu263S8PnLxqVFGmqZRLFNCiU3S8c3K8y1MJt8+q6hDS1SODpN4vQ4icMjFH6lXWRgbHvAbWHuP8/27x8rccJHw3eChRnTtKPXwrVdfCnisc09FQaynym80fiaxhTiOU48w5YoPF0uEYc0hxjOrZTYt4m2yn5pJHFlJ8ZL+wQGUhcDFkvkXCxwkfKLTxlsoU2Wp60mnsDYO4J90kiF5MRXZKTEJcrZ+E8JxibRz4tD80z8sNg2+I+tixFXe/ZBSXdSf+S5dJ3Gt7SVnyivSCvYLy2h3xPfPf6+R7xn5wssWEjfoJz6EPsX3LfmhER1Yn/Bts0k7szcN5i2uHa8xAziqjma8hwrEGuExkTaQQPq8hnp9GTKd4YX+2Z6kYHyalDXeh2r6Z9fsa9urXB3OzGQ56UNGoOIayPbHJn8V61U8OE9Y5IUMechzmaLGDM3CXRbLnCFMvKspQ8esNF0M+MLz7HZjgv03T4GE3X1kn3r7VHso0ztLmXmw1jZdKTGq8nMF2i7Q7q87t/2u8+VjH2djK7RnT49+IjE84MKcfdI1N+vkGWHQKI9jJmUY+915M/fP+0S6L2XOuKxKRsk6rIdBTYq9GUfWeGoxhraWKzjtKsDvIbXNVlNH1hCmf5FO5gr8HQ6Y/UMgbuU8zTqvu5Sxl1i2j7Jwne0idKMVSYOGj3eYh4u6Tthj2t8f0ih3CHa2T7a526FeLxfeFI4xvWIm2wMop5/pK4OcZuZ9n1gs4AvsebxZW6zxcbI5RYKHmafQewVtyv8tEJiKuU5b45CrukCm2hH/y6QtAXi5/bgaIH0lNtZ6u4Y49TXxJCvlzumGEd5ze1Im+W+eJRXM8bJW2xvmd0SjbdTT3voW5RLVt7Lu9dGXWIKQ2y/EFfy3QKlqP8da2wkpy+Up4+VZtvK7tZ4uVGi6GqJHZTV3/SBaoy3NecITKW/JKctraW8fmB82UW7jbbDQgPa3YGLmn0H7Z4++iPlNYAxODf1UI90+bBCmQMKp4hn7V6FjLyHhzpJT3nE38b8mlgi83+UQzZaHmO/4msjDO2qwlaN+9TZCbZp6E4FX8acXxhbVjL2PiQNob0enSsRnZiOEtNQbgsvtLGNbXpJm24zlP0U2+bzDJSjxrKoChNaClS8LjDxlkSKq2zjVS86XpFYddFGmusaNS7TBs4oPKLt/HteYNExE/s0klCGBfezv6QMY+2ynLiT7oqNn88z7hxnbKVNVNpqI88OiRwHbSSaaeHhPA/CU3djB9GOLoG+YTkxP/qwN32joXQRBFY24/YhY+BVhfRXbQy9YUFesHGG2G5e0Vh/gf3lORsRGKuiUt95fCUq8bfg7wbs2xqdo23SJn1OUY/XBOZwf8ZDjAH8P4W+nZC6zj/Lw35L4+BgTRu3HdlU4djB5CN+Y+i3x6gJItC+mLu1vyjw6Cbj6V2JDfcV9t5mnsn7LbnOeH3J5jU2+lJm+0/biE78SUh59lg4RRxPiXMnMfxzykI4/h9J+b6ivF5RjhO3SrTZZzv9Z3XmIOk5bjnbDU5eGcUX/vm4yS3fzsk3Uo95mgp8e5d91m2Oq27TBjiW/Z56VQ8Zm87QHkknLwucvCTQ87TGz9RtGfpHK+rpzC6vI7MRJ+ivtOFfz0ikvcr+jn65ZreNuOupV/alXairFvTNDPSHfr1MH+9x7v+xcXPGsECbvDb2PrNw8xrt5YHGhKf0j6c283fGWGJI8gpYQJs7eZg5yEOOebnv6injPxaeUaZmPFKc+3YQT+zNHm7h5FXGBv3GUG6/jHeex3wqLyxI2AMbW1jGe5+84iF+jXV3XSyvHmsseqxe51hex48PvYCTz5k8euJ5OLI0sjf3v3/PXGMjP/2i2k3GIvpFVo4dsN8dG5v+xejL77nwp/CdtNgnMM9oQBx+NJD8/bAd5dhV0fZ/f8SYckIj9xkz7uZYjfEr3W6vPz4zvvz9EVCDbZl52h1vVmLce8S+xuTbRTe48dLo7f1c60NUPzzHARxL/U0M1x5qzHhmoxN1WpZx5HtujV6n3ueY5JJGOep5LnGNOWAhK3VWgPgH3AUxeojRjT0G/64LFrqf1Ziz3+PIMe0WM+b0MkfDO8+GPqVH8z2zIUe+AVCpJf99JvY/9f4mKLjex+cXA9+OO6GFy++d1YeeCQaH/u/K6828O2+Tq+PQwWXemRh6+3nbhygk72b+b+nxfwJvcHD9n5CbeVdi6EP28jEbev/56ud3vZ/pM32mz/Q22ZC3FZb8GDr9X/wvZKCegwdEWx7a6F/GQubcHEeUdWN6SN6XNwkbSvkEc+RH6TR+KqZxvRoC/M4+IDLzV4TGd4VlOC4eHtm8Ww2d99Kh9a1jlG4cK55x37NPjhRyfnW8odOPRzop0G+wpn15/d8phYRvklCad23kKYFOyTiuzmreX3pevxtDsGt/gjs/x39wLfLiSTiOi+NrdE0UcnmFdB4rP1pez8aAEzaiMH7V/MHz+l108Ov6+oQR6P11yH3y4Hwb18dbWJJKoIgUuFMnZD41IpwdonoO/zq+7QJjvvWiUyqJTekU1pWA/xw6wZHZPjtw84IGWKcwR2BmOIF1aQT+ocyiN/Sie1X3mPtuOGj8SoYJHfvy1qI/bhNY/6NE+lw24uXTmJT9Tb1DUCliVBt5w2tnDojg1I/5UbwOAn3G2eidReHbnwU2ZrKwMl3QcL19z29tgZphQ273dk+J1FUtPKO8puaQiJhRo3wRM4eLDJZ9NaPdN4pmh7j28VZngTkpbFTOLhA5m0DtAjY82TyvaxHcuBGY+X/96JEl8PzLkNeJJikjMXixRPcSClY5ga9IF8p7MbGKB51nAIuHa38fCMzztDI5BNp+KVE9nuXE6eDqs3k1iZbDGLd+k4j+q8QT5mKpa9pIXc2DhG3ceiZT0/r+c66PUYfUEgXjkU9sC00jBl9eI2opHG0g0KykRIQKCqKwQoLfibOSQIV67ljfr57kbWwfk1nzRBLrogncjhiyuQILVVOYU1jgZAWJHKXp32UlTpa3cbuCRqfCHv/nyOYZYWDq0qLFl1BxvciSwApRfL2fXWHQTImBrTQq11MYVUeiWxMBX+1FhQ5epO/nRcWxfvMpv3l3/yF9GsyP60qUpl/n/kFhdkqB1mnf2GdQ6jsv5WHcGiLRq7VEmSYKbcl3dXWN/ZU19vW3MbY/Y8g4iXg9BeKM/XSNlaH+lSQeZJbIQjvbkMjGvh/gXxMRFL1WKaDxpA3tpp3E0AYK02tKjG9oI3tLjb9rCiQa7kWboeY9E5x3ln51cx+bq9lbUqFTBo3myW1cy+hBhzI6wLZ8iEowhlapLnGkvcTMhgoJ6yoUbSRQg/1A2o4W1vVy65gitjUxDU693Pt+4EcmJuQsJFE/A3WYVOBWfB3sMdus1BrFxtAnfRSS9lM4NZDxvpfA1t4SV/i/wwCFGEOYM66WKDzozftLv3d0xuZMPZ8f1h/Ip2JziSGMP0cYG58VY7/BXLhsOQ8OnIEzFgxMjH7IvvBuX4UyIxTGD5TYQiwF+0ts9KEuRrFP76XQnli29bFRd6iA9DHvphhfJrn1Pn7v5vxoN9uRpIHEsCoS00tIRGLsiZZJY+SvcOZNCqzsMv6gsbe9wvORjFvkWbSfxIw+kvLTmEGdnRopicVGu8E2vprkdd5rmhqf69tdPzPvyoys/OwtYxeJyLUlfqX9N/zNxhLGne//0BhWWzvz2/i9hwmoTjcGbTSCVsgynlvqaxRltqm3RuqeGqKPwgvesyYxPqZeow5mf7Xbiy/GAa2Watxe79dPvakhzU3/WUYdviglkZM2/1MhgdFFbFxp6WG/EfjxTKPEGs99GKPna0SiveSfQt7k33oyfXOyxtiJAvFmaNwwtUPzbFScLJ06kS6Ms9fGCtTbbeHYYot9qWs/cxexPeMU2jBPidNJ4nBLiVutJDLS5lYz10vQmPbMNpvaOzdm63fmz/eT3W/fUve9FdIuoN3y3mupowkGE3n/Swx7pmmkJ77JM2zsWCxQYKoXj/i/5DDt1DA9O8zr9wLjqPNuT4AMczW+HqawlnlK1g4Km9sLjPhTYG4jjTDEU4pxJlM7ynGAa59+30e8b3d/J9U41lEh90KNBjMVtk9XGMr7biX+ulMUohDnqrkSzaZL/D5Po94KG1eXcTvTQkrqsgvl/NtiynOOqctQ6ErZlh+kcLerxArGnvqUVatmAs2ba+Ss68a/W9SJsTk/WfnZwNu5R3/iitiC4w3eoyXbup18y1KfFjHWp809HC+QkHw8Y8h3NHMh5h7xiWPiDhs/8vzu1KOa73XqoIwvROa5tQcq5Kf9F28rsaSZRItGCk86Ue7Etb8FZVfZ4LM/WkdvZNckHtvcXyHxJoUSGxVWkP/oVQqXeO9YCxV6UjajF0okWaaQY7lChJXMr5gz6gU2wi9nvOLxDsSTbRTjxHr2pabmY6VGR8o431SJV6MkfIYz1owT6D9Msr0aeacIpKFflxupsWKKjRh9zXtd7zvvdeN9RT/sqdByK+2Yci23irIhri9WMHYuZT++VqMv88ZlywQWEsOFVTb+Jr5JlO/1hcJ5V/x8Ae+z0oth0724sIV2s0RhG+Udh7gmj6FvjGY/PpR+PlyiPLEkHWPjIv37djPt1AaYGjcjN9Nf+enyFOXVkH5Tbxvtgri+JY4ylMMkYohDusJrGi1ivOXvusskqixQeExZdqHMvlnI3G+dZF8g4J1loSPPTcD2hmd7fpklkWeSQhFiyjhcYO0Idy64ckMpc/Yb+btaOM943Yh26tRYMRa5dSduzLlCeYVtpRBpB32XPC8Q12PK4xF1kZFYwtAfbhHH0hW0Lep4EuNDneUCh3msC2X4w2IbXekPq1a7tYaD1tFO/2KMp580mkTMY7mlTU6irLYzLirGyIXMq2L1Z9/ZmX3UKO30He+vSVImukaLHgJnjilUo8/v8GXc2S/QapfEfNrKqx2m3ktjz2aNecR9mlsQ60naQ5t9lA33jaYu1x/SmE6sm09IJPelLnbTnrZJJCJtXi8xl20YvUqi6nqB4esEYrJ9pn5+FeVUcYTrm/V22069VWfK7zfiStJN4voJjZ0HJa6R5yli27Cfut4pkWaLwnfUcZOlNiZy/LuLOJpRNi/ZdydYamHcftNva9xkG4pstxCFfBIfVuhDPN9tkri3ViAlsYxcY2PYYsazv5gXL5GOzk4Tw+klloPL2MDYRSafYl832oNEMdk/t+U46BR9jJg6HpKoRTlk3qtQbKfC8R0Cq7a7NXz16RtL10osov/NWm1j7RYbh2hbM3Yz554nUIsYuxDTwP30l10KmbZKDF/Dvott8aEdfsVrOyyV6DvdxgTG6EqjiIlYIh9w6y2OLjP1uZaj19lf0O8YU6KfVth/jL7lSzmRL/YpLCKulpspQ8qs8UaBA7z23haBqqtdu0/HPqIq/bI7bWwK793rHPtX2kLTPYxZ2xSuUla1iceXx14Sz/kVEhXoO4MZkxrQ3++zX5s9yti7hciv59lz63M1NkRWWELfmHSNvnNFoflFxqoLAotOUmfnbJy7RPs6J7CbNnfysESfYzbSUh8lKZuIlJPYpZ1ap8FjvE49cucr7D95fYsLEgcZ/2OdEOhzUONPnp/oCP2Rumi30diT7VBx6qL7Rg/tw3bqRZMsN32nBzIK7aWThUFXBc5epq2etdHkCv2H929+xUZU2vFQX4Fl+2w0OEzd7eV99mj02cpclnpNvs7ti3ocMu0l34scS51VuMzrJ11mn8n2beCxmZT/dIOJtIt620XZH+G+eOx32zH+NaRd5p/jdevVzDyJkdl3dLARhnJZckkgzHmOLy4xzp9lrGRbvzbzLHJb5DjbTPtre1w4Nt+T+jl6TWPZXrcOs7KJIUu96E5cPSir9Lx+I+1ixGHmEMSxlvq3KN/ZOyTCbBJ4RLv8ZZfH8Zfsy20M3OHWfxt/XLLcQr0IEima2Oh0nbnDRYEexBWF1Ja6uHWKvE9wTHRBI8Zp5hDU2VzaynNi9NlkIwn/tzhvI9155huU2TbKwD4n0Zr/012mLxNXm2MCl6nn59ThCvp7ZvrRol0CpWmf5Xfa+H68xLcTNP6irUz1EbQtcNxl4y7HxTf6eDD5uYWj9724fs6LtNc8KHLGQsN7GjWuWyh11ct7e/AjZVf0CnPG425N0w8XbKeOKCz7cFN/+oh5Uc37Fn54AHS/QZ+7JjHxjgeZb1rIfYdx5rTt1BtlPiBx4wjt8rSJLcY+Xbs3tUaGj/meKlZEo08PWvC6sddttL9J36KtZb9F/6VOmj+kD9KWoxPXUNp9pSMScy6a2k7tyL7tUf0aE5za7RZ32B/e9GLBdWJnXEt+zIvldyTCUv5PT3gRjfZSn7bXnri6L7PRhrotQ/sbtt6tYzP7Tb1Yaps5Icdgt24pDLlvY/09+sVdG49vedHwroUm9xR8rli4cNHCIdrTaMrzENtlaqFHkede6snEhwaMJ1epd8MjIa+PdpW5A9u6hdT3mRdf0XaLGNnS9kz93z83aAuMvWEOerCI7c/ua+q3PCjZ24y1LNjhiZP23/e+wHXymHCf46wzEheuA5UOelHjAWV2x0vfV5j1xIsKD0x76Y8HFDbuAW4yfmC/+R7FZv/rQTzKafc1L8Zds/DVbeqZOlxwlHHkiIWeD20UO6Qwmbzm0S8TEOeCq6aOTeASeQ71dWtG026xcDMcELEbqHc4dWYHLgJXbjNffOHSvVvA6Zvaqe/r9tytI2x/BM4336aGz4whzfjIr/4q9d/wpxi0zbMvwTYDi16+S2mueJy6wIiH3GuLX2ese+43/rMwOZKNC42oL/K5dAz+fEyt27NzQM4Xb8jgM2PEHVeZE9L+8QyOrPy+0TBjXLdt2qmHPH0TuPbcJb92GTJ10Ka2rs1BON9umbrEN7WR7hhkZzgLdXtIx086v4R/bV6yI3iP77v87u5y7TTfUbyuG3TPKc72xX/oysv4l7lnAfp10Zfwr5s0ZHRS4qx0eBg5OfY+w/J/VpTdCwwc4tYtum2Bc2/zrZwZd/V7/Ib8cPh9Z/X2tzV+efoExgj7b5fiP4DTXhNTttzxw6PfsZF2p6XTXnM/M57yf972ui7N2EZANUN+taf/J+qEzLtQ8w7g7W8aAyK/uuF3aw3h/+z6Te1T4OrdPtRWg8vkFgFd/zF6f1xv7OlDZOz6/ba9XT/5/njNfM9vvt95/7rAyOlDuv7Yde+fb2T5f6Le9P8v9L+1vvB/a13tZ/pM/5OUrLnXicehxS+464i8Ty3uSZTvZePbn73O94d+78sDs3boB9/zpbbeed/gfhOvA3xv+T5dZ267qIsXTbPYzrz2n3r3ExhalUr4rz8aknhj8mn3GZ3+X9VHNVthnnXbIZ7Px49O5fe8Xg8iZHUKCzjG/2q0QIy8Xvj85sHWZhy7F7ODXZMxIZ1ApNoSVRpaODja5thZ+H8L//Z7twD7oaMCU5rYCJtI4NsUCHEtZdaUAh1qePH9H/jou4zA9LlpZ2rczWrmZvJ+0m8CizVaNBEq9lV/skD4zQrti3md7+jffscenHyiSkLx+jtsv2+YgvdtyJS/BLoNFoiVxkbRqhLPmnudd5/ON7h/aucbqU/lu+/TjYSm5tRCch8NNd+8c7Gc7z/jjP3vt5efoqPLJPI3ljj9tcDan23sKufOxWHqf4Pjn1ESS5zLbaFTTu/r7y0/Pd74GCUg/rs5NXbHt9G96oe/3QwKtiEJdajY2NiuEgvXSmw1sm8tMGmJF3tHuM/Q/d4Pvu0PAeG7lpbtzGEjfSuBeD1t/+8P3XkcAl+30nqYxFdDJKKlEchYysbqPoyztIeUxPX9GKDkBMt5PubyDvibq90pJP7II5C/loV+471IPcFg8WLEJHdehyi+gnzsd74T/ZDNtfShvOoy9n0nsDKrRNVyXqetZr20sw/85od4dw6GT9lGru8lNhSx0bGJwJM+GuPb6NdztGj/9+CBsYl+nQX6/iTRKZlA2aJeNKkYvPWC/OhoJoXGf7h6N/OKOL7wek6Wj/nih+x4S02FA/TJCPklzlcUmN7GwvYprmzaH/EAPnDk5kem3f8dM7/xscoFFS6WtrG7gUTkul70OGTegbvPmZ0agtXuO0bDq85A7zt28Tbu7xkj/vFRWJhX4ceSlH9tGw1a0M97CWTaJIjDdt55XVpk2gPneY551mXm9DF28vYcNYYe55NY+atAFcbCu81sbBtkI1NnizHRQroe4nVupvz96WNyy91QYnE9iTk/CwwuJlCqho2TjTX2DBDYPkk4z5bM+2jzzGviee3UJRi+Ze+od95P++mpQH6BZMxNSrFtJRtqnG5l4UlXt6bBPL87+0C+Y7Mf0rHBF40xqxfbuKeExBLy0797Mfx3r/POofZ8v2+/9Uee4fzXB+7+KrG7ska3phbqsg01hsCZd83veeLbzy3cd6B+z7Dwjo3Npj30nqWxpZLCCWKc1445dVs37hSaZqHDRq8jM/d5rDvHkPnu2JCZI9Wv7cbvDdm0i041JcZUFwhbR6AYY1hmtuFxdxfj3V1vbPFTcWJmaYlJfWmTf0jMY7zozxixpgH73mG2M79G3PHmvTrtY7yL7wwxxHwJh5IdMd+Uv3nOGP4KEKeWQkzSQuLL2UzgVSfKqDPbNM19p2tqLtxvleHYa/HrcJ8j+2gntvnZyFrqL05djaQNFI5VY8yro5CG+CKRl7erhXxjvJSZ4UN7maCdWiv3maYrM1Or9kYvvA/9+1IliSO021vNbVzvzT7Jh7Y7RuPkKo1xI9x5FEo8del4b7z13PdNvO5RRCNCGYX1jTRilReo2JT+WV1iWxOJ6o1tF4vPm/jwts7eJj+dxGSbotB/wrex0dvM19VPYG8Pm77off1M/d3+4mMxLXZmjebMQSZQ/9H+lPDprpC9i0RN2kVK+uEPkzQ69jH1G7x+vYWRezVKnPV7Z0K7v6TeejatsXWggtWL53RVuEWeqXtLLB+rcJj5dPh5jDfMe2Zuc+f1GeprfN3rPGc2NuA8dzdEfT/KIeFLPvOJZxS37ToplOwlUb+PQkXq/Bh18Md4d34hI6vGO7Qzv8aYA9p5zl9rgRfL5ro+Z2Tai214SD6/kl9itjN7T4mhQzTqDxXYM0Gh9kjbmVMh/WaNXQvhvLM07wnMM/lHq73O+wDzXLpHdolRjFdXB7G9lNNu2lX57hKJKK8oPST6T9bIb+YGIqa7ayzorRo5trrvmmIcAxYfcG3enT8BWNFLYV9HtqkL5UVMWQYxVySWqMxbttCXzdwYt2abeeH83nXhP+8AjI5/zUiZcow93dQX9SDPLrTPPhLXGJvTMc9I2l/gt/EeNJlhaieYXy0Vbh2G/7sO67XtuXF2ek+Ff1sK/NNFwEM/N2uARqOsTk3wokJf7figsYXso92YYXLQt5/t+tnvqBQaC6ivlsyPbNpSOuY4vox3R8fTL9mu9JMkclEWj2fbqLKcY+BVbj3O3YNunJx5Gth2nuOXa8ANxreuc8jL1B5NUSg/TiHcJIVvZkmIRRJL50u0+Uuh6QobBzdLxDvkwYI9NrouN3MvmHf3CtWPM0Zc1EiYRuIA7fMG+XQldaGt/zNGYZKpAyHG8NMlNi5VkPMEHtHG8rA981YL9ksenDpgYfQmDwpcEc7cEDOo23QcX6Umj9hs43Dq6jh9KgHbnI7xq8Q05uxzbHRZJ5z5ljauslFpi414qyy0OK4Rhn3dV2vccYFvauZgLZgjzVZ4RX61yG8efXcreU6eItFtmkDPOQoJeOzpHIFd9JVY9M1FtLG25GtqJsy71jPsF47vAObRFkfTJh+QGlPWw6Yy358tcYp97XTa+I/83XK2hUNs58o1HE8fteHL9vTfTVvf52GMMzVbFuJ+pxGW/Wsk6qzaVIU1xBRxssROxvkeIyTUVIGJPJaY7S3Ltjwm75WmLm2fDb3I1AHA6QPMnHPG/kuyTxtp5i6brHB/vETfWQKp2J7d42104HW7FxMPc56ky0x9ixcRT5kY7cW35Jv3NpCA9lFvJ+NlAo1l/WjzvGc9nvsv6TL9Jtci9psLJTry98jFClVo7wW2CSTgefEos1IbBbJv9sB7yOu8d99GuS05wVyc/p9lPf1uLeVLuwnLfjYibbIl+W5baubwksi6QeCbtTaeMY613W/ju30Gi0brw8S8xcLkMzbCJVRIz7h8aY3CQV6/iHzmE3tv8kjGbU9ux5DXfd6jPikiMXUnz120/Qh7FJIxjo3ZY+bU0UhyX6PfeoWpjG8/EH8f8srBa+YsN22VqMe2HqetJlqt0II+YuoJVhFb/t02ttMu2pPP7UvSmWumZ0IzPyb/r1P4nm2MSV4DSA/IS1DeYcm/F3+PXKlwcrlCqTXSeede97BEE9pFCfIrRPs3c+TMuaIxgzxuk5LxmhJsVxyzJugCYuHv/GxTCepx01aBA6slkuy0EGeXjfkbbUzYLp13kEnYd98k30fU44DmGqM2aSQnvxWr2F7y6k8+2ZYorKJtjGf78xBf8Q0SHVYJzOa5+8n7wjbmHPSnh+T3apeFSacY5ymvspR7LCNbtu8FycP2HFoh0Jk8+ppj9JfrWxQeUPezGDPqEtMPe9w8bvMF5lHLgG/iaBRhv7GasotJv4pNX6vFbbkdCsu3KxTm76s81owyymzmuuI+Uwczg3JKRz3kpz7q0K6i77RxgOda1GdX3s93v8JtXrOC/HbxvMH8PYL0G88fyPMiE5dl+jLynEL57OY4YNNh2u0Jm7HRi4ZxFXqx70lGXhlInXnNvL0KNvmt3MUciBh+Jy2mXcYz2Ihn+26OxYg7I33nSx4bcU4gL2U1g+f/7qsQh/d7xvuN5bEmOxVOEdd0XjuO1I/takibur1VIuEegeI8Ny119xW3JRlTe9KH2u1mf0F5nW7POMH9bcmrC3HVIoaJvPZnkg/bN4lY0m5VmEKs//DYwr0S6w8yn+T5pqZu4HGBfpRZFOqzxD6Jf808Vzw3Fo8NNzJ6javKNoUyRs7bzDxj7AfoO3F5fhWef5r2Oe2Exh3mmfuPWSgYm/gYV6dR/vN5n3/I41ue15I8rxNXUl57jTwL7WAey/97+bvdLoFzOzmmpjy+PyqQZ69Ae8q61j7a8UF3vrTfiasbZWV0ZmoqE5Ffx33GThQGUNYJuR1h+gfK7A7xbD8q8YS/75s6Il6T6AuF6T2Yt59WiHRGoS3zqN4nTd2WxiHSymP0Je4reYxyM3NscdvrmMQK3j/GKRvJz1BePC+tqbejvL6kHm6RV8JTCuC+F6TUpK6UwzraT0Jev438DvL3NuqtPXlmo0zG8t5ziW3mRea5ZtxFXPWYQ2TguavJ6xR5XOdvX55fnlSd/KYe5liVfK7wvqtJMclvNXPAhseYK5j5Ts/ZaMr7JT1paggUMnPrIX1HvFF5fRfy7EdenXjtjsNuO8KSp6n3KXpK4jl5xWT74vPapjz/MM/dL3jvDhrnuT8iz+/EfZdPmHmzjDx4H8rO5r4R3LbgviHk3czIjtst5DfytEA3+vav1Ge+CwrlKKs/ybsA6TfqKSOvHfOa3yqeX4XX9SClIaZX5H+O+9cTawfa21/nmG/w/zXm0YW+0GjRlvGPsutKbEnINzXvK3lNCvJJyfPOkk97/i5/2G3/Y25LcN8M9huZKbMwxw1G2odpG3PsdpTnJcprLs8Zwev68PgtYsxFvo/5fz951uN9jFxK8Zy75JmEvOIyvxnPfXeo102ROW5kP1T7KvPoa9TfZY19PJ7tvEKPc/SpS+xfeV1myuQ7HqvH7Ui2oRbPucz/aS7R1xnnw3DM8ZLbeNcUxl1x54T7h/8nXWQ+fVWiGH9n4zV9rzJ2kK+X21SU70nyDsf7tiXf2tz/iLw7sm2RiWs4x3imFjAzMSQl/xI8x/cCx+CXJWZcl4hMHl+y37rM7SZed5L0J887REzGzheRuhOLl3lYNt4jNnn9y//D+DsXeTwlnkzcl47YvuA9InL/X2eY15FfTGLZx/tFo6zz8pyOtPusZyUWR6IdtWO7ec5stnEar/2Sxx6Q4pyXWMVzW5HXGW6bcexTiNun5DOE/OLy3Ie8b8WzAvo080sem0cMU3n+Cp77F2XVkP/DmjaT8hFPJMpuJa+3uT8ej7cjj2/4PwLv/5y/LfK7epm5S2TaP/vt1dxfkjJIxXZOJI+2vG4x793rqvmtsIHHkvH6QlcUvuP1dQwvHu95TuFbnpudv4tyXy1e+w9xtSOt4zVneG5u4rnLc67xeDP+t28yZ+S+JtRJWf7vd1U7MthOmY3iOdOpx6URFeJyrHL+Nu3tDuMNt3GYr/zF3+XvKlzgtgbHFB25/4tbAom5TXJLIhP3RSFN5LkXb2n8fY8yvCNQift+5DbmXfbxN2gHPP8BcQy+S9u6ofGEPGPwnC7k+4TYFlP3e28rpOU5vuRRkLzK8Nw9ESRuc3wW/5ZCY/Ip8UCiBa/5hXwT8fp0/F31psIe8lxODL7cNiPtv+fKvhf5hb8jEeWCjdHEsJXnJ+bxmLwmH+9neIzl/9Y85xf+Pn6dvsl7+/DeT3huNl4znvdsfcvoUeEI9x/nfbpElEhOu89yU2AO8ecmrxoPqAeel5TnxOD9C/HeP94XWE4el3lNEvKrSdpPqnOXsYLn/HVd4DzP389zF/Palzw2j/Jtd5tjeOLfwX3jeWwUeXxJHonJbyXPWXndxrqbrkzPc/9Dbmtz643AGMNxsS/ltZftykE+iucf5LYc+RXn/ZLy2FHyy/yQ/d11hTG8x1RiKXHD1aFpe+s7NmVqoQt5buW+zDcl2pHPOJ7zkNu6lFeK6yaHV+hMXjdJPbk/I22iEe9l5ihsyH0TeM/HtxmjwzFn4Rj0Cdt2+wlzKMrq6wcCqx/S/h7TZh5pNOD2CPcnJpXh71rcFuT+6/cVwjzieOKpxAneQ3J/9GfE+FhhAe8RgcdjE1/dx8R0X2LkXbc9uR4p3OA9TG1fzHsCD3hd2Gscez3heJn8J72gz4TVHAfbCMNjvg8th/9V/s5AnQ9/5s4PmIX7blNfrfk7Nn+3IP+wTwQmE7tNmkVef/D/dvKbRHll5X1bEUtSHhvA9i7lNen5uxSPNSOuW7x/4aeME+S3lfjmsl3Fec43/N+e7bzH7UrK61o3gf3k3ZKyHvRQID35Z3loMEk05Tl9nkh0pgwMxoMPGT8fsc/g/fZz/xqel4f3KsttPepyL9v0Je/VhXY/mPuj8ZpVtKUk3B+N/5OR99Z78jUvBX2b+T0xfct7DTft5HYgj1W2mNc057iJvr3soY01T5j/sq1DyacoZdyIbYtDvAO5TUhdXCXvl7wuLLfDjS0/NOexHZRFWW5PEH/jxwLNzFyIxu/Zfj+bGPVA0bYZY2jbj/h7JI/X4XVVeXwd9fML9XPrsY3o3DefuGq3tvGAeCZTjzVfUubPGW947sHnAmWfWghz3zz7sZGOWBvx2q9e2ujPc6499WLWU45luP+20RGx29TP3WccRxsf4fUnXgJHuX8uz1nGa9cbvTywcIxya8drphPbNB6/9tyD+7x2OPnOos4q075atbEcm/uV+5bw+tyUR+NnNs6+lEhLrPWfePEl+Tx77uLKSmryN9vD/9/zumE8No7tfMQ2beL/hqQr5OHzQuIe+aV94WIydlGQuI7xWOenvPcDOHNJ2rTXbsSUh8cO81jif4EjYQQut6csKJ8sxLGCPJ+Rz1Lesy55Lub/KqQJbNcRbiNQRxl4LCLb9+9DL3ryfkO5vwn5+ZJvB9pKD8bkaSZ2UDcJyHcHj98lz31PzZygFjxs0xHiOUj+k5/bsHhNePLcwPMaUS8nKIsZ1GP+LrYzX20l2lMy8u7Ec9KSX29e14/3G/fA6EwjAa9b99jC7Fc2Jj6zcIj3Hk0ZPeM1TXjNL6StTxjDiCEj992kj+YknzbEnofn9zDYqMOE3OYnvxrcv5o8axPLMfKyiXcUz9/Ee8YMQ3utbmMzeZb7x8bTlx4HV6RX7NtfWfib5z4mTeX9z3Ob+YUH2/8WWMffI2lHe5+z7yWGqzz/HI8dYPsP0iZnc182XpOYct3MdsUhnl28ZjNpLY+le+FFLOKrT/v3PnVjbOwnwHITO/8BWns1ZrayUeilhfF/WyhGu3r4Crj3ytgQ/e+VRDVu/6DODRWiLUviTk7+7Wg/ZbhvPs81usnA+6V4rmhvzI/YpgOUR/7HXurZxmxi3MprO780MjeyBVK9Ekjw0otU5BHxpZ8eQT1qVCKu2U0EZeLFbfIuyjZ3pr8ZO49F3MV5/hTuv0edtPsbTn13LeI3trLghbF5QQxAU27DvN73L/EceMZcgvc1vtCWbbVfGJ+zHb3XfOXi60NZdiHGVGxXgpeC2Lx4zPNWUw+tPBJDGjAP43nVXnkhyD/qS9f2q/E+xYntS97X9A0Wr8/xD48RZ3u2MQHllvIfSd1qpx1LuX8R95kYYnzVxH8/2Y5jTJxCPsZPDrDdr7j/NGU2hHGk80vGvJeuT/5MSsj7TNzIPIH4fGOHzvvyOx4RKnNtVWUMi7HZwpkoZu6PkM9LEiWcwIEvQ87HYswal8SL/pRVhhzu+/mQ8FyaysKtUFhDLcMaC3m81F8YFey5Vv4n6vjmLRPIwZiaPipjTcyQr7eY3BY4mpZjiBDOt3X2kMTJDTYWR6W9xvGGaE0qQ5vCMy4WZ7wLIa7UmwUyprOwMCL7qMghr31O7JWhUkNdqauN4ZFstCO/+uFDY17ekM0D4z9vgY/Ez8c4foytkCGFwpRq2n99meC0eVgkgVH5FIp9q5ApbvBt4ocVEi/GSMyPwjFJQmKJHLJvS9oQVwbmTWOrcozsCb68Fi6S2FNM4Go0ieWJtCOvA3mtYMew2WxfsQoWYpcEEkYJgS67StjElCK+RNboAscqeDA0w7vfngfJ7qWNI6/XJgtJv/agCfvajRp74xDfNxzjFOf++MGPY9XjSizKx5y6JMfLuTz4Ihdz8x89QeZ3oY1ER9r+C+Ky4nEc9EPQ12B7mzwJBMqXt9GrInOOGG9q2oLKa29biXTFBfpSj39H0jj+XcjmhwuTjDlWSRuxGmps/JWYgrmup28zjgG+kdhFm8jxBf37O2OzZl1WFSz7ap3JxoF2Fp4x15yeRyNNfAS6xved9cDKaHwxk/lfKokmCRVqKo2BP8N/btGg8hv5o8S6rDaiMFZE6iWxbDDHjO0kwjJXaRpRBn5e0gocK/XWiJKR8kko8WtqiRbZmd83Cd76dZGYkxzKbeMfjrEWNZdI09VCCWIcSZ0GJW7EqawxprpE1zwK6RJIfMf2XszkdWpfzFwkQV0DNdePAnHrcSzWS6BtHYHsJd2Ykylu0Hz8BeNyyp8knhfjmDiBwqDvBNr8YmF0fa/z7UJQcbXJZaNLdxvR+7t+OKoUMZbWzveyQZH7y7waq0YzxrNd6Wlf3/1sY1hdj1MzuFhbr9dqCFzNrsF/hm15VZKyYt82bJpA0pECecYK59wzv0o0H6aduuTJkT5tt+sK0Pc6uzUnSK3RKxnjTxUPsk3wYF8rvxoVd82NwMitLjGlLcu2DRfO2lFP+0sko+x8eY+ebWxk7aMDlde+KEifq6dwtjZjfnqOPaVAs4wcr7d6ExOD4pNVGAuzN7DxnHLKPlwiQ1eBFk0kHjd2eZma9cDU+NckrqYlFfo31xibVyGblIwVHowZ4HHmYDIyD4qdjS4rMK+HQJIJEg+ncEw7QiNjS40ebHfnUS62wMw3Gjebxv3RzHtraFRgf/0qmcRvad5dky4odt+YervIfm3KX4w38yX2M1/ZPF0i+iyJ7xnLSvE+GyrpANd3/iGnRpw+9MEGjPcZJWIw1zG4gtuvPerBMRVtvjNxtFlEG5io0Jm2PniIxpDBAtUbG57EF+vTtjGYuLI1E7jdWiNRPo7bv7JRqaCZ10wFa/3mqWzjuYnsO5ZJHJnNOD9BYEJfjUjU58xx7FtKiEDl60uzaOSrLlC6GzGV0iiZVsFOYSNOJgR6Ld23ycwRNnqywJDFEjVmSKeGzNQ6JqUO6/dkDlvWg8oJAvbtK+x3as5Vzrqw2Rgz+sf0Bqne/n0KO1Og03KBGCs1Wi2nvdJ3bqzWqDFVIytx3WfMRtmA9ZiRtnSFsSZ/R/bXJTT+TUJMeRDs74eKLFbIu1bgl33kSXxNmBP8Sb/swG2mfuzDy2tnrd2AYs8K4orVWyClj0It+kq+9BK54gd9fkb/9Wspr+0r2N8vlKhHWb1YpjFjgYUxCzSeTLGcZyBtIwS8Xss8jq8ntxBYNFLjaR2JP7NrDMjoQeHaXv+1BYMirwGML0Poh323ahRdaGP5AtrYAoHoEyi3ARrbqzBA2J6A5y+m3tZMMfNMmnkfvdgaN2RzWzcz8x2t1QhzwMa4/RI59zL/nadxfpBbl949VeCeF638WiAF481q+s3GWhrJfwnZOGblbhunjglE2cn8bTexUI/L5tqYMFAjckUd6Pn/f0ypsby3jcTUfbV22pmn0V1HPXjjDsvU3+wW6LXR1NBZqLHQg+30xxljtPMdUGDnx0+aVCNGR4HeU90+P3Vl0y4R7Pn1q+3QGL5VosNe5dTmVaetDZuuUa5k0MbLN5lfZlnrcWpjgzuWfef5xHrtrMHlfp/w7vc0QdHB99EtZ87LKvM8zlyhM74I2bPf2JttZ14QM2ec3/cgwWmzedZ7uf7rb1XquzXwswsF3x/frE387jrTQeWTJYF2vvsybfOLVyHRpd93C6Z22syZciCvDtb40Z3bBKE2V8Knav2Dgs1vLoXQnJ8hdNaRcnOZ0FoT6vO8IJ/pM32mz/SZPtNn+kyf6TN9pv+30KFjFhY9FmgsQmeMldGSobLO37InAnmn2VgcSaDe91aI14sbEk7gUpSQz431+LnAs4ICZSNK7E7kDfFaixUiacSLHfL5rObesBA3msApSyFhFBVi+W+NGzprQOafJRHllsTfcQN+ZxOo8Xs4iZ9FyJ+jlT0i8NU0gXjRJGKl1P7rRgW3ViEi7eGn6CF/jpbpsMDlXwTyUZdnY5NX2qA/G3/n+VdkiYhJg1/n4P++cJLAgegCx22BRtFC4TlmBAT7mfHbJHwksp6TznP7iYlDpkNnPsToCi/Jy/4mZHLPs1Bg3iSJTHEkvElslC/icerSgq1H+nRa6jFX/HfnNgsqv6GLbaz+TWJWLIn8aQRuZaTtpw3+O4/WbN+M1AIXUoG2H3w9buktMfsbgT+/UDgQUyNGToRIj9Wiy1CJYdHaSpTYo/DDdwr5laQf2c47++Cs4WUoZSKJbOwzzuTUWJsp+O8ElvcVqDlSYiNx9c8lnWfkO7L74Qk6rmsJiet7hWX5zTsd7b+2WVB1sL+vjZQVJRolFWjGuLoxkztvYHDXGI1NeT1M775bj5xbfHA9q8DwXN5UYt33ApvJbzCxPU1hUY/Bn18xeyKB6hk0GhT0BGn9r/+sz1dVovlKhSi0rVb5FJIUE0jaVONU/uDVBY77WWAr5f19No1blTXO1fMG6r3x+9SjtsCvPgrJfpYoV0DhL+JJWUmjbGnhzE0f1Dk4U+SgP2ZWiJlfoWo5gY1ZtLMOWFDfSas6Av1qSlzNL513zwVyu+9O2sjgxYsjOSXGZ5NISh5m3qELqfTrd05Be7Z/u5LEsjzUIX3xLtuag/gGFrXQvS6P+3hfr3kWeHw/ZpXok0OgVwkN38rGH+H04UF9D1Mlr8LqaRJfVFRoTx9cVUXhBfW4pqbG0tI6yLVpEzXts5jEkFISO6pLVK2uEbO9FwnbeJAmYeDnaWxSSKLHQObQ1OWD3yWSM2YcqK7QoIzGleQqyH3JrGrkU1qhMNvYqr5CevZxmbq4Madw7TfzDQYku3SFGBsaSVRoILGLPEuU1ahYmdfU09jQRuNoHtcvA2sX5SmjUeUUjlLOG8rY+I74XtSGM3dwUOT+De0pbzn2P40lCpNf5bISU2sJTGim8KCC60tBecd5pjz1V4S6q6LRoZHA41IaJ2Z4nfnQTN2d39x0AcXsy2kVWoxQiNVTYiTlM5axq2grhaFs7xzaWJWG2lnXKbDvzH8cLRGBfe7R5ho1GylUq6vxuJPG4S5+/ZI7d1VANUBxfpBo30eh6yCJNV3Yh3Rgv9FaYkwTjSitNCoR55bKXmd+wMD0TeEHCzQlrq/bKKxvKBG1roVj7c1cpdKZO9jYWGD6pucZbFxoydxrBOMOcS0iltytJP6sLfEvc4EKtLOq3XSgapAMbR8kEKcDc8zW5p4Svu00OramTrV21oza18rjzPXntzbjx2ryfkgnUKqeQp9hEsk6KkQkxinE0r2eoH1oTGH7+hDf23NVf0peaboL7KFtvqJtnW0usaGtRqZaNhq00846iG/P6f0pu3gkFSYN1vj9L8acUQrhBjBnIo/RlHkCtrMo7WNxW7cmzKxHHBC2ERsksi+QiDvcrCOk8bSbQuTuCjPrsQ9geyv20ehZEAHOLbr4a+ZKPTUGrZT4air1R355einsaiHQvT3zdNpsj/ZmPVZiq68CHBfe3CAwcqak/Wtc7KHRlvb+c2eJCbTTmkNtZKhv1n60nTpBvzkVP2SzxxMKyA4C/6zimJtj76PU5yX216u6cPzHTvJ0Yws72yqULWc59SN+NdMfk1mDpYxZ05n/MteswnhdZqjES+q2TFvh1NSadXF/7audeQv95hD+EJ/qiWxEaakQdQ39x8wfNpaxir65iLpcRJn1ZewY0IIx4xf9uh4lgDrdRRJFzfc1HP+dNnWe5NWqo41azW30bEYf60+70AH79kKON1oQf3FfiQubFL5dRtmPVmjMOJSSMa1pd+qRuoxKXpv/CHgc/fC0wpEjEue3asSmzS6dxPZSdiXpiz/S1sK2tXGCuXuNtm5cNN/qfUhmTaK5921/QiLcbo2SSySeGz2M1zgyROMQdfpVJwtTySeLdtv4qXyx8SmJQ75s6xqNQvM0whLPK8q5Ku18SRMbD+lHZt5Ts47np2y/whe8lnYd5rRG3wMK3Rhb2k1k/81r6g7SmNbDxBwLe2t6nW8/AurjDp+RuLKffRlzYDmHed0whY1s367hCl3YF3Xt4tY+mvGIXz3Rh/T5dQyJfrShvScVwlOXkVdrNJuvEYftvOAjELUTbZb+eqSb7T4PHOp5J2a/r9Ozx8hvh8DyJQreGRx70NZWDbectR87cKyapLN7rVmj3fD52Pz2jWyNWDz30R2NP69QPsepry3MI5aSpjBXZDyb1t5C4h5ubXPzyuKTcf/yTcr3jsCxUwrrDrJ9myTWsq9OMN9dW7nBCC+y0Z6ntnLrxLqn+nBMbB5eQ1Fek4gr7Q2Ji8eZF9I2xs7RqMb2bhyhnbhftpdZe9md39H0uyaP+lCePeou9XSLY44jlMk2jVTrFb6hndWcyTENddCBFI3Xh+vqrq1buLb6IK8dlNcdjtX23VOoe4N9I3Fl3kn/W6bwI+NjOsa9DWMEFvW3MKyusS+vM//ykh8/PAYrclsi53WN1pRX5J0K/WhDK3nfGeyD2tEeEo2xcXKY11nv1C9efMi/F0ZQiMf4lZ9t/JMyS3OBfkP5/sF2rqXMos1jzsn2Penl9ktNWwjnucrHYsUW4opxXaES7f/pJo0bywUazWTs72chO/uA/IyLdwdbqDHE2AQ+WreeMqxGwoa0mWca6x5prL5HfMcEXhBbzMW0g7kK55hfvHTsXjtrKH2qLzr/kH78SELcsaEo/wLXBO7RPysuZP9Lu/h1mcCm2UaPb+p2P2SvN8IqLGKetOe+Rq3H9EXqoBXtPwF5tVvHGMs+IDvj7OaxFscT2qkh/VS+meu+7cynEp7tW2PmcTrvyi0PZX97pEavYW58GN/GdsanzlzlH1gj+ailkL2OxGVimvuQdnCVcfasRs4dbN8GjoemaTwndV5AHVaxnbpbg+ljY8vTdwVmP9VIQftPQV61D7OPWKtRbJzCngVexKLd7xricb8/qY+PPp/cYAv6hMCZpxJdyCvNXQvriCs549luXwtFV9roMkFiIWPsP6RtpEer9UdtrCTt4ZDR5U1eb9YuPGwj1nrmFHMF0s60sYLxx80pvM7cq84aeh/4rus07Ssz49eoF5QzZVaE2/Lc5mMc63nYg+2rbKR6/b1I96r2J2Xl+LeZt4TYCpo5L/4284VrDL/GHOCYRurtjI0bbGRf7vIzcxGb780+VGsZ0aKdNBW4/VI6c8iYeU7i3NbOmnVfHpBoRFuY1cNC+JHaX4ef6ovOPtBYe9N25r64+8DMG+KBdctGecaeY/Sh4YyNbeeZ/NyLEcU+njP9G8ZGVua83zyxnDltkt5kH019+jIvKMaYsWmVhcYTNCpT3it7e+nfHvqk+KhdVKAOSzzx4tljIMclgU7MBzaa+eTY7x6dI7B/FceTbRmfauGTuU5DD+2Z+k75TOHrJ4yF9yyEu20h7Qmez3iRibGi9VgbYefYTh5g1o7/1Hd+Xam3ZY+YZ12xEOOejXS0hzTrBVZut3F3rtcZezSo6w3w2Vh4DzCpFmXxmPbN2OpLWe2kvWY95UFv+neHjR7apnDq8wNTd9v+lUtmDu0UxGjWf/U5ZTnrfc7Zr1/Pk6381zP4WFxtzjhxurFAdcacMy+AnS/4+66Z39iDycztUtH3Tqz0YtUk6rRRwN8efkUehf4BvNweYzsTEFuSRxZ8DzFXMrZPXObbuXwcQ3xqLoIOXvptBwsDGHNKPLUQnduiNz24cd+LFb60IcaehYxduc+4a/Ga9eJFP/XR55xLzDqpT8xaihzL0O7LMbY2Ib+GzIPXzPQ4c2xn+8vjPPP+1LuVUcRVvY2FYmxX9btw1g+df9/17wS0tWKXtdNvmJpzs+b9p3zIWS/+hbvmp5HXteca0y96kP6u7T9P91H2Q/FmwpmzflNB9VFcS2lfSTpbqHbTXecyBvshs5anWW/UrJFu1u9cvt7k4nCeIwb0HMDM8f78oTtvTH/KzvA0a1W683Nrp+/uM0H4r0/xse+BprD73NvE46yzadbvNPPat7jg8V/PMt4+d53Nxdp25sUOaDz0/tqffuuJuusguN8KvP1c52M+1JS40pUVzrqgb9Nf5/Tr9U/denWnPp9+FJDdmzYY2nH1vTna97trM/ivTxLAd54jo7OPYH5s5soyc3mb+eJbXHDX/1x8QL+eE93d7/ft9Kd02e40/NddNWvK+q9puh/OeqXumidvxo8ffaZg3mmnded2f5vMdwJvr+0S2G+mP7V2T1DWwTFz8Izr53Xm5vIjM7++Wc/Cb02LoLwrfb99fuQnK+db3Rtv1l76GD7z/bJZW9qsE+JHfmsvGHrfZwJqr99aFW+T+fbErG9i1txw17YLxDNRo8f42n8dBj8yvmPWGfZb3yGw3+WH1tqWJrc2tvP2WiofWn8ksPxCa61Ng8uM30KL3/vt+xgF9DzBxEljQwH5UGjjCsgmzJjrU7g+tAbMpzAGZr2vwLR1716Bn55JVIiqQ6XeJ5nX9Mche3fvzPP0XCLMEo4FOO5On+HNO5fg1j1kDqdwRapgvVN95zvKvyUiVBWYwPHt7m/1B8eYQaE6kSS6p/J+9PlFoOef2mzhfgSB6x4dKnU182Twv7F+m7rPFIh6X2BYDNcegjN3yDvPoyn3simNPdgh4jP+sPmm2UYh+mV92pf5zt3Pp4LjB/ciKxyLZ55jeIL9jaGhRcdtrKsoMDyyRPvs2lmT3OghuHLLH5Njuyxep34iJN8sHhgjMZGYBntliOqY/MfbMXSIY4QzP0B/G8ku2AiTUCBLZvf9VEjiWN0oAkdpX7XShUxe++bbaDnbRs+4ApmzCIzLY/vrIDgxLG8sjj/Ta/ye5c0z3eDooMRiC1tKC0SIKfF1YhuZK7jzHQS3rbXiKoifbMzM6aXsgy+v73oJlI8hnHhfNr2FA2VDFsfS/z/tvXV0FNm+Nvzsqk7SBGsyOAMEdxncCe7u7g6NuzO4u7v74G6DuwZ3d5ck3VX79z0dzpx73nPfmTDnfv+8a901qwdIunft/ZNHqnZXpXTRszrwrh3+R89vv9bDiSSXHUiWOxg58zowI7czcsyons/4Z6/Eyfj5PG6cL/r9fNlfXTP7y/sgDXdgzzInznKd40JceNOE/r/G9+eW/idYcYHjSBEnStKXr2vg22uFH7r+/O+vM5zX6gbUFEldmP5LCBaUcaBUI985CPxH9yf7mC4YGVlXSRmv+yOiPn/9p/dV7OzExrRO9EnqxIgiLrgLfq/5/3T/V5y8wShRLhjPsrv/o/vc/PM8Zi3ixCEH2pYIxqkywajTzB0ZL9931v84Z/l3xr5djJyWx4U4xUOQu6OKvIfCvz5r9kf7c10DJ36a58SNwsG4XSoY/r7rsuSi3iO/75n417n9yPwO52PdFwvG9rohqFf2j+d4ft9j+KPPPI28XljbAUdjJ7bmcKEk1/msmm8vkwsbev5nurNlYRcSlaMXbkLc7+i7BhfMGsPfvlfA+YpOaK4xBvFhTjYnBlVxY2hRd5Tnw//sVa2kC4cLuXC+W8g/7s/xn+nWWxyjwwYHTtZ3YX5N37mRYFTt5Duv4fih813/7f4M3V3IU8GFudWcWFuJOOZ7PtwoJ7H/791DsmBRJ/ZNceFbCxeyV3AiQ60QpKznJh99P6/0/fl0zh/GsvgdXHjEOd2o44a3qRv7OoZE9pGPk/7OGgswhyFtnWjY0oXgEsQMzql5Bd+9B8mTHf8+9mRqHYxfy7mws34wPOXd6Fr7+/WDv1sTiTivKbVc6MH45yvlxEjWx1b2eu0t3+f1d/cjz23sQp8Qzqn+f8X8n8/6/BueZlQaF3ovdKDDNAdSMQd5mruwpKsLK7p/7/GeTf7ePbdabXahAXtwQg0XPrdy41pD3/1AvvfkH1z+I+O0S0+9NDoYxmxybAu+OK+8rPspQ92Rz+31ca9vD+uPehy1KhjzeztRsYsLId1cGM51RbTwcRIir8/+2XXxf3/tJc/O6uVAveUuTGMOTtZ3IjUxsXobJzz9vz9X2oevP+pvWqxy4UYbF9I2DUb27k4M7fQ91r57W87qjB/mD0cKH9Y4cXOjC2naOxG9pe85ry5Ua+pE085G5P6Lf913F+X5R+ryM6zXGk1dSNJaIU7173tLfHX6r/cXjGqcg9Qg5lQHshx0ouXkEFztFYLMPdjrw9iXo91wNlN/SyuOu+bbz0QM7O3A675OpBnnxo4+IdjEvPr290S1H+qf3++IH4xXA4JR+gzrYU4wgnoGYz/jt7arG6e6OVB1tO+6kPuH70m58ZILE9cFY8QIF8KphQ+0d0P3D0b9eW5MrOGOvC/Oj+TxIP1G4cEORDvH2loQjLiDXdjl/v5MtUL9giPvIemL+x97OaKaW/0zTrQnT4/pTT/aPQTP2dP32ocgorU78jyu73m3fzx//q/y2Zh+I8mQYDy8HIyIteQ2rnN6KxfSD3IhqM4/9jyW/O/nfv9svLjHndgz2oXQ9i4cZO7Cerjh18+JhbONyHF+tO47xXTDMdKJmXeCUeqYC7fXuNF0bjDWs772ESsyjHVG7m/zaRXfOe6ofFKBxy58YS7H/ubA6DlODF/gRijX+pbzK1zVHXlu+kf2KfrFDkYFrm/y4+DI58FtWs/emRCCyoOJjeOdON/6+/30fN7tR/C68dNghIRy7vvIR0NdGDTJhYYjXf+4D6WKfE6173y573rHX50DuRUzBK3HOXDuQXDkc/fSbXJH7juNyTnNbO3E1PlOtOpPb9ILP/QdgV7PXYh1xYW+5J4Gs0Owsa+B7tOcaNSHtd/LHXlvyywt1T/2pP15fRWKHQJrtBOz7gZj+NVgvN8TjM+s8aIzfM9Vc6Bm/+8x9+GY75p0VPGqdZ/4dZhcu8Id+Xy9932/f/ckS6fv9wL90X3zr6O5MaC/E8fuOjH5hhufjgbDtdOFCVuD0WUFtfrKYGqC75j/x/Xov4pZ0JOQyL13qa+58OJICEb/FhzZMznmfN8T4IuR78/vsf+Legh0YeSIYER/5sLNF26cu+xEs0PBKLSB9brQFfns86k9vt+zzpdL3zXIv/qu0ofP1Lsvicn32DfH3Gh9kDlY7ESiiRxzoRtXWvxYrQ5lP26eYWAex5IHTrS56sRz5qEu+/LgoRAMH+eM3Ivpq1ffc+z/4KQ/m9fGt24ceh6C+JxX0O/0o8TYkbNYX+ztjcP+qH13lNeIkscIwS9zHdh5x43Yt9mLocFIsDkETxnr+/xcBHvz23DjH/sno/Yhrd8E4/d7wage6sIpjtGIYzSf6NtX6IrkW9/+ix/5zvPW6G40HOBGqtduPDvnRtkH3689X1j1/ZnPvmvbvj3z/3o92se9f1Ybj9+7UeArx3zC+mDN+p6FOo3jnmGsfc+hr7GYHq2jI0rfvMPhhjnNjY+v3Ij5yLdvwo25T3zPGObc1pB/dwej2AZn5HOsffuPvu9P98Xt/z5eKg9zw1wW+RKCWL7nmF5xoPjl7/2Se+X3nkywIOp9w93YjwWoJ4Z/cGDGewfOv+afHOf1LWfkc6Ot6b779bmReI2P31SUHsm3xyfGBzfifv7+bND1Z4gV2xhrru3UNt8z3h2I2+CPvat/joeTA904QL7oyHiNu2rgK7F66VUXPrH2V+10Rt4PceeG73r6R+6H52T+Wr90IusDN/Icd2P5EfqZS25cZk0k7e7A20Puf3734a/w5jzbwzFGIauFyJfvuebPmIf4RzmHrUbktdFsq4x/9k9UvOZ7drZvP8HPjNfI+4jcH1L2A9BwwR/3MP6ve9D91bxacF7rqbFi24isrYccs9RbZ+Q12jOPgA5n3VgwhfNZ7cPD4H/c++3P4yXfHMjIeeSzv79aPnRgDXH2xEPfs5ld/8BBd5TXaUb7UYeMZC4f/5/7J/pfd0bunSi2wbcnw/f9B3fkvtU/PMifjXmFsT7Jz/teS564I/ed+Obk29/je366b+/DsNWOyHPLf8Xb6+JRKy11YdJ7374Jd+Qek7uvv2PBqeff94n8cT7mr+L0T535HkjNOI0hRk8nRjwjXq+iRqm95Y+Y/9i+h/7+wKA67n/umfjj+r1v74WPc3zfxfs7/vGP58f/1etHvlvmeyZPOnoFXy3+1T0Rf3Revn1G//5KfEFh9tI/zvX5vFrU11V88/JhiW9fw//t5YuZb40/et/M/9qf48b0cN8eHWLqk+97H3z3zvTtp/k/7+X55/s6fHvE/tgn8T2H+GcOv59//HG//a/5+n5/U/ytz//Z/TH/p3sV/qiHf3/55vZXeuu/3+c05B/18//PfVx+dE9BlLo33vdc/ej+lajG/NE9HVGN48MkXw/+T/YA/Fm8/m6M/l94+fTnv8frf7LGqPaZ/O/9T//39b+v//deXeIHo0dBNybXdGNQd3q9ySFIvyYEyY8Eo8rtECym36o/xRbfa8UcW2a4tFxvpOWXCVocT7QkKiDydqNI27jArFHUTNEUsnRWOH1AoYZW2FPQQOeBBs4vNlB0m4G1twws/GRgy+cff3Wvb4vv5RduydnytoT1t6XmalsahtmiimlxzdfyMlAkaKJIibxAj9PAxSoKY9Yq1I9pIJ/bwPF5BpIvMvDqmIFdThN5An/8tVhsqaW+IY6qLmkRCi++yCNJIzfljcSUF0goJaUaSqK5zoci8jPOyUfpJBvkJA5KSmyEJWvxWeLjpBhyVLbJWeRBdBSSHVgpTuRDTbkseVV85NcHxYGDqCrn8Qi9ZRoe8d9HcQrnZbDcklaYJZulHrrglZyXZhiIvjggl1CAn+8jWq7pBfJMxmCJfOTIz+QcpklyeMRADI6k5SfDiQ/SzX4vXziuVwLhz/+iIQPuySUJExNhfJctEZIILjyUG3zHT4iHhjgqu+SBfOV/d/g6JJMknP9/z9VVQVFpJz35vgtyX9xim3VQFhtkhMyRUdLEGIpYeK2yyT3JjbcyXOZw5X3RXY7oVBILSXFMuquMeCGn5RfOrRkOeNogEFpqq/vqobQ2yuGrVNBjOdv7XNE1CeBaAyUvHtszJDbfVxgTMIbx74gBXEsD7JA9slaqywRpIYvwVSeVD/JcGjPGh3BVHkoMuSgN+am2uMns5EFHqcJPxkc6TJG3ugamy3pmqi/H6oEUeC6fZLcEemPiisSS7IxPEWVLU/ghE98ZHXfkMFdu8LWRlXFQmssUfOSskmMU9jCmGyVUsuCKFcaoLZQL0g3T+V6R0syPJQURjFr86VlGZwR+wSlW1FHZKr+yuiayLoIZkQUogOPikbecewBSMbIKPvtyUxIwsi6+6xMjc1MyIoIzvSppGKnL4sdPpmHVeCQzSqCsJJUrkk9tF0sXtJNhi1j2LpkvgeZWaSIL+LcBUlefwzsdhKHYZI1SXeW2dGIEpthhSCA79UgkZ95icmWprFCpw9FD7WYYJJWlC6biJJKplcZ4zqkh5zJLp0UihLMOi0o9SYY1Eluv120QwrmeleJ2CuzXH2Qo87FQEqgTiM1YnGW/JFd5+Onf5Jt0kGRqrKxGVjzWW7CJVeiVEKTEMjMn37vGSsKaSMOu+sIqfM2sFGOeFH//jlH2w2v+PSY79BvrOD4yMka5uK5AlZIRro8ihgubkFKVRWVmzyu95D0aoZdEcBUXmb3VxlnpKCU55hmdANuMTBKXY+VEXK7osjTALb1FXDo/nqiDOh6rZyWSqF76isxl96RhBRyxHjE+nbFOvqliqGWs5ifz6l5SG/1RCM2xkEdOZfwsa42LXH9dzEVmeUeM8MNt5mqjuDlGAYRKVsnGjlohHViFD7FUWuCzSsZeDOVR1/OdJZmXCzKeNfBCglQDPGYnZkB7Rj65ZFFvMAcWvKqy9MAs7H4fV9XGMr2E2FFdPrMfBrPqr6h7XOdXK5nEMrJLBRXD+BkJ9SLpZMxALPZaEs5sqWojBSVBWAser7Q9AG7jqfZDGnbYZbuKjJW6EttzRs7rIPVSr5JRjPJJfnK73UoMYyn64an+pubpcInB3nsuLtxlHQahGtdqsMtT4boUYzZecJYN2SvAM2JKBpTCY+LbFqnJmpsms5iPsdgpudAJV1GQKPhBBvIoG7DaikBB/iYx+rP+b0gLuycyo53up67raZiPX3m0pmguKWWbfcvbgp03TR7oJox1U7WM+cyvstkRxNdXnF10FUdNtkqrIExSs/HMrqLb66b4KAtVNTkp11ED61QTPODsC6k1KK4Hywe1V6oI1a9RSk/Rc1GbEZ0AhYZGbdRWv6pvdgZMsjeQN6ZKanbKGWJuHWMHUeOxtJXNuI8T6CSzUEmiibDGY6jOspeVPEhiqZEYpF4RhR9IHulPbPomPhz+yHqZHRnHiuz2Daw4FxHpOj/9RNITB15LCsamIhFjAHvtFiP6mEh5kVgYiDfEgi/8/G1+qir//5k4GYiExCIDTtZbBo5/SpLipZRgt3XDYTKTl8dykDlWsaN874zNGjsj0dhFDq5hH7nCn3/7yve8JeIl5s8+kj1SkW0K81NP2Tk2+9+S1mSyHZiBCbJVNyZaBxEzLkofHaGVyizrcJndkhIt5Qzasmer46KeILk1cd+H+az9NjLCXK2O6vriJ+fknM5hlDdnsJNfOdKY2Yz6xllV2hwv802nummuQgPV0nivw5nZcDmF9uY+s5tyq1TGV6LqQMOS7ezySoxWQXXZvi8n7RHqklqvIEMc73RL72c1FdnkuVma+JTQmGO+tEaH1ZSVfi1xG5DsZjRl2MAxFFZbHBflKWqpF4hhVoDHE199RFU9AalZSf7yBRv0OTXN7OJpqC8Ru1updESyz3qJDesNiqq1VkxkUxPkgCS1WqvbqjcWqTiSSjy6noruTaYaqGrYaTgMS29QA9VPKkD7Y4qqJemkEddRAuOoE+aqcaqdaCLQYhRXE6Ui+zqCaHbMttCBKNCbv/2I/WouK6ajasuc3EIGYxf5uh1GqmCUIu/MZPU/ZMZ6IJMaLs3UPmLnDXLVUEb6tYzXx1AUh3Q5KYW3+jrHya3241csVguloY5B7N4lk3U3Ko18rIH37N9jOMT4ZiDXLCfXLWPmJ6r4MgHnkBp7ySKdybPvyTQNiYUTdWl+NiNrsSzZsxX7eLK6L/H43nSoTR7uLkvI4gfknGqjAtRBapwK9mF2ns2KzoLVqhDm6feYJ6+IH1clpRoq6yQdGqssVBaTVTgcxJ60WEQsPM33/8YMOjBOusOnRbrLL/IQQ4wt2E3u9aeyq4LfOVYx5KFKOYrGzNFj+FOvjFCLyMgxOUZBYwU0jhnX9EVJpfpiPLsxAOuwRw8k7rwld92iKihHnG+M0uSMA+S81bJSbKSWjeThBtJfoktLJEE8XZvaJyuGSiY1mDFJy37oRVYfi4nohUdqE5XMOcmmsrD6fyMn9ORcX1AZFGcXhaGgToT0cp+8lFE1J0Pso+4T9nMDslYfRiw5VUUV/i4fVimv7ME+71MqqVw6qRqLd4zKGjSWXnqhToblGC8PdXzJIOP4qY/SEPd1X7Rnjz2yk8omPY8Zr4FTxhN9G0GM8SGJqfroOdZU5naG1FW5jRn6iprJjI9grqapLlJAnZW1ero6oo5Q+1h6rA6Vrbgvx2WnrNSxyc5atDWfiq05UW0kq6IvWZqMhBXoGlkvu+UIglhf04kK3amt8lD5ulGd3bOduBdLHRAfWnn4qYOs2odE5w5hU4xv1lq7jv5gldAd1BH9ReX1jjCfyhe7ieGwDrLCbnB+CageCnL8c0SsGMSAd9QriclGBan2xvO3NvVDYdbwZaLzGBlAlV6ReisRVuEIdcU5dvFreaZ96uI4431F2ksjInQE1fB2xq4LskpN1VHnQWLGtCTzH6zTqp7K1rFVfp2NlZlAJcZaKqsh2mJOduAa/CQ+R3rovYFgNZQYq3BSm8zgAJmEtdgm5XRvlRX3qATyGoGspK+6KIajCee7Wmfj750qkP3Wjdm7wg6Nyw47jCtUM1v1TDJCQupCAzbxfZC8YcTSoQ75IpCVuFB8Cm8N/cRt5qO6rsUKGkENE0sNo17+RTlwwm6q53B9d2UilWBeVZWdPpB879M42xiP3sxeJtbtJWbMhoO4dBypVEvZrOv7GE2NJF/vlgbqi65h19BH6FU244Ry4qsK0knwzvZT7+3f5ZO9BPXlrDbR0G5OvdsNvzEnO8lt98ipN/UxKsVNuizeE7UnEDEOYAuyqn6MWh6qrafUIa8lv1QhEpykCkmnhuqL2KT36mtUTlfxkj3cU7KqFNKT0WhNVktM7aVlGv9mygY9SYlURXHG04cB16Qfee4666A6Pdo7dmwQq+4jVfx8nOB6hxP118hl8lR5rMZyaq+jkar7ILv6jUzGc6JeLGwnH75hlBz85HipRS8UHbEiyhub7Id2Xf3O3q1e2I91uHoa8dLKq1frVWoh61RTHTxl9b1gPfqxunbQ59UmR5XkbLpypGT0dB+kAivEL5Lzl2C45KBzM6h8PpAjd5NT8zNbQcSRDHzFoLX3wzBWm4uo0hmn4XOWeZCCKBcbg7m+h/IEeekEWkpqqpBjuqZaSs5qLo3UABlJf/JO9lPJT9drWVWHdFaO+JLReCHRzIOc1xwdzNVvwM/k7SvUVIvYvfO1IX1lBTFto+QwetPfRqOCq4xFPFoFuqEFVB8GtUkCIvw0qmGRQkSaN4zmI9ZJXrTDTMmp6nKeTuryT8xYQ+XhyLOpsQajFBFhmWpERMjD1T9mFpbLadbhbOJtG2rcQqyjokTX0cxvG3ZsTExXLdRs+WhnUbk5O5PqPwUxPBs5Mh39dT5Jph9JUZ+Sl/Iql1EILdVnetBwOt3dzP4JiaY/sNb2M/c5VQzZq2wi/RhqdReVawJM1xeoyfrS80ymB6+N3ihGRjyA+CpQfkc81VFtZGw7k6kv6SLoSOarweouT71/maomJqvpk0xW0+jKauKqnoH5MpwRCMVs1Ql1OdOxrKuEKh7XcUjKkimENdKE9XZAIFM5g2v062mwE9upt0owu4WJ6W2wGCd0LvjOTHRiBWbGc/2OvXQUk8hIN/i5uqil78vvdNsXiW9lqaW/kEVc1ItvdQe0k0vIhtmsMjAaPVh7jchS85iRHGSyEUTcJXTb0ek/6qMlupCfZ1Clr8Vg3Y9eOw7fE595HopHGC0nybCWvsjOf6zzklVzqY58b3pqyPxkShej0B9fdGaqj0LqA/3MO8a8LhKrSsTDXYxULymhXtuTVZBqwUxnZBVkZ6U+Yk/tYaSbSjJjgtRWW1gL1zBEPbFbUN/+Iod0bTvIOCcZ1HXqjKUoq7byWC2Ioet1hPTEQbWP1dmY3T9NHMpEB0alqPqV1bZXFmOkzKUqb0QcusGYj5Z87K7kzPV8qvj6rPZ9Ek9dl2DVSmVCVyLHIjmpr+CDnVYaq7PshRPU0L9TEUyTycxWPUZutHzFXrlpr7K/Esli4JJqZY0lclYmRl6y3Xq+Q3kGWRuox7U9HLeMQqyCktS9oTKRlTeBGjyRPCC2j1AL1E5WeU+iyyy68J2SUm9gjdaWJWq81LAHElFdZDmDuS6IAeJBbKXpmk5IOurI34idVVBBfOj8Wp+Q3MZCIsYrlFZHiTtppJCRAN2pnt6zp4PJ4av0M2rMuKqDXozC8pt6J3t0MmmGn6Qf9X8cnJd8xIqEKKcMZGIn9VGH2at32And9ST0ZvfeJKvewmM1XK+k9r7KuminN7H6snOGv2Ii+2+1TodW1Ag5dKgG57FdPrMyoskkfRkhMppI84bKbSA/uZ31fADlmJfYah75KjcCcEOPUDOJTFelM5KqKWS9Hsgrz1Vy4u0NbFYXVF9JrJqSuytSwzno6O7TCZ1lrTdS/sxSG7Sg+yxNxzmPvVNUFeRRnsPNDmol1aQa+2+ZWJE6cAl57zAdTwVjEjP5gv+1RFPjDVXCE1WYbLxRH4alc+OOBEtjOvJsKGOkkNzUM3MkUMoafeAwopP3Xsge9UFX4hx3qtt6iyRVvSWN0Yx9tE+a2i1ZxUFEwhPSB6/xiRowtr5LDR6AtlQqpdiP79CPueotyeSSbs++P0xdGA85iBJzrVZGV5mH+HSZ1cmL53USut8WqoyaZE5R/XSYyqbi4JoerKqbZZGJ+PeCXn0JkWY4XcQCfRQLUVD9Qs85Q3JS165CZerYHtJFJSMT1dSjqSkP4QKV7Hky40FVjj3QWS5QFbeiHkmGfPxEhL1dv6WKPym7WUk3ZZIy1Sv4zpy8ZT//zvhV0TllIZVISWJNfmRgdyVXdajIp3OtmYgvPbjOIfSTvZBc/UR9EoOcvoZ6PjVxbIzKJHOknrRHbnymtqmnqdCozJOrGOp3cRjbqJteslv3yiZy4EWppBTV3VMi1TzcRDP29UwdRPy6KTfozpZwlosYv7jYqTZjAeuuq0rPqn9H1LnMNXWQMvT7/oiuMlINnKC3CUEWdRReTKH6b4ydur3EiXQE7B2dHJnVXXufzFOP6Ut6RfrXwnRXvnMehgplr77RE8kSDVCA7q8qaiKzNKED6MJ3vuIqstOnj2Qd5mTvrYMf+W8v53ReasDWA/XPRLvFckd6SGvqwTxUmD2Z9Wa6AjG0F6P0huh/itx/gXxQkyppNrXYCa6vHH2OsHZSq+WMWiZWQwH6uEL0vCdwRGenViU+0pW8o0MeyP4cop4Ty8HxfsIHWS0LVXuibnb1hpqkhMpHhftOLWFMY9Px1man7FTPdF7diMo0jfTVn+U2f1eSveEkmtdlBSQxmpDjP8owomQOzjUT57KSmaxJ3wwqk/GcwRhpwgp7QlRpoiujMj17BSqy8nSh1YwPiK4bsgbyMJo2GUkkHN34dyfRWNNHzCIP3pYQKqDM5MFSYrK/LtLLDpOa0kmPknhSgkqhmW7JmhtMxfuOLBpbDtlJjZp0Im+osEOZ75hSwu5HVTyQ7ioW1uhPdrCaRl0ZHTPVXjXAyk7E/R1XrWRknzT0KJfkCBWdjycz+eJLPD1M5jjNyh8olYhBzcmfL2UMjhCrBpCVdzBzVdVDIl5i5JI7rO8LxAgPI51VdjDXmRnN4vhKTJ+sP+nWZLhR6oK+oxPoElKfKGpLW3WGc/1EPttA7B1I5qggI/RT1sA+vKGXammdoiq5i6Kynmy/D0P1dCuleipBaojepY9DiHJTEGolRxx2Ug21gpo/iE4qJjZTP26ny17M3x+T19RHdDrM4zHOOwAp1VqipT8RoSBSUsFcJJq1I4tPpuvtQzzdRRRZC8MuJel1SuJnPDqLTOii51MrbpeUcpXutChyU50nJwoMU4FGKPH3uVSyZ7DSDxHHe1MjZUMnHVdaEKFPMAOLqDJTYSkVQRMic164tebaZ7BKm+CZbkANuxAPVGf0V5WQDOF0wqxPuvq00hGB6p2dRArzqL/KMclBpMxBjTRYVpExXVyHk+/uiJiqmr6gc3p/4YxCWRGl5Yu8Z0d9wCsiwjF9W4IkOjH1nnhxkqrZTd8VQk14gf00nS5rE/1VY44TTNVUgCqc6M9oDaWKjmAFmtSvnVUwu9DPSEml2pR41Fjt1P5EudKssq7M0SfJLKc4WlF49SDOLoz9P4LVc1i/Iwr9Sn70YD+xLiXrvCq17QNZhliiqI4zUi2vlUEqHWd1nZzVku54JX3xKflIHVxVVUdCPUa3MV6ruWoHVhjv+bPDVC2lqf1qGm1ZJX3IjOWptEdLOnsX85oD641uqhQOq8qYo1eRt1vqY6ooCspB4zS5pKnAOK+HylSqRX/q+PV0iCOJm/voX4MZjwDyUmX2TWy6k6TMyCKMJFf+xKpsQiyuQffxVHoxpvMlnL1ahWs+ibN0qS/pSV9xxAD20SuxyAXrtYeu7yp7qCz/dZus/Tv9Wxo6nwGMdQR1aExWbUV5LBnVWBxXoazFU/Kc//bnMTJglHnJroujdgHk5Fx62U0sg944XOVELqrEXeYDKs9VrP+uRLN1HK8Rea+rzJIOvityzElu9RhbUU2qyBLmbp2uqhZSE/ahs7kkPe2f1Fd5pA9SXxyhvs4pVYzTuhqm2f5yWaKrKqyBo7qPHkGP0x1tJdxS1FtnyD711W9UGS8Yr17UHN3pZxpQm92LvIrllFQcLSYrTeQlI36IP0tKV1uD89H6PV3m00h33oNot0q9tBMx+jP1QvJyAuLyEzVX3FTl4+0Cuq/k1qv0HAyi2rxFjspFhNrCmr7Bihym+3AGL1nT83V/2UMfddxoTx7eR3zJiCV6IGPUVyWSF4x5fpmCIopHpE+bKWtUHTlLTeJEaaqxQfoia/ABXVdiFUD1d56cVpaMFohsxNbKkZhcjBF30Bf0I6I5iFOBRL97RNoAZu4kEbwSFWE3KqvMao86yGo8rY+xajrR8zzWe6hd+mM52qq0iMHIjyQOlGZvHNC72DNJUVMNMNrKatXNCCeXVpE8jNBN7DKOU81twwPprxxGAzrAUrJTN6A+rMboLJHTqpwuQj/di/2l6A0KUTE1I6v6Sbg9StLpfHJfl6WzPC7P7T50CXP1dRmje5KjE7M6tiBYJWTWislGKKMOipDpLss8svoOdmAyycQIXmB3/sYaGUVk86MaiKd81zhf6eU+dsNKIvgsdkIF9udW5nUfV7JTkpKzAjmPE3SMO8gu56iAQogTn+mBBrPGS6pXxK9m6jX5ojH9jtArbJEyROG65PWy+GZnQZDdWAcSh/fbfmhglERrqrqJjHda9Yyolhzh+iHV0WWy1VDqsJqcUwR2E6mq0JV91PGZiyD63F5Eu9F0jY/ISfWYt4QygZw4jD13hz59jh7EDOVRZaQ4+WYaXdNIKaYO0bcMp94oQ7/UU67reIxeNexirpLhru4uDfFOz2HM3BhEt1Wc7FtQ30CoTqlrMZafdCjVVAGquOnkwrl6CRJQqcUmMgwkDldl/z2QRpJRnuuarNXh8OBnqsvKrJx+/PR85uMIOSqdPNUh9C+f2GNZ1Azq7olkgmw4yHH8WInppQgxq7tkkYVyltn72TdbolJbRrsetpERW9JZNaceK0SM912P7yW+a7LpGMfz9Bm7idxLcYc1thNF6OOK4rRqrLsjULeiBv4J+fRtOzWjH5c+ayJxL6+xSuJTVw2TgXgoW4mra/i7WvTsCo/lKBV6Drp5P3ZJLpRSzYmzmVRGGSQB1KM/qZfIgmYqlSonWZjvOGSzititi2OVRFPDiG0GncsCcuB+rqeWOscKnExX2U0UuhDf9rI+kqqXEo0dfIRzL8Y1lSO6tpds9GMpMJzxjsOMLmcfnqbumEdFE40rW8p5t5WyegDVZ2WZrJ7rhOoSynC8bkiLA7o5c3qdOtBDFddEZVb3qKuqoJDOQT8kjMEk6p8p0omaY5nkopJbwZgOohvtzQz0oRItxPEPUekk4ruLMpcGPV9i/uaGXJdFxIba9IJv+fPz1E4HecxW5PGFVLgpmJ+zkld857M81ABr2P8OvCT3F1NT0UA6ks9O8VjDkRpvZDFj8ohdFp2dtV1KcoUz1WWkNpoSc/tT4dxjJ71iF9TXjdQl0UZedtgyTDSeczZt8VAfk2XaoQbZ9agJM9B/tKN2XiQ50ZOKKy+Pu5dYQv1MZG+sb6GZxKYuymA80kfo66jZcM9Qyt+eSUxchFCy3xOMwmjOpS2ztVSlpOtJTQQ+iHbqpJ2KXZyMa04oc1Un+ilbx2VVb+UqStBDzsIrO1TnR1pVhLFpSdbbzRGTKGIiRhCP2mEBVcwN+ziVxhY4VV61W0+mnisojakjN6mKdDHf5BrjvkG5qEh7kF1jqzVSRj3QGZSWnXY+4mpsOyeOcx1F1S04dQO9n05vJ5GonQpSi7BHihMl48m5yN0S43iUZ7oh8rKjOhDH+1FVDsVH9OeqHpF5J8txrYjfS9RX1lcNKqbTzEkP7FZtiN5VyOTxpB3267Tqm36MLhhNl3BYCpO7h7IyHhMfV3BFvzPzpeUrmaWmmilPpZrqR6dyh6j2kW7sGvKTZS4Sf3ISXcPEX21k5lPxM1OQn+/vwZnsY+UfQGvVDCHqvkrDI/UjLtyTOPhAntnHenqAc3JWe63TksoRSj23zc6KJOJV58ziyl+PJ+tmQHl10Vivb+p7ajPxLZtc042NhI4u1N07VDrHY/mdFTmcVbGHGHOar4li6QLM7DMi3lt1n8roLd1OQrWeeN+E1X6T2rIiK2+83Na/SVp20VR6iPzkysKsgbd0Dv3IgOVQjhquBivxib3IWKL9EEelwAS41c+qhbXUe5A/mSajvW+oXyZyBu/JBRNYF/kYs/e6AzKodmiP18rnRMOI93dZrU2QnFGJiZbs6/Vk6lbE3F+xTM+g+5tEJxubPfZVRhEJUtGFzqDDDqW3akG1uVc9o+rrTPxIr8AM+6kc2Gp9M35R0RGfeLSL6zrGlR6Sb1RqiRCPzjQdbrBmWqEhc5+Sri4jXcQF9lxcIutx/iwtMTWEP18qO+lgk7Ant4pPj0QnCvrOaZdiPE7KbBWhR2Gxuqkf6sVGZbmpjpG/XkTu7lksRfRB8tli4vA3GUZN9JGuopburdMw/jXJJQnYL+3YmT+rfPou7ukKxq+6kNpDPZIKJY0QcuJh1vsuvZwq+Aw9ZVVJoeNSmz1CXpWd+GSTAy9LajLRE6qCEsZG9lio9rCqu9r99QJZp3ZxlTXR1v6djBlu95UERhpdEKt0QmY8lzpM5E5MLk9OVdOAiuQ+Y/iQsTqDn9Uv1NO/4J53qLnJcchbVn9zNFQjjQ2o5t1n7tB7vB3g8l9iD1Ir6Z0M3cwMRD5brKVE3kJ+CyPuGA2klX1epdfbpJqu47/RUQ9nrKfGPPmstvgNidjouODpRIddy1pkzabmfR8eF/uoXrt6Utnx9ULvDl0Gy72NdFK8tBIZe1SQjiVb7d+MFOZolVvds+fKbiNUd1QDzTZUYO3NceQkTad3XDcyhxoDVUrVTfVXLYyo1ldcvUZC6zqW6mZGbI8f1XxxtJI15jlrkBXNSGbOk5iOlKy63PKr3QJZVXt0MlfYM73VpENYHyJyB3JUP6qTiqqv465lOJYRuY979ngyGB2I+E8jynoCvUPC3uhGX2Pbp61WdiLrJdJJEW8f6zUCraN6GJJY9cykjt6W2GetQY4Keoo5zChhF5FmZqiqoRKo2mhiZ3O0REtrlqOmtLDfmJ9xXwf65fPb5vfGjGp9L+mUAnUmR1K7vxpp7fBskPPKXz1wfLEtI6cOtZy4br6QAdQze+3T6hbxo6u1I2KXXUf9LFfthcYq67rerN+Za8xi1l2rhmnrRGqtHuJNbtZCZonh7eeJGRFsmTgdlt4+qA5beexBjiv4xfvVziIbInpLT/XFDvS7Yh61WtqV7JvGRuuM+caoYs/CZbOcaqT6IEzPsqY5LurzVmO/S3LZLmd66QFfOO6a5/33R5m/0jiEHrJIxZAItcvOR3UZrLqoq8Yu6WiH0Rncg0fNpn8gF7Fm6qr38kJ+877SdeG7rtNb7dP1qajeq5jGQ3uqrmcUZT4XSZiebFxHgDTXiawNEYOoIAt7MvnOqdub9QWMxSk9y14rlTwXdJAqprM5ihnFdTM7lp6oIqwM5hgjm86AG9TF5HrVW7z2S2rADlZmo40c0/PoYuuogsZBI75/iijzl0vVJIZtptIarg7rj/qeZFY91BrjsYzz9MJneuIHmKBToJHaoNOrIcqi+zxuJUMyFYuoWk7FpjYPk7FqrRqotXRXfYluCdQ+fFVL8St1TROrBL1ZUeyx9tBXp9ftqBgyqWSy1N5Gzu1E/jypk6gcKoXs174rcKWknlqIR9STRxiHeNRgvZCPjHVSstnV6BgHyymMJLutxyY12BwdZf7a44paRywM1SXZ/0lQl6pjuEpvDMaXiBpUnWNUMnzQX8mfH+kRbiibqmm7vYHIF0IPt1VdlR1Sh/nriSx0NMWwVk6QTWOpwVQ2aWU1JlsvEKDqco51OaNsVFOtVQzVQK210yFIJiCp7kLUT+y7Ki2fyW2DqJeWUEkNpCKri7lcf1l642uSCU30cx5rKZmrn74qv5AHlKoZ5fpiGuNwV3WRYkZhVR8d1SkZg+OqPXXxkYheZnZjOUpScezkaipgpxpqVJIN6o726tiYaRyho5xGNNJc+U7ZLlXUSJRRQdBU9Q61kk6xiypiPjG/qU6YpKphu4orbYz96jbyGN11Palu7JbP1kj8pBPrWqqGUV311CeNi7alx6uxuK0nSHVJSRV8x0jOCPwubeiBUzDer3Uqqrgn9gHtH+X6hlI3djL26gxGkNqLdES9yfqkGmunVlP0MWOIuZmRT4OLyqIq7Ka6GyPJlfN4rPvSxSjHPDVXc6lXC6nJMhsL1Rn5Tc2ndmxv5CFfPxA/45HfFedk84NsN1OpwIDB6OffwEiEyY4xskwu+pXBEqufkd1KbnU3dhgPjF52C7+Ddh/7omMhKuj5eqduSGVQw3+AJuerd9QdL1QwPbjvakcRuxERL6r15ZC1EmK+1VdwQo9U05SJEjpUVfOWVT0knpHMeIOndiq1Xp1WGdU+Kq6UPEIt4yTzVMBYp/JhqJrHKlyhta6jAlV6Kub4uI145lCqlBZ6r5HfXG1GILEc8SuuCqihqjMjkh0Ow6lWSG3jMq7bTdRz27Zzm5WM2eS98iqN/cKeqjbKOSuB3qIX6Zt0DJftEbJdGVKCc/qkP9ATOOBvP7SXR8nvb3QG3dZRVl7S16UzDlOZFtBfleHtpraTPz+qWeqTd70aZExTU9QTPUoFSh/jq7lH7Vfl1BbVWZIbM+lYW9uT5KEKxzVdiagwDW+N5/ZbXUW2Gaf9ojm7kmHS+keowf7nzXp+w+mFTUdKsyx6+FdQNe0v5Jg83ghHP7Ocw7Rum+WtV9ZnIwfc1h1rnn6iC0hpI6OVTYLNqvoURwzR49l/o3DKu9C7WUe1vnH2c7uuo6LuS++TkvP+SZ9gRMMi8qpJxhCkN2yM9exhPvYTIe2IJFgql41UfhWUMvqxY/pYiY0AOoR9nhxy28ik6ulUagt2yGxjkR5KNAgy3hr9WZnU86o/biGGUUjNwWI9VJ0w88pCo5K6oYsZPe3i9hu/+8YZ45G1AI2tm95lqpS08ia3m0sNmaKDZLN9Sm80S+k3uofKbj9Un+hiR9le7xs7qvUVtlbp4o5u1hRjuo7v6Ev2akjtPi5iuxQwi9DffkSTcDor+NNp5QhPZL2R10Zrv0FkuBD1HOU90VQe2PbPEQf0WsPPWGuvQFZzDWqrvHoZfdEhnPY7G2AZ0ckJL1U5/xJmc792WGl3cHxx3MUbv1EqgWQ1O1vlvLMCKpsTHE28Ncz21DZXzc26vme/N56M0LXYO8q6KK8cRexXct5cbU1Xo/Ud2eVN4k1kRbW+2vZ1Pdu7zjNUvngO+M2UikYSe4veEHENo/yS47UkxWvPS+W7RlNeBYSl9RQlGmXwe2/HYLcWRb8I264gHXTO8HFoadxSYk9DNrMJaks5OzeZor8+Y8w3itE59UB9lV11clySOBLdslUH/3byu7lM3ZNGZmbbsq45t5hlzTVWH6T0BthLjdi6UURf7xnpp1cQ8d5Z0XHfHMR+u0aMTaWSek/Zb70RnpLeqNaX3DqgK0YMjngg5z2T/evZCY0h9jO7usdPqvut1wXpjS56q6mXOok5TPWLWBG+HkGGA3HtM7qVbJOuYe1tpbfjueelrm5uMoJknzpn/IJ59larAHs/v33Dr3nAbqMZ7kgSo6D/R/NXxwj93pvFkTWgo+z2fyqbpbujEjPWMuCIec8xPmKnccdzxVvG0c2eGLHD81yvtFJLQSlth2Kj30FvLYQbdeyKUtvuqlPpWRF9I6Ja3zbvODu694Nt6MbeE/5H7das7+Y6tp1LF/Ir5N2r16vi4UqNIz+dUGvDl4c3QmHjocy128py+6XeEFYSv+gZEjPiutQ2X5GnwtQlo5/Vw9vB2qRjIam3hppi1FXX5aOOb4qq58iPT3Zd7wSjTsAAGWe+tHqgqGOVt760DzhpTjVXeGZINE8LO50Z3VrvGejdKtXsrPK7tZl+0+U3xyqBU9hntURWa4j22jU8h6Jc32bt0HfDD+kQ3dtbIeCsvcJoozta36Sf/dho8G2tjsBDqwyeWYf0edT1PA7bL9fVU2lv9ZWJ9lb9Ikw8R3UJu7VnIeo6Tho9WT9OI5H13hPbLmKfltCIHv7ZAmKZx+hcu5h9/aubZx0RVlm7lKNgtC8S7N8zrL1kdUz19rMvBKR3HDXDIoaqSeErrG4OrzXK8z6iNqbpDjLaTiwD5aajqHefvMJguWJP99bThfSFiFjhUa2vP8I8tbyPVAo7rye70cnqiTqMTojxQv/kFyusr5ETs9UDmSdPtRG+T20Ju4I6Riks9WTHTm9+bA4Xbyf7nhmH+HvMTGJ+k8LUJ5c9mcPf25ft0zok7BUWGfOpQfrYCRwbzduIifv2UWw3sgXkkmyOJ2EZ5K6Z3R5on/MfY7jN6d4hEvbtiZXFnOdd583kaYbM9nhp6unBTo7ueGmNkglSXO/Ve8Pf2jV0B68ZZf4SoR/9TiajizeBd65R2LvOr7tyeSf5WMGsFdbUiI/EjhH4yTgkY8PHqNCwKjhh5sGE8OHSLWIrhnumqS12Hru444TK5WhgKIlmbkQdfSQirgqzo+mHEWX85vnvND5KiG7mGBCwVDo67tvPjRmOkMCUuOQ/PSIQU+mN5lt5HW2N1mYLz2nrbvgGa4/jq9fp/eC5jsxWcr0gYqus1Nn9TnjXyO8yXsqgWdhpO6cc8xbzRLU+ZaTyVvY4HUeslHZyvPK+RAXjsDenOUQn00fDozmaqwRmddXHoO8LX2KUCk+scvjR6Vh9ZJqXvebNYV+y4pklzWqquJHWXCKbzcOAju7dgs3eRPoi+SOHeYJqca3tcaRxbJaSKGw3NLIb9ZwZEezI4/2oJ5tNvK3sjzqXGWTu8g6SbuGprIpmTauadcnKprrqmlIn4hH9E8wy9gg0xTYphHwRY/QGNLVSRMkPdYwb2Oq9bE7UA/Ql45g1whhuGBFhxlB7t/dG+ESzk/3Rz42GxnsZEBZbBofXkQQBmfUkz25stR6qE95CfhF2HLujf3HlT/zMiTxmoJEMQd4DaE3UG+2t7r/O32GWlVP6sWOxo5l+4BhnH3HMcFSPPlsu+c/z3sINc6c3HRGkuqpvnvGs8Fa2OtprzGT2Wm8eXc5YK5XtYt4qjtgqhXlRl8VeOHV0XcnbQSc0e9qLolzfJqOV+uDNYYbqbnLF0cbbmQjcN2KcGoG29oTwQkawTPPPo7Ya66V8RCFH3fASuOa3SHW08qgGVmOjRcQVR007TEdTu1U8tcQoBLcRh/4/mx1Nrfx20F5iFTIuU2uXxyJ9y9HCeGmXQBkrq6O24fIvJJ/MuJ4z2OSYatlWHrHwyqjjzWM3tAbYpcwJMsrKqFeqpd7Jst0z0S85vVlj37m2iHJ2JrO9ncvzzTFBMke5vjtGfTr/y34FUBAzzPT07IvMopZvd3YxVPcOdRxHNGOC8dgQq5pt+L0Ij4bu5jlt2BmlinxT8ejpS1qr1RhHRtXBDDUO6v1mf2OgnUIvQlm7vr3d+hxQOOBXM57UwQlHR7+5OsCZSWBOdJSOHh3+/nFQy4hnlrcf2U3EUhUkif7Nm9/urssaGVUdrLHi+HWHby9DNkd5v5VkplVIpRc7PokHV/QRs60dNb/XMcer8vargFh4Rzde196KXn4F7QdqqfFFYngPB+RWszFYFfcroZfC5Rzg+YyHAdV1TVXFGKPXm721C7/Zm5EWG9HQfGy+tLObA40qkoLqsKm3lJ1HnMZMI51aLTmltJnfbGYXUkqfNq6rZo7H1MpJ9AkUcHzyNrWmyCxjgjLsyXqSt7hVxvxg2naQ+kJn6ZEEtsdsqANRTPnO019CAc67Jm4Y0fjvqNZ3RGqJ7/uW76iKYyC/lIItN+SMJMclETq/bigtuyQJXqOOdJRJsoZ9NRZhYqCPBEIkPs5JMD5SqQ5EVnq+6TIHCTAO96QG5kgvjOVoFzhSM9SVc7JXrotP9xTCOKngu76DhVIe8XBBeomJ7VIYq+Sd5ORsq0oAziMlf79AessbcUbuFa2K2mjG8eb4dkOiLJZEub5sMJE7crd0KaRGR1zAKs54FMrwX24ZJCs5qyEyXIbyXbG5jtLqozzk/BSGSCL4dgI3kQrySTrLCc7wsaTFcBnGOe8mzsXhCl+yMk8xCuFcTxY4ecRmUgC3GaP2SIZP8O3OTokkvh0PnPVGHrcazkgbRvtnpGeUhiMQcRnPdzIBi7mGlHgkEfKcMSgKj5yN0v8dlopym+qiMPYwuvnRXwbhqRREAMf5Jg3wE+byt4eZr8ZEiS+MaiuUwwD+9J5ckeQcoze1xXV5JOHSHifp5auiB75JxchvapVBOa67CMbLR77nGu4LOJ+TdIy9WMNalktHVMZ1RiE2+6wlVsqv2Ovbl8SK+ibVkQu3IqunLFe9g39eYx7DpZ8M5dHPUvvnijJ/vqvyLhyUPqhFjdeeWRmMEKrheYiGk7DED/mZ4deMQxpWbj4skW6MfW2ZJb+xtkXqw4+eMAZr87KcZ21el4z01vERi+uLpc7LKs42N/VLNVbKFfmJ75vG/OaUrbIKN+WrxMNB/nyg1OYKTTRiVs7xmONwV1ycaym0QAepxLpozDUuktT4KpbMlmXSCKvlIApFub6JVOf7JLksY410QwnmfCVr4bSUZa0+kXQyQqYjBtf6SDKxWtOztxLJWmkspfFW+mI613sHn5n9key9MB0hM6QWyst2GS3N2U/hrG6tq3Dtd6g7CnI2FVEJFaWhbJGlkd/RfccM9mYmsvHoXdCQtfqIHnQW2rEeL0gqNGKtJuRxojMa+fBcmsom8Weki+JnTOYqo1qf7/vKa5i1OKzyNuiOvujK8dbKW86tJOazSoAS0oEx28ZOn8y1+a6uVuO8j/PvIxj3iliOreyLU3x9k6zslfnMdlLi0ilm4gGRJyPWSGUMoopJzVjEwNnInYSzZQyr0LejZ7gkQwaurAz/7dsJPZO9khqnRfu+m8aI+ksCuNm3EawQ3zd4a+M2+2YlV383yv6rQqQdw1kUxChWXmMiVUmOs4Iz2c5ar8767YoR7K6ynGM7LJan7Jvo2Im20hZrkQ/TZS/qcx2+PaE3pRFr8bQclQfEkK0yjVFKgt/YV++kIb1yN/Z6d3Qj4vwuQeRbP2JMZaJVfQySqghiNc6XaHz/SEayH4CXrP8UWM6eLIz9zNkMxtf3bfw6xIC0oBdH9CjX52FlF0YtvhJiKoZKZnSVLLKCVVoFN7hCF/v6GvliMGunPzOXCDXExyqnZStXlwoVWGV9WOFN4Y9ixNd17BaXipA20oKK5JOMk1+ZnbrE3guyFuvEy3f0ZL02kCRkjjS4KmuIX8XoK2qxsxIgJxkqM+MSxlcbxi2cEd8kd1ktXRixcM6jg7SVdlKaGRkk0aOsz1pIrJKy4ntKHmbsEfxVSaJ4P1yU1ez47exv306DcURC31XY67KD2LOF0XdLTTRHS7kpvt3cUyWU1dIcnYl30ZGTvbyd1fuU765JXrjMaktAPj1BJXKN3Redc8qESVxpbKTBbLLTB1FqAtoyos+JwJmRgu/fyaMM5qov45X4vsXg+xbtFnJQd8ayPTMdF8+ITjHloW4v6bBZwtDKviNBck8fIzb11wlUR7uPlJMI7c+cbJTzdhfiRzP4qTWygSyRwEigM2AFY5ics9jKGh3BKtrHI3WRhZKY1ZMOecjDBdUR5ZVPdMJPOZsszNcZY5Hy6FB8U4XI18c56gM9Cg3wwV6u0slZfRuHiHyGsQ7p9EFiYSqqAJBRE5PrtrNCDzLu7YhXoeyU0+q4UVpSSbiar5vKWlUK4xHNjK7roLVRTl5TYVzVfeDRNoLVXW9Co53c0nuVGx/1S+J0d12O476WF4xMd9aiYm7nYoFc5r/PylyydXRiliY/xWRWC8s6RjE3az+OowxRNQ0c1kPrG9xqt31Ex+bxO0gGiafr6fY84n31VDXBfub5I+c5kTX8gHN/FXkPCg97dCK93AVZb/QzW6hz8lgGsLJeS341hN36Vg1FS5wzAokwDdU2TOAcZuOQXsuKvmWXRTl1R1+VCmqYail+0kZvl31f95hVVU6rkz6iZzjGyRFHORQyU0lye76ejTnqFvO6WdXXKfynsDof+LSKfiRHjcp4iU+6qnQ0Ovu+d2rP0LV1EcmtKlmLrUBGsSZ77AQ7JxGzfJLzT0FkI+9z9XlZ9eWIHy9kN3PtoK7Lzzo9Rt6bzXcdwC7i/Xii1jadWk3WY+21ZMusSGR0J/Z21NmJRlX1QK7vZ0whO6ckl+fj+nPxtwFIihpUvL5vZfdO3pFIVIVdCbLnbA0MQ3L+fb5yEKNPEAOBa2RV4P8DLSv6aw==";

if (!customElements.get("img-daub")) customElements.define("img-daub", DaubImage);
