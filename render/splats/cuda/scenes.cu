// Pictures of 3D scenes: the rule is in render/splats/rule.py. Twins of render/splats/cpu, with the same arithmetic as
// far as a GPU has it.
//
// - project: a thread for each Gaussian, in float64 where differences of large numbers matter;
// - list_pairs: a key for each Gaussian and tile, the tile above the bits of the depth, which the host has sorted;
// - blend: a block for each tile and a thread for each pixel, nearest first, until all of them have stopped.
//
// Nothing adds up in an order that could change: the same bits on every run.
//
// No includes, so that NVRTC needs no headers. Upper-case names not defined here come from render/splats/cuda/source.py.

#define PIXELS (TILE * TILE)

// The harmonics of degrees 1 to 4 along a unit vector, as render/splats/cpu/harmonics.py has them.
__device__ void evaluate(float x, float y, float z, int count, float *basis) {
    if (count >= 3) basis[0] = -C1 * y, basis[1] = C1 * z, basis[2] = -C1 * x;
    if (count < 8) return;
    const float xx = x * x, yy = y * y, zz = z * z;
    basis[3] = C2_0 * x * y;
    basis[4] = -C2_0 * y * z;
    basis[5] = C2_1 * (2.f * zz - xx - yy);
    basis[6] = -C2_0 * x * z;
    basis[7] = C2_2 * (xx - yy);
    if (count < 15) return;
    basis[8] = -C3_0 * y * (3.f * xx - yy);
    basis[9] = C3_1 * x * y * z;
    basis[10] = -C3_2 * y * (4.f * zz - xx - yy);
    basis[11] = C3_3 * z * (2.f * zz - 3.f * xx - 3.f * yy);
    basis[12] = -C3_2 * x * (4.f * zz - xx - yy);
    basis[13] = C3_4 * z * (xx - yy);
    basis[14] = -C3_0 * x * (xx - 3.f * yy);
    if (count < 24) return;
    basis[15] = C4_0 * x * y * (xx - yy);
    basis[16] = -C4_1 * y * z * (3.f * xx - yy);
    basis[17] = C4_2 * x * y * (7.f * zz - 1.f);
    basis[18] = -C4_3 * y * z * (7.f * zz - 3.f);
    basis[19] = C4_4 * (zz * (35.f * zz - 30.f) + 3.f);
    basis[20] = -C4_3 * x * z * (7.f * zz - 3.f);
    basis[21] = C4_5 * (xx - yy) * (7.f * zz - 1.f);
    basis[22] = -C4_1 * x * z * (xx - 3.f * yy);
    basis[23] = C4_6 * (xx * (xx - 3.f * yy) - yy * (3.f * xx - yy));
}

// The first of the tiles before `end` that holds centres of pixels from `low` on, or the one behind the last that holds
// some up to `high`.
__device__ int first_tile(float low, int end) {
    return (int)fminf(fmaxf(low + (0.5f - SLACK), 0.f), (float)(end * TILE)) / TILE;
}
__device__ int behind_tile(float high, int end) {
    return (int)fminf(fmaxf(high + (TILE - 0.5f + SLACK), 0.f), (float)(end * TILE)) / TILE;
}

// A coordinate of a mean in the camera.
__device__ double along_axis(const float *means, const double *view, int n, int axis) {
    const double *row = view + 3 * axis;
    return row[0] * means[3 * n] + row[1] * means[3 * n + 1] + row[2] * means[3 * n + 2] + view[9 + axis];
}

// d[3]: the direction that a mean is seen along, in the world. Returns one over the distance.
__device__ float direction_of(const float *means, const double *view, int n, float *d) {
    for (int i = 0; i < 3; i++)  // from the camera, which is at -W^T T
        d[i] = (float)(means[3 * n + i] + view[i] * view[9] + view[3 + i] * view[10] + view[6 + i] * view[11]);
    const float nearness = 1.f / sqrtf(d[0] * d[0] + d[1] * d[1] + d[2] * d[2]);
    for (int i = 0; i < 3; i++) d[i] *= nearness;
    return nearness;
}

// A Gaussian in the picture, and how it came there; names as in render/splats/cpu/projecting.py.
struct Ellipse {
    double t2, a, b;  // depth; t_x/t_z and t_y/t_z
    double j0, j1, j2, j3;  // J is [[j0, 0, j1], [0, j2, j3]]
    bool free_a, free_b;  // J was taken at a and at b, rather than at the bounds
    double m[9];  // R diag(exp(s)), row by row
    double u[3], v[3];  // the rows of J W M
    double xx, xy, yy;  // their products: the covariance in the picture, before DILATION
    double bare, area;  // its determinant, before and after
};

