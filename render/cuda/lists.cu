// What both directions need of the Gaussians, and the list of those that touch each run of tiles.

// derived (N, 2): x, y, 1/l1, 1/l3 and k, colour. rectangles (N): the tiles that the bounding box of the ellipse
// touches, half-open: left, top, right, bottom. pieces (N): how many pieces each Gaussian has, in the order of the
// backward direction, (N) indices of the Gaussians, or none if it is theirs.
extern "C" __global__ void __launch_bounds__(THREADS)
derive(const float *parameters, int gaussians, const int *order, int width, int height, float4 *derived,
       int4 *rectangles, int *pieces) {
    const int i = blockIdx.x * THREADS + threadIdx.x;
    if (i >= gaussians) return;
    const int n = order ? order[i] : i;
    const float *p = parameters + n * PARAMETERS;
    const float x = p[0], y = p[1], k = p[4], l1 = expf(p[2]), l3 = expf(p[3]);
    const float unit = expf(-0.5f * (p[2] + p[3])) * ROOT_OF_1_PI;
    derived[2 * n] = make_float4(x, y, expf(-p[2]), expf(-p[3]));
    derived[2 * n + 1] = make_float4(k, unit * p[5], unit * p[6], unit * p[7]);

    const float reach = sqrtf(SUPPORT) * l1;
    const int left = first_from(x - reach, width), right = end_after(x + reach, width);
    const Walk walk = walk_of(y, k, l1, l3, width, height);
    const bool seen = left < right && walk.top < walk.bottom;
    rectangles[n] = seen ? make_int4(left / TILE, walk.top / TILE, (right + TILE - 1) / TILE,
                                     (walk.bottom + TILE - 1) / TILE)
                         : make_int4(0, 0, 0, 0);
    pieces[i] = seen ? walk.pieces() : 0;
}

// An entry of the list of a run of tiles: a Gaussian, and the first and the last tile of the run that it may touch, given
// as the half-open range of tiles from the beginning of the run, which may begin before it and end behind it.
__device__ int entry_of(int gaussian, int from, int to) {
    return gaussian | max(from, 0) << INDEX_BITS | (min(to, RUN) - 1) << (INDEX_BITS + RUN_LOG2);
}

