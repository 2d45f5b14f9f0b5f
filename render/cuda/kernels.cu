// The CUDA rasteriser's kernels, twins of render/cpu_kernels.py. Conventions of the model: render/gaussians.py.
//
// Additive blending has no order, so neither direction needs a sort, a depth or an atomic:
//
// - forward: tiles of pixels are independent; each adds the Gaussians of its list in index order;
// - backward: each Gaussian gathers moments over its own pixels, in pieces of about PIECE rounds of a warp, as one may
//   have thousands of times the pixels of another; a warp takes each piece, and they are added up in order.
//
// Both are bitwise the same on every run. Nothing waits for the host: lists have a capacity, and one that is too short
// spoils the picture and holds the optimiser, so the host may look late and then repeat the steps that were not taken.
//
// No includes, so that NVRTC needs no headers. Upper-case names not defined here come from render/cuda/source.py.
// NaN and infinity keep their meaning: a Gaussian far thinner than a pixel overflows q on purpose, and `q < SUPPORT`
// must still turn that into zero. So no --use_fast_math.

#define FULL 0xffffffffu  // all lanes of a warp
#define PIXELS (TILE * TILE)
#define LARGEST_INT 0x7fffffff

struct Settings {
    float SETTINGS;
};

struct Verdict {
    double VERDICT;
};

// The first index not before a place, and the first one beyond it, from 0 to the limit. The conversions saturate; they
// make NaN zero.
__device__ int first_from(float place, int limit) { return min(max(__float2int_ru(place), 0), limit); }
__device__ int end_after(float place, int limit) { return min(max(__float2int_rd(place + 1.f), 0), limit); }

__device__ float warp_sum(float value) {
    for (int offset = WARP / 2; offset; offset /= 2) value += __shfl_xor_sync(FULL, value, offset);
    return value;
}

// The sum of this lane and all before it.
__device__ long long warp_scan(long long value) {
    const int lane = threadIdx.x % WARP;
    for (int offset = 1; offset < WARP; offset *= 2) {
        const long long before = __shfl_up_sync(FULL, value, offset);
        if (lane >= offset) value += before;
    }
    return value;
}

// How a warp walks the pixels of a Gaussian: rows from top to bottom, so many at once, 2^across_log2 lanes to a row.
struct Walk {
    int top, bottom, at_once, across_log2;
    __device__ int passes() const { return (bottom - top + at_once - 1) >> (WARP_LOG2 - across_log2); }
};

__device__ Walk walk_of(float y, float k, float l1, float l3, int width, int height, int *pieces) {
    Walk walk;
    const float reach = sqrtf(SUPPORT * (1.f + k * k)) * l3;
    walk.top = first_from(y - reach, height);
    walk.bottom = end_after(y + reach, height);
    // A narrow Gaussian would leave most lanes of a row idle, so the warp takes as many rows at once as fit.
    const int widest = end_after(2.f * sqrtf(SUPPORT / (1.f + k * k)) * l1, width);
    walk.across_log2 = WARP_LOG2;
    while (walk.across_log2 > 2 && widest <= 1 << (walk.across_log2 - 1)) walk.across_log2--;
    walk.at_once = WARP >> walk.across_log2;
    const int rounds = walk.passes() * (((widest - 1) >> walk.across_log2) + 1);
    *pieces = min((rounds + PIECE - 1) / PIECE, walk.passes());
    return walk;
}