__device__ Ellipse ellipse_of(const float *means, const float *log_scales, const float *rotations, const double *view,
                              int n) {
    Ellipse seen;
    const double w = rotations[4 * n], i = rotations[4 * n + 1], j = rotations[4 * n + 2], k = rotations[4 * n + 3];
    const double two = 2. / (w * w + i * i + j * j + k * k);
    const double turned[9] = {
        1. - two * (j * j + k * k), two * (i * j - w * k), two * (i * k + w * j),
        two * (i * j + w * k), 1. - two * (i * i + k * k), two * (j * k - w * i),
        two * (i * k - w * j), two * (j * k + w * i), 1. - two * (i * i + j * j)};
    for (int axis = 0; axis < 3; axis++) {
        const double scale = expf(log_scales[3 * n + axis]);
        for (int row = 0; row < 3; row++) seen.m[3 * row + axis] = turned[3 * row + axis] * scale;
    }
    seen.t2 = along_axis(means, view, n, 2);
    const double inverse = 1. / seen.t2;
    seen.a = along_axis(means, view, n, 0) * inverse;
    seen.b = along_axis(means, view, n, 1) * inverse;
    const double near_a = fmin(fmax(seen.a, view[18]), view[19]), near_b = fmin(fmax(seen.b, view[20]), view[21]);
    seen.free_a = near_a == seen.a;
    seen.free_b = near_b == seen.b;
    seen.j0 = view[12] * inverse, seen.j1 = -seen.j0 * near_a;
    seen.j2 = view[13] * inverse, seen.j3 = -seen.j2 * near_b;
    for (int k = 0; k < 3; k++) seen.u[k] = seen.v[k] = 0.;
    for (int axis = 0; axis < 3; axis++) {
        const double across = seen.j0 * view[axis] + seen.j1 * view[6 + axis];
        const double down = seen.j2 * view[3 + axis] + seen.j3 * view[6 + axis];
        for (int column = 0; column < 3; column++) {
            seen.u[column] += across * seen.m[3 * axis + column];
            seen.v[column] += down * seen.m[3 * axis + column];
        }
    }
    const double *u = seen.u, *v = seen.v;
    seen.xx = u[0] * u[0] + u[1] * u[1] + u[2] * u[2];
    seen.xy = u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
    seen.yy = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    // A sum of squares (Cauchy and Binet), which no rounding makes negative.
    const double c0 = u[1] * v[2] - u[2] * v[1], c1 = u[2] * v[0] - u[0] * v[2], c2 = u[0] * v[1] - u[1] * v[0];
    seen.bare = c0 * c0 + c1 * c1 + c2 * c2;
    seen.area = seen.bare + DILATION * (seen.xx + seen.yy) + DILATION * DILATION;
    return seen;
}

// numbers (3 count): x, y, l1, l2; l3, reach, opacity, t_z; red, green, blue, 0. boxes (count): the tiles that a
// Gaussian may touch, left, right, top, bottom, half-open. pairs (count): how many these are, 0 where it is not seen.
//
// view: as of render/splats/cpu/projecting.py.
extern "C" __global__ void __launch_bounds__(THREADS)
project(const float *means, const float *log_scales, const float *rotations, const float *logits, const float *dc,
        const float *sh, int harmonics, int antialiased, const double *view, int count, float4 *numbers, int4 *boxes,
        int *pairs) {
    const int n = blockIdx.x * THREADS + threadIdx.x;
    if (n >= count) return;
    pairs[n] = 0;
    const double t2 = along_axis(means, view, n, 2);
    float opacity = 1.f / (1.f + expf(-logits[n]));
    if (!(t2 >= NEAR && opacity >= LEAST_ALPHA)) return;  // NaN is neither
    const Ellipse seen = ellipse_of(means, log_scales, rotations, view, n);

    // From here on nothing cancels.
    const float broad = (float)(seen.xx + DILATION), high = (float)(seen.yy + DILATION);
    const float slant = (float)seen.xy;
    const float x = (float)(view[12] * seen.a + view[14]), y = (float)(view[13] * seen.b + view[15]);
    if (!(fmaxf(broad, high) <= LARGEST * LARGEST && fabsf(x) <= LARGEST && fabsf(y) <= LARGEST)) return;
    if (antialiased) {
        opacity *= sqrtf((float)fmax(seen.bare / seen.area, LEAST_COMPENSATION));
        if (!(opacity >= LEAST_ALPHA)) return;
    }
    const float reach = 2.f * logf(opacity / LEAST_ALPHA);
    const float across = sqrtf(reach * broad), down = sqrtf(reach * high);
    const float width = (float)view[16], height = (float)view[17];
    if (!(x + across >= 0.f && x - across <= width && y + down >= 0.f && y - down <= height)) return;

    float d[3], basis[24], colours[3];
    direction_of(means, view, n, d);
    evaluate(d[0], d[1], d[2], harmonics, basis);
    for (int channel = 0; channel < 3; channel++) {
        float colour = 0.5f + C0 * dc[3 * n + channel];
        for (int term = 0; term < harmonics; term++) colour += basis[term] * sh[3 * (n * harmonics + term) + channel];
        if (!(fabsf(colour) <= LARGEST)) return;
        colours[channel] = fmaxf(colour, 0.f);
    }
    const float l1 = sqrtf((float)((seen.yy + DILATION) / seen.area));
    numbers[3 * n] = make_float4(x, y, l1, -l1 * (slant / high));
    numbers[3 * n + 1] = make_float4(1.f / sqrtf(high), reach, opacity, (float)t2);
    numbers[3 * n + 2] = make_float4(colours[0], colours[1], colours[2], 0.f);
    const int columns = ((int)view[16] + TILE - 1) / TILE, rows = ((int)view[17] + TILE - 1) / TILE;
    const int4 box = make_int4(first_tile(x - across, columns), behind_tile(x + across, columns),
                               first_tile(y - down, rows), behind_tile(y + down, rows));
    boxes[n] = box;
    pairs[n] = max(box.y - box.x, 0) * max(box.w - box.z, 0);
}