// One warp walks a part of the Gaussians, in order, for WARP cells in a row, with a lane per cell: once to count, once to
// fill the lists. There are gridDim.z parts, because rows of cells alone are too few warps to occupy a GPU.
//
// Cells are runs of tiles; or, if `tall` is not 0, bands of that many rows of tiles, all bands in one row. Given the lists
// of the bands, a run has only the Gaussians of its band looked through: looking through all of them takes too long where
// there are many, and many runs.
template <bool FILL>
__device__ void bin(const int4 *rectangles, int gaussians, int columns, int tall, const int *band_start, int band_parts,
                    const int *band_members, int band_capacity, int *start, int capacity, int *members) {
    const int row = blockIdx.y, parts = gridDim.z, wide = tall ? 1 : RUN;
    const int column = blockIdx.x * WARP + threadIdx.x, left = blockIdx.x * WARP * wide, own = column * wide;
    int begin = 0, end = gaussians;
    if (band_start) {
        const int *band = band_start + row / TILE_BAND * band_parts;
        begin = min(band[0], band_capacity), end = min(band[band_parts], band_capacity);
    }
    const int share = (end - begin + parts - 1) / parts;
    begin += min((int)blockIdx.z * share, end - begin), end = min(begin + share, end);
    const int entry = (row * columns + column) * parts + blockIdx.z;
    int cursor = FILL && column < columns ? start[entry] : 0;
    int i = begin + threadIdx.x, next = i < end && band_start ? band_members[i] : i;
    int4 next_rectangle = i < end ? rectangles[next] : make_int4(0, 0, 0, 0);
    for (int first = begin; first < end; first += WARP) {
        const int n = next;
        int4 r = next_rectangle;
        // The rectangles of the next round are on their way while those of this one are gone through.
        i += WARP, next = i < end && band_start ? band_members[i] : i;
        next_rectangle = i < end ? rectangles[next] : make_int4(0, 0, 0, 0);
        if (tall) r = make_int4(r.y / tall, 0, (r.w + tall - 1) / tall, 1);
        unsigned hits = __ballot_sync(FULL, r.y <= row && row < r.w && r.x < left + WARP * wide && left < r.z);
        for (; hits; hits &= hits - 1) {
            const int lane = __ffs(hits) - 1, hit = __shfl_sync(FULL, n, lane);
            const int from = __shfl_sync(FULL, r.x, lane) - own, to = __shfl_sync(FULL, r.z, lane) - own;
            if (from >= wide || to <= 0) continue;
            if (!FILL)
                cursor++;
            else if (cursor < capacity)
                members[cursor++] = tall ? hit : entry_of(hit, from, to);
        }
    }
    if (!FILL && column < columns) start[entry] = cursor;
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

// The sum of a value over this lane and all before it.
__device__ long long warp_scan(long long value) {
    const int lane = threadIdx.x % WARP;
    for (int offset = 1; offset < WARP; offset *= 2) {
        const long long before = __shfl_up_sync(FULL, value, offset);
        if (lane >= offset) value += before;
    }
    return value;
}

// Turns counts into where each list begins, in place; the entry after the last, and `length`, get the length of all
// lists together. A sum beyond an int is given as the largest int. For the threads of one block.
__device__ void scan_counts(int *start, int end, int *length) {
    __shared__ long long sums[WARP];  // one for each warp of the block, of which there are as many as lanes
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP;
    long long carry = 0;
    for (int first = 0; first < end; first += BLOCK * SCANNED) {
        const int mine = first + threadIdx.x * SCANNED;
        const bool whole = mine + SCANNED <= end;  // four at a time are then loaded and stored
        int4 *const fours = (int4 *)(start + mine);
        int sizes[SCANNED];
        for (int i = 0; i < SCANNED; i += 4) {
            int4 four = whole ? fours[i / 4] : make_int4(0, 0, 0, 0);
            if (!whole) {
                if (mine + i < end) four.x = start[mine + i];
                if (mine + i + 1 < end) four.y = start[mine + i + 1];
                if (mine + i + 2 < end) four.z = start[mine + i + 2];
                if (mine + i + 3 < end) four.w = start[mine + i + 3];
            }
            sizes[i] = four.x, sizes[i + 1] = four.y, sizes[i + 2] = four.z, sizes[i + 3] = four.w;
        }
        long long total = 0;
        for (int i = 0; i < SCANNED; i++) total += sizes[i];
        const long long through = warp_scan(total);
        if (lane == WARP - 1) sums[warp] = through;
        __syncthreads();
        const long long through_warp = warp_scan(sums[lane]);
        long long begin = carry + __shfl_sync(FULL, through_warp, warp) - sums[warp] + through - total;
        for (int i = 0; i < SCANNED; i++) {
            const int size = sizes[i];
            sizes[i] = saturated(begin);
            begin += size;
        }
        for (int i = 0; i < SCANNED; i += 4)
            if (whole) fours[i / 4] = make_int4(sizes[i], sizes[i + 1], sizes[i + 2], sizes[i + 3]);
        for (int i = 0; i < SCANNED; i++)
            if (!whole && mine + i < end) start[mine + i] = sizes[i];
        carry += __shfl_sync(FULL, through_warp, WARP - 1);
        __syncthreads();  // before the next batch writes sums
    }
    if (threadIdx.x == 0) start[end] = *length = saturated(carry);
}

// `scan_counts` of the counts, and by a second block of other ones, if there are some; lengths[slot] and
// lengths[slot + 1] get the lengths.
extern "C" __global__ void __launch_bounds__(BLOCK)
scan(int *counts, int entries, int *others, int other_entries, int slot, int *lengths) {
    if (blockIdx.x == 0)
        scan_counts(counts, entries, lengths + slot);
    else
        scan_counts(others, other_entries, lengths + slot + 1);
}

// What `count`, `scan` and `fill` do, at once, where there are so few Gaussians that the list of every run has room for
// all of them: sizes (runs), and from `run * gaussians` on in members the list of each. A block for each run, and one
// behind the last row for the pieces.
extern "C" __global__ void __launch_bounds__(BLOCK)
collect(const int4 *rectangles, int gaussians, int *sizes, int *members, int *pieces, int *lengths) {
    __shared__ int found[WARP];  // by each warp, of which there are as many as lanes
    const int row = blockIdx.y, left = blockIdx.x * RUN, run = row * gridDim.x + blockIdx.x;
    if (row == gridDim.y - 1) {
        if (blockIdx.x) return;
        if (threadIdx.x == 0) lengths[RUNS_SLOT] = 0;  // these lists always fit
        scan_counts(pieces, gaussians, lengths + PIECES_SLOT);
        return;
    }
    // Every warp looks through a part of the Gaussians, twice: when all have counted, each knows where it is to write.
    const int lane = threadIdx.x % WARP, warp = threadIdx.x / WARP, share = (gaussians + WARP - 1) / WARP;
    const int begin = min(warp * share, gaussians), end = min(begin + share, gaussians);
    int total = 0;
    for (int i = begin + lane; i - lane < end; i += WARP) {
        const int4 r = i < end ? rectangles[i] : make_int4(0, 0, 0, 0);
        total += __popc(__ballot_sync(FULL, r.y <= row && row < r.w && r.x < left + RUN && left < r.z));
    }
    if (lane == 0) found[warp] = total;
    __syncthreads();
    const int through = (int)warp_scan(found[lane]);
    int cursor = __shfl_sync(FULL, through, warp) - total;
    if (threadIdx.x == BLOCK - 1) sizes[run] = through;
    int *const list = members + (long long)run * gaussians;
    for (int i = begin + lane; i - lane < end; i += WARP) {
        const int4 r = i < end ? rectangles[i] : make_int4(0, 0, 0, 0);
        const bool hit = r.y <= row && row < r.w && r.x < left + RUN && left < r.z;
        const unsigned hits = __ballot_sync(FULL, hit);
        if (hit) list[cursor + __popc(hits & ((1u << lane) - 1))] = entry_of(i, r.x - left, r.z - left);
        cursor += __popc(hits);
    }
}
