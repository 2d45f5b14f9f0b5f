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

__device__ float4 plus(float4 a, float4 b) { return make_float4(a.x + b.x, a.y + b.y, a.z + b.z, a.w + b.w); }

// A value and that of the lane whose number differs in one bit: both lanes get the same sum.
__device__ float4 plus_other(float4 value, int bit) {
    return plus(value, make_float4(__shfl_xor_sync(FULL, value.x, bit), __shfl_xor_sync(FULL, value.y, bit),
                                   __shfl_xor_sync(FULL, value.z, bit), __shfl_xor_sync(FULL, value.w, bit)));
}

// Adds to red, green and blue a share of the product of mean weight and mean residual of a cell, given the sums of
// residual and weight over so many pixels.
__device__ void add_share(float4 &to, float4 sums, float share, float pixels) {
    const float weight = share / (pixels * pixels) * sums.w;
    to.x += weight * sums.x, to.y += weight * sums.y, to.z += weight * sums.z;
}

// weighted[ROWS] += coarse * the products of mean weight and mean residual over the cells of 2x2 and of 4x4 pixels that
// a pixel lies in, as render/weighting.py says. own[ROWS]: residual and weight, zero beyond the image. A warp has two
// rows of the tile: a cell of 2x2 is four of its lanes, and one of 4x4 has eight, and as many of the next or last warp.
__device__ void share_with_neighbours(const float4 *own, float coarse, float4 *weighted) {
    static_assert(LEVELS == 2 && WARP == 2 * TILE && TILE / ROWS % 4 == 0, "cells are found by warps");
    __shared__ float4 halves[ROWS][PIXELS / ROWS / WARP][TILE / 4];
    const int warp = threadIdx.x / WARP, lane = threadIdx.x % WARP;
    for (int j = 0; j < ROWS; j++) {
        float4 sums = plus_other(plus_other(own[j], 1), TILE);
        add_share(weighted[j], sums, coarse, 4.f);
        sums = plus_other(sums, 2);
        if (lane < TILE && lane % 4 == 0) halves[j][warp][lane / 4] = sums;
    }
    __syncthreads();
    for (int j = 0; j < ROWS; j++) {
        const int cell = lane % TILE / 4;
        add_share(weighted[j], plus(halves[j][warp][cell], halves[j][warp ^ 1][cell]), coarse, 16.f);
    }
}

// Takes the target off the sums r, g and b of a thread's pixels, and makes weighted[ROWS] what is left in the image; all
// is zero beyond it.
__device__ void weigh(const float *target, const float *weights, float coarse, int column, int row, int width,
                      int height, float *r, float *g, float *b, float4 *weighted) {
    float4 own[ROWS];
    for (int j = 0; j < ROWS; j++) {
        const int y = row + j * TILE / ROWS, pixel = y * width + column;
        float weight = 0.f;
        if (column >= width || y >= height) {
            r[j] = g[j] = b[j] = 0.f;
        } else {
            weight = weights[pixel];
            r[j] -= target[3 * pixel];
            g[j] -= target[3 * pixel + 1];
            b[j] -= target[3 * pixel + 2];
        }
        own[j] = make_float4(r[j], g[j], b[j], weight);
        weighted[j] = make_float4(weight * r[j], weight * g[j], weight * b[j], 0.f);
    }
    if (coarse != 0.f) share_with_neighbours(own, coarse, weighted);
}

// image (height, width, 3) = the sum of all Gaussians, less the target if there is one; squares (tiles) = the sum of
// its squares. A block per tile, and a thread for ROWS pixels of a column, which share what depends on that alone.
//
// Lists: those of `fill`, in so many parts; or, if there are 0 parts, those of `collect`, each with so much capacity.
//
// With weights (height, width), a target and how much neighbours count that share an error, the image is half the
// gradient of the distortion of render/weighting.py, squares the sum of its product with the residual, which is that
// distortion, and plain (tiles) the sum of the squares alone. Both kernels are made of this, so that the one without
// weights is none the slower.
template <bool WEIGHTED>
__device__ void rasterise_tile(const float4 *derived, const int *start, int parts, const int *members, int capacity,
                               const float *target, int width, int height, float *image, float *squares,
                               const float *weights, float coarse, float *plain) {
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

    float4 weighted[ROWS];
    if (WEIGHTED) weigh(target, weights, coarse, column, row, width, height, r, g, b, weighted);
    float square = 0.f, plain_square = 0.f;
    for (int j = 0; j < ROWS; j++) {
        const int y = row + j * TILE / ROWS, at = 3 * (y * width + column);
        if (column >= width || y >= height) continue;
        if (!WEIGHTED && target) {
            r[j] -= target[at];
            g[j] -= target[at + 1];
            b[j] -= target[at + 2];
        }
        const float red = WEIGHTED ? weighted[j].x : r[j], green = WEIGHTED ? weighted[j].y : g[j];
        const float blue = WEIGHTED ? weighted[j].z : b[j];
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
                          0.f, nullptr);
}

// 12 blocks at once on a processor, which is 40 registers a thread: the twin takes as many on an H100. With the 56 that
// this one would take, only 9 fit, and the tiles of a photo come in two waves instead of one.
extern "C" __global__ void __launch_bounds__(PIXELS / ROWS, 12)
rasterise_weighted(const float4 *derived, const int *start, int parts, const int *members, int capacity,
                   const float *target, int width, int height, float *image, float *squares, const float *weights,
                   float coarse, float *plain) {
    rasterise_tile<true>(derived, start, parts, members, capacity, target, width, height, image, squares, weights,
                         coarse, plain);
}