// What both directions need, 2 x float4 per Gaussian: x, y, 1/l1, 1/l3 and k, colour; the tiles that the bounding box
// of its ellipse touches, half-open: left, top, right, bottom; and the number of its pieces.
extern "C" __global__ void __launch_bounds__(THREADS)
derive(const float *parameters, int gaussians, int width, int height, float4 *derived, int4 *rectangles, int *pieces) {
    const int n = blockIdx.x * THREADS + threadIdx.x;
    if (n >= gaussians) return;
    const float *p = parameters + n * PARAMETERS;
    const float x = p[0], y = p[1], k = p[4], l1 = expf(p[2]), l3 = expf(p[3]);
    const float unit = expf(-0.5f * (p[2] + p[3])) * ROOT_OF_1_PI;
    derived[2 * n] = make_float4(x, y, expf(-p[2]), expf(-p[3]));
    derived[2 * n + 1] = make_float4(k, unit * p[5], unit * p[6], unit * p[7]);

    const float reach = sqrtf(SUPPORT) * l1;
    const int left = first_from(x - reach, width), right = end_after(x + reach, width);
    int own;
    const Walk walk = walk_of(y, k, l1, l3, width, height, &own);
    const bool seen = left < right && walk.top < walk.bottom;
    rectangles[n] = seen ? make_int4(left / TILE, walk.top / TILE, (right + TILE - 1) / TILE,
                                     (walk.bottom + TILE - 1) / TILE)
                         : make_int4(0, 0, 0, 0);
    pieces[n] = seen ? own : 0;
}

// One warp walks a part of the Gaussians, in order, for a run of WARP cells in a row: a lane per cell. Once to count,
// once to fill. By gridDim.z parts, because rows of cells alone are too few warps to occupy a GPU.
//
// Cells are tiles, or, if `tall`, bands of so many rows of tiles, all bands in one row. With the lists of bands at hand
// only the Gaussians of its band are looked through for a tile: all of them would take millions of tiles too long.
template <bool FILL>
__device__ void bin(const int4 *rectangles, int gaussians, int columns, int tall, const int *band_start, int band_parts,
                    const int *band_members, int band_capacity, int *start, int capacity, int *members) {
    const int left = blockIdx.x * WARP, column = left + threadIdx.x, row = blockIdx.y, parts = gridDim.z;
    int begin = 0, end = gaussians;
    if (band_start) {
        const int *band = band_start + row / BAND * band_parts;
        begin = min(band[0], band_capacity), end = min(band[band_parts], band_capacity);
    }
    const int share = (end - begin + parts - 1) / parts;
    begin += min((int)blockIdx.z * share, end - begin), end = min(begin + share, end);
    const int own = (row * columns + column) * parts + blockIdx.z;
    int cursor = FILL && column < columns ? start[own] : 0;
    int i = begin + threadIdx.x, next = i < end && band_start ? band_members[i] : i;
    int4 next_rectangle = i < end ? rectangles[next] : make_int4(0, 0, 0, 0);
    for (int first = begin; first < end; first += WARP) {
        const int n = next;
        int4 r = next_rectangle;
        // Those after these are on their way while these are gone through.
        i += WARP, next = i < end && band_start ? band_members[i] : i;
        next_rectangle = i < end ? rectangles[next] : make_int4(0, 0, 0, 0);
        if (tall) r = make_int4(r.y / tall, 0, (r.w + tall - 1) / tall, 1);
        unsigned hits = __ballot_sync(FULL, r.y <= row && row < r.w && r.x < left + WARP && left < r.z);
        for (; hits; hits &= hits - 1) {
            const int lane = __ffs(hits) - 1, hit = __shfl_sync(FULL, n, lane);
            const int from = __shfl_sync(FULL, r.x, lane), to = __shfl_sync(FULL, r.z, lane);
            if (from > column || column >= to) continue;
            if (!FILL)
                cursor++;
            else if (cursor < capacity)
                members[cursor++] = hit;
        }
    }
    if (!FILL && column < columns) start[own] = cursor;
}

// start (cells * parts + 1): how many Gaussians of each part touch each cell.
extern "C" __global__ void __launch_bounds__(WARP)
count(const int4 *rectangles, int gaussians, int columns, int tall, const int *band_start, int band_parts,
      const int *band_members, int band_capacity, int *start) {
    bin<false>(rectangles, gaussians, columns, tall, band_start, band_parts, band_members, band_capacity, start, 0,
               nullptr);
}

// members (capacity): the Gaussians of each cell in index order, from start[cell * parts] to start[(cell + 1) * parts].
extern "C" __global__ void __launch_bounds__(WARP)
fill(const int4 *rectangles, int gaussians, int columns, int tall, const int *band_start, int band_parts,
     const int *band_members, int band_capacity, int *start, int capacity, int *members) {
    bin<true>(rectangles, gaussians, columns, tall, band_start, band_parts, band_members, band_capacity, start,
              capacity, members);
}