// keys and members: of each Gaussian in the order of its tiles, those of Gaussian n up to before ends[n].
extern "C" __global__ void __launch_bounds__(THREADS)
list_pairs(const float4 *numbers, const int4 *boxes, const int *pairs, const int *ends, int count, int columns,
           unsigned long long *keys, int *members) {
    const int n = blockIdx.x * THREADS + threadIdx.x;
    if (n >= count || pairs[n] == 0) return;
    const int4 box = boxes[n];
    const unsigned depth = __float_as_uint(numbers[3 * n + 1].w);  // positive: its bits have its order
    int at = ends[n] - pairs[n];
    for (int row = box.z; row < box.w; row++)
        for (int column = box.x; column < box.y; column++, at++) {
            keys[at] = (unsigned long long)(row * columns + column) << 32 | depth;
            members[at] = n;
        }
}

// image (height, width, 3) and transmittance (height, width): the Gaussians of each tile, those of tile t from start[t]
// to before start[t + 1] in members, nearest first.
extern "C" __global__ void __launch_bounds__(PIXELS)
blend(const float4 *numbers, const int *start, const int *members, const float *background, int width, int height,
      float *image, float *transmittance) {
    __shared__ float4 shapes[PIXELS], others[PIXELS], colours[PIXELS];
    __shared__ int going;
    const int tile = blockIdx.y * gridDim.x + blockIdx.x;
    const int column = blockIdx.x * TILE + threadIdx.x % TILE, row = blockIdx.y * TILE + threadIdx.x / TILE;
    const float x = column + 0.5f, y = row + 0.5f;
    const int end = start[tile + 1];
    bool stopped = column >= width || row >= height;
    float left = 1.f, red = 0.f, green = 0.f, blue = 0.f;
    for (int first = start[tile]; first < end; first += PIXELS) {
        __syncthreads();  // all have finished the batch before, whose memory this one takes
        if (threadIdx.x == 0) going = 0;
        __syncthreads();
        if (!stopped) going = 1;
        if (first + threadIdx.x < end) {
            const int n = members[first + threadIdx.x];
            shapes[threadIdx.x] = numbers[3 * n];
            others[threadIdx.x] = numbers[3 * n + 1];
            colours[threadIdx.x] = numbers[3 * n + 2];
        }
        __syncthreads();
        if (!going) break;
        const int size = min(PIXELS, end - first);
        for (int m = 0; m < size && !stopped; m++) {
            const float4 shape = shapes[m], other = others[m];
            const float dx = x - shape.x, dy = y - shape.y;
            const float z1 = shape.z * dx + shape.w * dy, z2 = other.x * dy;
            const float q = z1 * z1 + z2 * z2;
            if (!(q <= other.y)) continue;
            const float weight = fminf(other.z * exp2f(LOG2_OF_ALPHA * q), MOST_ALPHA) * left, after = left - weight;
            stopped = !(after >= LEAST_TRANSMITTANCE);
            if (stopped) break;
            const float4 colour = colours[m];
            red += weight * colour.x, green += weight * colour.y, blue += weight * colour.z;
            left = after;
        }
    }
    if (column >= width || row >= height) return;
    const int pixel = row * width + column;
    transmittance[pixel] = left;
    image[3 * pixel] = red + left * background[0];
    image[3 * pixel + 1] = green + left * background[1];
    image[3 * pixel + 2] = blue + left * background[2];
}
