// The forward direction, and the residual with it.

// Whether an ellipse touches the tile that begins at (left, top). Its part in the rows of the tile is convex: that
// reaches furthest left and right in the row where the whole ellipse does or, if the tile lacks it, in the one next to
// it.
__device__ bool touches(float4 shape, float k, float left, float top) {
    const float flat = 1.f / (1.f + k * k), reach = sqrtf(SUPPORT / flat), size = TILE - 1;
    const float low = fmaxf((top - shape.y) * shape.w, -reach), high = fminf((top + size - shape.y) * shape.w, reach);
    const float furthest = sqrtf(SUPPORT) * k, l1 = 1.f / shape.z;
    const float last = fminf(fmaxf(furthest, low), high), first = fminf(fmaxf(-furthest, low), high);
    const float end = k * last * flat + sqrtf(fmaxf(SUPPORT - last * last * flat, 0.f) * flat);
    const float begin = k * first * flat - sqrtf(fmaxf(SUPPORT - first * first * flat, 0.f) * flat);
    return l1 * end >= left - shape.x && l1 * begin <= left + size - shape.x;
}

// The sum of a value over the lanes of the warp.
__device__ float warp_sum(float value) {
    for (int offset = WARP / 2; offset; offset /= 2) value += __shfl_xor_sync(FULL, value, offset);
    return value;
}

// image (height, width, 3) = the sum of all Gaussians, less the target if there is one; squares (tiles) = the sum of
// its squares. A block per tile, and a thread for ROWS pixels of a column, which share what depends on that alone.
//
// Lists: those of `fill`, in so many parts; or, if there are 0 parts, those of `collect`, each with so much capacity.
//
// With weights (height, width) the image is that times the weight of each pixel, squares the sum of weight * square, and
// plain (tiles) the sum of the squares alone. Both kernels are made of this, so that the one without is none the slower.
template <bool WEIGHTED>
__device__ void rasterise_tile(const float4 *derived, const int *start, int parts, const int *members, int capacity,
                               const float *target, int width, int height, float *image, float *squares,
                               const float *weights, float *plain) {
    __shared__ float4 shapes[PIXELS / ROWS], colours[PIXELS / ROWS];
    __shared__ float sums[PIXELS / ROWS / WARP], plain_sums[WEIGHTED ? PIXELS / ROWS / WARP : 1];
    __shared__ int found[PIXELS / ROWS / WARP];
    const int tile = blockIdx.y * gridDim.x + blockIdx.x, warp = threadIdx.x / WARP;
    const int column = blockIdx.x * TILE + threadIdx.x % TILE, row = blockIdx.y * TILE + threadIdx.x / TILE;
    const float x = (float)column;
    const int run = blockIdx.y * ((gridDim.x + RUN - 1) / RUN) + blockIdx.x / RUN, place = blockIdx.x % RUN;
    const long long begin = parts ? start[run * parts] : (long long)run * capacity;
    const int listed = parts ? max(min(start[(run + 1) * parts], capacity) - (int)begin, 0) : start[run];
    const int *const list = members + begin;
    float r[ROWS] = {}, g[ROWS] = {}, b[ROWS] = {};
    int next = threadIdx.x < listed ? list[threadIdx.x] : 0;
    for (int first = 0; first < listed; first += PIXELS / ROWS) {
        // Each thread fetches a Gaussian; those that only their bounding boxes brought here are left out.
        float4 shape, colour;
        const unsigned entry = next;
        const int ahead = first + PIXELS / ROWS + threadIdx.x;
        next = ahead < listed ? list[ahead] : 0;
        bool touched = first + threadIdx.x < listed && place >= (entry >> INDEX_BITS) % RUN &&
                       place <= entry >> (INDEX_BITS + RUN_LOG2);
        if (touched) {
            const int n = entry & ((1u << INDEX_BITS) - 1);
            shape = derived[2 * n], colour = derived[2 * n + 1];
            touched = touches(shape, colour.x, (float)(blockIdx.x * TILE), (float)(blockIdx.y * TILE));
        }
        const unsigned among = __ballot_sync(FULL, touched);
        if (threadIdx.x % WARP == 0) found[warp] = __popc(among);
        __syncthreads();  // also lets all threads finish the batch before, whose memory this one takes
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

    float square = 0.f, plain_square = 0.f;
    for (int j = 0; j < ROWS; j++) {
        const int y = row + j * TILE / ROWS, at = 3 * (y * width + column);
        if (column >= width || y >= height) continue;
        if (target) {
            r[j] -= target[at];
            g[j] -= target[at + 1];
            b[j] -= target[at + 2];
        }
        const float weight = WEIGHTED ? weights[y * width + column] : 1.f;
        const float red = weight * r[j], green = weight * g[j], blue = weight * b[j];
        image[at] = red;
        image[at + 1] = green;
        image[at + 2] = blue;
        square += red * r[j] + green * g[j] + blue * b[j];
        if (WEIGHTED) plain_square += r[j] * r[j] + g[j] * g[j] + b[j] * b[j];
    }
    square = warp_sum(square);
    if (WEIGHTED) plain_square = warp_sum(plain_square);
    if (threadIdx.x % WARP == 0) {
        sums[warp] = square;
        if (WEIGHTED) plain_sums[warp] = plain_square;
    }
    __syncthreads();
    if (threadIdx.x) return;
    for (int i = 1; i < PIXELS / ROWS / WARP; i++) square += sums[i];
    squares[tile] = square;
    if (WEIGHTED) {
        for (int i = 1; i < PIXELS / ROWS / WARP; i++) plain_square += plain_sums[i];
        plain[tile] = plain_square;
    }
}

extern "C" __global__ void __launch_bounds__(PIXELS / ROWS)
rasterise(const float4 *derived, const int *start, int parts, const int *members, int capacity, const float *target,
          int width, int height, float *image, float *squares) {
    rasterise_tile<false>(derived, start, parts, members, capacity, target, width, height, image, squares, nullptr,
                          nullptr);
}

// 12 blocks at once on a processor, which is 40 registers a thread: the twin takes as many on an H100. With the 56 that
// this one would take, only 9 fit, and the tiles of a photo come in two waves instead of one.
extern "C" __global__ void __launch_bounds__(PIXELS / ROWS, 12)
rasterise_weighted(const float4 *derived, const int *start, int parts, const int *members, int capacity,
                   const float *target, int width, int height, float *image, float *squares, const float *weights,
                   float *plain) {
    rasterise_tile<true>(derived, start, parts, members, capacity, target, width, height, image, squares, weights,
                         plain);
}