__device__ int saturated(long long value) { return value < LARGEST_INT ? (int)value : LARGEST_INT; }

// Counts -> where each list begins, in place, a block for each of one or two arrays of counts; one entry more becomes
// the length of all, which lengths[slot], and the next for the other, keep too. What is beyond an int stays at the
// largest.
extern "C" __global__ void __launch_bounds__(BLOCK)
scan(int *counts, int entries, int *others, int other_entries, int slot, int *lengths) {
    __shared__ long long sums[WARP];  // of the block's warps, of which there are as many as lanes
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    int *start = blockIdx.x ? others : counts;
    const int end = blockIdx.x ? other_entries : entries;
    long long carry = 0;
    for (int first = 0; first < end; first += BLOCK * SCANNED) {
        const int mine = first + threadIdx.x * SCANNED;
        int sizes[SCANNED];
        long long own = 0;
        for (int i = 0; i < SCANNED; i++) own += sizes[i] = mine + i < end ? start[mine + i] : 0;
        const long long through = warp_scan(own);
        if (lane == WARP - 1) sums[warp] = through;
        __syncthreads();
        const long long through_warp = warp_scan(sums[lane]);
        long long begin = carry + __shfl_sync(FULL, through_warp, warp) - sums[warp] + through - own;
        for (int i = 0; i < SCANNED; i++) {
            if (mine + i < end) start[mine + i] = saturated(begin);
            begin += sizes[i];
        }
        carry += __shfl_sync(FULL, through_warp, WARP - 1);
        __syncthreads();  // before the next batch writes sums
    }
    if (threadIdx.x == 0) start[end] = lengths[slot + blockIdx.x] = saturated(carry);
}

// Whether the ellipse comes to the tile that begins at (left, top): the part of it in the rows of the tile is convex,
// and begins and ends furthest where the whole does, or in the row next to that.
__device__ bool touches(float4 shape, float k, float left, float top) {
    const float flat = 1.f / (1.f + k * k), reach = sqrtf(SUPPORT / flat), size = TILE - 1;
    const float low = fmaxf((top - shape.y) * shape.w, -reach), high = fminf((top + size - shape.y) * shape.w, reach);
    const float furthest = sqrtf(SUPPORT) * k, l1 = 1.f / shape.z;
    const float last = fminf(fmaxf(furthest, low), high), first = fminf(fmaxf(-furthest, low), high);
    const float end = k * last * flat + sqrtf(fmaxf(SUPPORT - last * last * flat, 0.f) * flat);
    const float begin = k * first * flat - sqrtf(fmaxf(SUPPORT - first * first * flat, 0.f) * flat);
    return l1 * end >= left - shape.x && l1 * begin <= left + size - shape.x;
}

// image (height, width, 3) = the sum of all Gaussians, less the target if there is one; squares (tiles) = the sum of
// its squares. A block per tile, and a thread for ROWS pixels of a column, which share what depends on that alone.
extern "C" __global__ void __launch_bounds__(PIXELS / ROWS)
rasterize(const float4 *derived, const int *start, int parts, const int *members, int capacity, const float *target,
          int width, int height, float *image, float *squares) {
    __shared__ float4 shapes[PIXELS / ROWS], colours[PIXELS / ROWS];
    __shared__ float sums[PIXELS / ROWS / WARP];
    __shared__ int found[PIXELS / ROWS / WARP];
    const int tile = blockIdx.y * gridDim.x + blockIdx.x, warp = threadIdx.x / WARP;
    const int column = blockIdx.x * TILE + threadIdx.x % TILE, row = blockIdx.y * TILE + threadIdx.x / TILE;
    const float x = (float)column;
    const int end = min(start[(tile + 1) * parts], capacity);
    float r[ROWS] = {}, g[ROWS] = {}, b[ROWS] = {};
    for (int first = start[tile * parts]; first < end; first += PIXELS / ROWS) {
        // Each thread fetches a Gaussian; those that only their bounding boxes brought here are left out.
        float4 shape, colour;
        bool touched = first + threadIdx.x < end;
        if (touched) {
            const int n = members[first + threadIdx.x];
            shape = derived[2 * n], colour = derived[2 * n + 1];
            touched = touches(shape, colour.x, (float)(blockIdx.x * TILE), (float)(blockIdx.y * TILE));
        }
        const unsigned among = __ballot_sync(FULL, touched);
        if (threadIdx.x % WARP == 0) found[warp] = __popc(among);
        __syncthreads();  // which also lets all come to the end of the batch before, which this one is to replace
        int size = 0, place = __popc(among & ((1u << threadIdx.x % WARP) - 1));
        for (int i = 0; i < PIXELS / ROWS / WARP; i++) {
            if (i == warp) place += size;
            size += found[i];
        }
        if (touched) shapes[place] = shape, colours[place] = colour;
        __syncthreads();
        for (int i = 0; i < size; i++) {
            const float4 s = shapes[i], c = colours[i];
            const float z1 = (x - s.x) * s.z, lean = c.x * z1;
            for (int j = 0; j < ROWS; j++) {
                const float z2 = ((float)(row + j * TILE / ROWS) - s.y) * s.w - lean;
                const float q = z1 * z1 + z2 * z2;
                if (q < SUPPORT) {
                    const float w = exp2f(q * LOG2_OF_W) - EDGE;
                    r[j] += c.y * w;
                    g[j] += c.z * w;
                    b[j] += c.w * w;
                }
            }
        }
    }

    float square = 0.f;
    for (int j = 0; j < ROWS; j++) {
        const int y = row + j * TILE / ROWS, at = 3 * (y * width + column);
        if (column >= width || y >= height) continue;
        if (target) {
            r[j] -= target[at];
            g[j] -= target[at + 1];
            b[j] -= target[at + 2];
        }
        image[at] = r[j];
        image[at + 1] = g[j];
        image[at + 2] = b[j];
        square += r[j] * r[j] + g[j] * g[j] + b[j] * b[j];
    }
    square = warp_sum(square);
    if (threadIdx.x % WARP == 0) sums[warp] = square;
    __syncthreads();
    if (threadIdx.x) return;
    for (int i = 1; i < PIXELS / ROWS / WARP; i++) square += sums[i];
    squares[tile] = square;
}

// The error of the state that a step starts from, summed over the tiles by one block and in double, for a large image
// has more squares than float has digits; and what follows from it for the step: `Descent.judge` of
// render/rasterizer.py. If the lists of the tiles or the bands did not fit, the squares are wrong, and if the pieces do
// not, so is the gradient: the step is held, and the verdict stays that of the last one taken.
__device__ void judge(const float *squares, int tiles, const int *lengths, int capacity, int pieces, int band_capacity,
                      int gaussians, const Settings *settings, Verdict *verdict) {
    __shared__ double sums[THREADS];
    double sum = 0.;
    for (int tile = threadIdx.x; tile < tiles; tile += THREADS) sum += squares[tile];
    sums[threadIdx.x] = sum;
    for (int half = THREADS / 2; half; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) sums[threadIdx.x] += sums[threadIdx.x + half];
    }
    if (threadIdx.x) return;
    const double error = sums[0];
    Verdict &v = *verdict;
    v.held = lengths[0] > capacity || lengths[1] > pieces || lengths[2] > band_capacity;
    if (v.held) return;
    v.risen = !v.fresh && error > settings->slack * v.error;
    v.improved = !v.fresh && error < v.best_error;
    if (v.improved) v.best_error = error;
    v.toll = settings->price * min(error, v.best_error) / max(gaussians, 1);
    v.error = error;
    v.fresh = 0.;
    v.taken += 1.;
}

// The sums over the warp of eight values of each lane; lane 4 * i gets that of value i.
__device__ float warp_sums(float (&values)[8]) {
    for (int keep = 4; keep; keep /= 2) {
        const bool upper = threadIdx.x & keep * 4;
        for (int i = 0; i < keep; i++) {
            const float other = __shfl_xor_sync(FULL, upper ? values[i] : values[i + keep], keep * 4);
            values[i] = (upper ? values[i + keep] : values[i]) + other;
        }
    }
    for (int offset = 2; offset; offset /= 2) values[0] += __shfl_xor_sync(FULL, values[0], offset);
    return values[0];
}

// Whose a piece is: the last Gaussian that begins at it or before. The whole warp searches.
__device__ int owner_of(int piece, const int *first, int gaussians) {
    int low = 0, high = gaussians;
    while (high - low > 1) {
        const int stride = (high - low + WARP - 1) / WARP, probe = low + threadIdx.x % WARP * stride;
        const unsigned before = __ballot_sync(FULL, probe < high && first[probe] <= piece);  // the first lanes
        low += (__popc(before) - 1) * stride;
        high = min(low + stride, high);
    }
    return low;
}

// moments (pieces, 8): sums over the pixels of a piece, for cotangent (height, width, 3) = dL/dimage, a warp each.
// first (N + 1): where the pieces of each Gaussian begin. Formulas: `gather` of render/cpu_kernels.py. The first block
// judges meanwhile, if there is a verdict to be filled.
extern "C" __global__ void __launch_bounds__(THREADS)
backward(const float4 *derived, int gaussians, const int *first, int room, const float *cotangent, int width,
         int height, float *moments, const float *squares, int tiles, const int *lengths, int capacity,
         int band_capacity, const Settings *settings, Verdict *verdict) {
    if (blockIdx.x == 0) {
        if (verdict) judge(squares, tiles, lengths, capacity, room, band_capacity, gaussians, settings, verdict);
        return;
    }
    const int piece = ((blockIdx.x - 1) * THREADS + threadIdx.x) / WARP;
    if (piece >= min(first[gaussians], room)) return;
    const int n = owner_of(piece, first, gaussians);
    const float4 shape = derived[2 * n], colour = derived[2 * n + 1];
    const float x = shape.x, y = shape.y, inv1 = shape.z, inv3 = shape.w, k = colour.x;
    const float l1 = 1.f / inv1, flat = 1.f / (1.f + k * k), slope = k * flat * l1;
    int pieces;
    const Walk walk = walk_of(y, k, l1, 1.f / inv3, width, height, &pieces);
    // By their number as it was counted: rounding may have it otherwise here, and no row may be missed.
    pieces = first[n + 1] - first[n];
    const int share = (walk.passes() + pieces - 1) / pieces * walk.at_once;  // rows
    const int top = walk.top + (piece - first[n]) * share, bottom = min(top + share, walk.bottom);
    const int lane = threadIdx.x % WARP, across = 1 << walk.across_log2;

    float s[8] = {};
    for (int row = top + (lane >> walk.across_log2); row < bottom; row += walk.at_once) {
        const float v = ((float)row - y) * inv3, middle = x + slope * v;
        const float half = sqrtf(fmaxf(SUPPORT - v * v * flat, 0.f) * flat) * l1;
        const int right = end_after(middle + half, width);
        const int line = row * width;
        for (int column = first_from(middle - half, width) + (lane & (across - 1)); column < right; column += across) {
            const float z1 = ((float)column - x) * inv1, z2 = fmaf(-k, z1, v);
            const float q = z1 * z1 + z2 * z2;
            if (!(q < SUPPORT)) continue;
            const int at = 3 * (line + column);
            const float g0 = cotangent[at], g1 = cotangent[at + 1], g2 = cotangent[at + 2];
            const float e = exp2f(q * LOG2_OF_W), w = e - EDGE;
            const float eu = e * (colour.y * g0 + colour.z * g1 + colour.w * g2), eu1 = eu * z1, eu2 = eu * z2;
            s[0] += eu1;
            s[1] += eu2;
            s[2] += eu1 * z1;
            s[3] += eu2 * z2;
            s[4] += eu1 * z2;
            s[5] += w * g0;
            s[6] += w * g1;
            s[7] += w * g2;
        }
    }
    const float sum = warp_sums(s);
    if (lane % 4 == 0) moments[piece * 8 + lane / 4] = sum;
}

// gradient[8] = dL/d(z1, z2, a, c, b, e0, e1, e2) of a Gaussian in its own frame, on every lane of the warp, from the
// moments of its pieces. Frame: `to_gradient` of render/cpu_kernels.py.
__device__ void own_gradient(int n, const float4 *derived, const int *first, const float *moments, float *gradient) {
    const int lane = threadIdx.x % WARP, end = first[n + 1] * 8;
    float sum = 0.f;
    for (int i = first[n] * 8 + lane; i < end; i += WARP) sum += moments[i];
    for (int offset = WARP / 2; offset >= 8; offset /= 2) sum += __shfl_xor_sync(FULL, sum, offset);
    float s[8];
    for (int i = 0; i < 8; i++) s[i] = __shfl_sync(FULL, sum, i);

    // c = e / sqrt(pi*l1*l3) falls by half of any growth in log-scale.
    const float4 shape = derived[2 * n], colour = derived[2 * n + 1];
    const float shrink = 0.5f * (colour.y * s[5] + colour.z * s[6] + colour.w * s[7]);
    const float unit = sqrtf(shape.z) * sqrtf(shape.w) * ROOT_OF_1_PI;
    for (int i = 0; i < 8; i++) gradient[i] = i > 4 ? s[i] * unit : i == 2 || i == 3 ? s[i] - shrink : s[i];
}

// gradient (N, 8) of all Gaussians, a warp each.
extern "C" __global__ void __launch_bounds__(THREADS)
gather(const float4 *derived, int gaussians, const int *first, const float *moments, float *gradient) {
    const int n = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (n >= gaussians) return;
    float g[8];
    own_gradient(n, derived, first, moments, g);
    if (threadIdx.x % WARP) return;
    for (int i = 0; i < 8; i++) gradient[n * 8 + i] = g[i];
}

__device__ float within(float value, float low, float high) { return fminf(fmaxf(value, low), high); }

// One step of one Gaussian: `gauss_newton` of render/cpu_kernels.py.
__device__ void gauss_newton(const Settings &to, float toll, const float *g, const bool *frozen, float *p,
                             float *m) {
    const float energy = p[5] * p[5] + p[6] * p[6] + p[7] * p[7];
    const float half = 1.f / (0.5f * energy + to.damping), quarter = 1.f / (0.25f * energy + to.damping);
    const float unit = 1.f / (1.f + to.damping), keep = 1.f - to.decay;
    const float pull = toll > 0.f ? toll / (energy + toll) : 0.f;  // of the toll, per unit of e; never beyond e itself
    const float weight = m[8] = to.decay * m[8] + keep;
    // The cosine between the momentum and the way down, where a unit of any parameter costs the same energy.
    float move[8], along = 0.f, norm_m = 0.f, norm_g = 0.f;
    for (int i = 0; i < 8; i++) {
        const float scale = i > 4 ? unit : i == 4 ? quarter : half, before = m[i];
        const float slope = i > 4 ? g[i] + pull * p[i] : g[i];
        along -= before * slope;
        norm_m += before * before / scale;
        norm_g += slope * slope * scale;
        move[i] = m[i] = to.decay * before - keep * slope * scale;
    }
    const float cosine = along / (sqrtf(norm_m) * sqrtf(norm_g) + 1e-12f);
    const float gain = m[9] = within(m[9] + to.adaption * cosine, to.slowest, to.fastest);
    const float step = to.rate * expf(gain) / weight;
    if (!frozen[0]) {
        const float trust = to.shape_trust, length = step * sqrtf(move[0] * move[0] + move[1] * move[1]);
        const float shorter = length > to.position_trust ? to.position_trust / length : 1.f;
        const float z1 = step * move[0] * shorter, z2 = step * move[1] * shorter;
        const float a = within(step * move[2], -trust, trust), c = within(step * move[3], -trust, trust);
        const float b = within(step * move[4], -trust, trust), k = p[4];
        p[0] = within(p[0] + expf(p[2]) * z1, to.left, to.right);
        p[1] = within(p[1] + expf(p[3]) * (k * z1 + z2), to.top, to.bottom);
        p[2] = within(p[2] + log1pf(a), to.smallest, to.largest);
        p[3] = within(p[3] + log1pf(c), to.smallest, to.largest);
        p[4] = (k * (1.f + a) + b) / (1.f + c);
    }
    if (!frozen[1])
        for (int i = 5; i < 8; i++) p[i] += step * move[i];
}

// Gradient, optimiser and brake in one. best (N, PARAMETERS): takes the Gaussians
// as they were before, if their error is the least so far.
extern "C" __global__ void __launch_bounds__(THREADS)
step(const float4 *derived, int gaussians, const int *first, const float *moments, const Settings *settings,
     const Verdict *verdict, const bool *frozen, float *parameters, float *momentum, float *best) {
    const int n = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (n >= gaussians || verdict->held) return;
    float g[8];
    own_gradient(n, derived, first, moments, g);
    if (threadIdx.x % WARP) return;
    float *p = parameters + n * PARAMETERS, *m = momentum + n * MOMENTUM;
    if (verdict->improved)
        for (int i = 0; i < PARAMETERS; i++) best[n * PARAMETERS + i] = p[i];
    gauss_newton(*settings, (float)verdict->toll, g, frozen + n * 2, p, m);
    if (!verdict->risen) return;
    for (int i = 0; i < 9; i++) m[i] = 0.f;
    m[9] -= settings->brake;
}

// An index that leaves [0, size) by either end comes back as from a mirror at the edge of its last pixel.
__device__ int mirrored(int index, int size) {
    while (index < 0 || index >= size) index = index < 0 ? -index - 1 : 2 * size - 1 - index;
    return index;
}

// smoothed (height, width): the absolute values (height, width, channels), summed over the channels, through a filter
// of 2 * radius + 1 taps along the columns (down) or the rows.
extern "C" __global__ void __launch_bounds__(THREADS)
smooth(const float *values, int channels, const float *taps, int radius, int down, int width, int height,
       float *smoothed) {
    const int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= width * height) return;
    const int row = pixel / width, column = pixel % width;
    float sum = 0.f;
    for (int tap = -radius; tap <= radius; tap++) {
        const int y = down ? mirrored(row + tap, height) : row, x = down ? column : mirrored(column + tap, width);
        const float *at = values + channels * (y * width + x);
        float value = 0.f;
        for (int i = 0; i < channels; i++) value += fabsf(at[i]);
        sum += taps[tap + radius] * value;
    }
    smoothed[pixel] = sum;
}

// keys (height, width): `peak_keys` of render/rasterizer.py where no neighbour's value is larger, and zero elsewhere.
extern "C" __global__ void __launch_bounds__(THREADS)
peaks(const float *values, int width, int height, unsigned long long *keys) {
    const int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= width * height) return;
    const int row = pixel / width, column = pixel % width;
    const float value = values[pixel];
    bool largest = value > 0.f;
    for (int y = max(row - 1, 0); y <= min(row + 1, height - 1); y++)
        for (int x = max(column - 1, 0); x <= min(column + 1, width - 1); x++)
            largest = largest && values[y * width + x] <= value;
    const unsigned long long high = __float_as_uint(value);
    keys[pixel] = largest ? high << 32 | (unsigned)pixel * SCATTER : 0;
}

// rgba (pixels) = image (pixels, 3), opaque.
extern "C" __global__ void __launch_bounds__(THREADS)
make_opaque(const float *image, int pixels, float4 *rgba) {
    const int at = blockIdx.x * THREADS + threadIdx.x;
    if (at < pixels) rgba[at] = make_float4(image[3 * at], image[3 * at + 1], image[3 * at + 2], 1.f);
}

// rounded (count) = values (count) in 8 bits: `to_8bit` of render/eight_bit.py, which knows no fused multiply-add.
extern "C" __global__ void __launch_bounds__(THREADS)
round_to_8bit(const float *values, int count, unsigned char *rounded) {
    const int at = blockIdx.x * THREADS + threadIdx.x;
    if (at >= count) return;
    const float scaled = __fadd_rn(__fmul_rn(values[at], 255.f), 0.5f);
    rounded[at] = (unsigned char)fminf(fmaxf(scaled, 0.f), 255.f);
}
