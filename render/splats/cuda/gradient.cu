// The way back, as render/splats/cpu has it: nearest first once more, what is behind a Gaussian being the finished
// picture less what has been seen so far.
//
// - gather: a block for each tile; the sums of a Gaussian over the pixels of a tile, by warps and then in their order;
// - to_scene: a thread for each Gaussian adds its tiles up, in their order, and goes back to the numbers of the scene.

#define WARPS (PIXELS / WARP)

__device__ float warp_sum(float value) {
    for (int offset = WARP / 2; offset; offset /= 2) value += __shfl_xor_sync(0xffffffffu, value, offset);
    return value;
}

// partial (entries of members, SUMS): of a Gaussian in a tile, sums over the pixels; as of render/splats/cpu/gathering.py.
extern "C" __global__ void __launch_bounds__(PIXELS)
gather(const float4 *numbers, const int *start, const int *members, const float *image, const float *cotangent,
       int width, int height, float *partial) {
    __shared__ float4 shapes[WARP], others[WARP], colours[WARP];
    __shared__ float sums[WARP][WARPS][SUMS];
    __shared__ int going;
    const int tile = blockIdx.y * gridDim.x + blockIdx.x, warp = threadIdx.x / WARP, lane = threadIdx.x % WARP;
    const int column = blockIdx.x * TILE + threadIdx.x % TILE, row = blockIdx.y * TILE + threadIdx.x / TILE;
    const float x = column + 0.5f, y = row + 0.5f;
    const int end = start[tile + 1];
    bool stopped = column >= width || row >= height;
    float left = 1.f, behind = 0.f, g0 = 0.f, g1 = 0.f, g2 = 0.f;
    if (!stopped) {
        const int pixel = 3 * (row * width + column);
        g0 = cotangent[pixel], g1 = cotangent[pixel + 1], g2 = cotangent[pixel + 2];
        behind = g0 * image[pixel] + g1 * image[pixel + 1] + g2 * image[pixel + 2];
    }
    for (int first = start[tile]; first < end; first += WARP) {
        __syncthreads();  // all have finished the batch before, whose memory this one takes
        if (threadIdx.x == 0) going = 0;
        __syncthreads();
        if (!stopped) going = 1;
        const int size = min(WARP, end - first);
        if (threadIdx.x < size) {
            const int n = members[first + threadIdx.x];
            shapes[threadIdx.x] = numbers[3 * n];
            others[threadIdx.x] = numbers[3 * n + 1];
            colours[threadIdx.x] = numbers[3 * n + 2];
        }
        __syncthreads();
        for (int m = 0; going && m < size; m++) {
            float own[SUMS] = {};
            bool touched = false;
            if (!stopped) {
                const float4 shape = shapes[m], other = others[m], colour = colours[m];
                const float dx = x - shape.x, dy = y - shape.y;
                const float z1 = shape.z * dx + shape.w * dy, z2 = other.x * dy;
                const float q = z1 * z1 + z2 * z2;
                if (q <= other.y) {
                    const float full = other.z * exp2f(LOG2_OF_ALPHA * q);
                    const float weight = fminf(full, MOST_ALPHA) * left, after = left - weight;
                    stopped = !(after >= LEAST_TRANSMITTANCE);
                    if (!stopped) {
                        touched = true;
                        const float share = weight * (g0 * colour.x + g1 * colour.y + g2 * colour.z);
                        behind -= share;
                        // alpha / (1 - alpha) is weight / after.
                        const float t = full <= MOST_ALPHA ? share - weight * behind / after : 0.f;
                        left = after;
                        own[0] = weight * g0, own[1] = weight * g1, own[2] = weight * g2;
                        own[3] = t, own[4] = t * z1, own[5] = t * z2;
                        own[6] = t * z1 * z1, own[7] = t * z1 * z2, own[8] = t * z2 * z2;
                    }
                }
            }
            const bool any = __any_sync(0xffffffffu, touched);
            for (int sum = 0; sum < SUMS; sum++) {
                const float value = any ? warp_sum(own[sum]) : 0.f;
                if (lane == 0) sums[m][warp][sum] = value;
            }
        }
        __syncthreads();
        for (int i = threadIdx.x; i < size * SUMS; i += PIXELS) {
            float value = 0.f;
            for (int each = 0; going && each < WARPS; each++) value += sums[i / SUMS][each][i % SUMS];
            partial[(long long)(first + i / SUMS) * SUMS + i % SUMS] = value;
        }
    }
}

// gradient[3] of sum_k weights[k] Y_k by x, y and z, as render/splats/cpu/harmonics.py has it.
__device__ void differentiate(float x, float y, float z, int count, const float *weights, float *gradient) {
    float g0 = 0.f, g1 = 0.f, g2 = 0.f;
    if (count >= 3) g1 -= C1 * weights[0], g2 += C1 * weights[1], g0 -= C1 * weights[2];
    const float xx = x * x, yy = y * y, zz = z * z;
    if (count >= 8) {
        const float a = C2_0 * weights[3], b = C2_0 * weights[4], c = C2_1 * weights[5], d = C2_0 * weights[6];
        const float e = C2_2 * weights[7];
        g0 += a * y - 2.f * c * x - d * z + 2.f * e * x;
        g1 += a * x - b * z - 2.f * c * y - 2.f * e * y;
        g2 += -b * y + 4.f * c * z - d * x;
    }
    if (count >= 15) {
        const float a = C3_0 * weights[8], b = C3_1 * weights[9], c = C3_2 * weights[10], d = C3_3 * weights[11];
        const float e = C3_2 * weights[12], f = C3_4 * weights[13], g = C3_0 * weights[14];
        g0 += -6.f * a * x * y + b * y * z + 2.f * c * x * y - 6.f * d * x * z;
        g1 += -3.f * a * (xx - yy) + b * x * z - c * (4.f * zz - xx - 3.f * yy) - 6.f * d * y * z;
        g2 += b * x * y - 8.f * c * y * z + d * (6.f * zz - 3.f * xx - 3.f * yy);
        g0 += -e * (4.f * zz - 3.f * xx - yy) + 2.f * f * x * z - 3.f * g * (xx - yy);
        g1 += 2.f * e * x * y - 2.f * f * y * z + 6.f * g * x * y;
        g2 += -8.f * e * x * z + f * (xx - yy);
    }
    if (count >= 24) {
        const float a = C4_0 * weights[15], b = C4_1 * weights[16], c = C4_2 * weights[17], d = C4_3 * weights[18];
        const float e = C4_4 * weights[19], f = C4_3 * weights[20], g = C4_5 * weights[21], h = C4_1 * weights[22];
        const float i = C4_6 * weights[23], more = 7.f * zz - 1.f;
        g0 += a * y * (3.f * xx - yy) - 6.f * b * x * y * z + c * y * more;
        g1 += a * x * (xx - 3.f * yy) - 3.f * b * z * (xx - yy) + c * x * more - d * z * (7.f * zz - 3.f);
        g2 += -b * y * (3.f * xx - yy) + 14.f * c * x * y * z - d * y * (21.f * zz - 3.f) + e * z * (140.f * zz - 60.f);
        g0 += -f * z * (7.f * zz - 3.f) + 2.f * g * x * more - 3.f * h * z * (xx - yy) + 4.f * i * x * (xx - 3.f * yy);
        g1 += -2.f * g * y * more + 6.f * h * x * y * z + 4.f * i * y * (yy - 3.f * xx);
        g2 += -f * x * (21.f * zz - 3.f) + 14.f * g * z * (xx - yy) - h * x * (xx - 3.f * yy);
    }
    gradient[0] = g0, gradient[1] = g1, gradient[2] = g2;
}

// The gradient by each array of a scene, of the shapes that they have, and by the projected means (count, 2); zero of
// what is not seen. places (entries): where in partial each pair of Gaussian and tile has come to be, in the order of
// `list_pairs`. Formulas: render/splats/cpu/chaining.py.
extern "C" __global__ void __launch_bounds__(THREADS)
to_scene(const float *means, const float *log_scales, const float *rotations, const float *logits, const float *sh,
         int harmonics, int antialiased, const double *view, int count, const float4 *numbers, const int *pairs,
         const int *ends, const int *places, const float *partial, float *to_means, float *to_scales,
         float *to_rotations, float *to_logits, float *to_dc, float *to_sh, float *to_projected) {
    const int n = blockIdx.x * THREADS + threadIdx.x;
    if (n >= count) return;
    if (pairs[n] == 0) {
        for (int i = 0; i < 3; i++) to_means[3 * n + i] = to_scales[3 * n + i] = to_dc[3 * n + i] = 0.f;
        for (int i = 0; i < 4; i++) to_rotations[4 * n + i] = 0.f;
        for (int i = 0; i < 3 * harmonics; i++) to_sh[3 * n * harmonics + i] = 0.f;
        to_logits[n] = to_projected[2 * n] = to_projected[2 * n + 1] = 0.f;
        return;
    }
    double sums[SUMS] = {};
    for (int pair = ends[n] - pairs[n]; pair < ends[n]; pair++)
        for (int i = 0; i < SUMS; i++) sums[i] += partial[(long long)places[pair] * SUMS + i];

    const Ellipse seen = ellipse_of(means, log_scales, rotations, view, n);
    const float4 colour = numbers[3 * n + 2];
    const double yy = seen.yy + DILATION, l1 = sqrt(yy / seen.area), l2 = -l1 * (seen.xy / yy), l3 = 1. / sqrt(yy);
    const double strength = sums[3];
    const double x = l1 * sums[4], y = l2 * sums[4] + l3 * sums[5];
    double gxx = 0.5 * l1 * l1 * sums[6], gxy = 0.5 * l1 * (l2 * sums[6] + l3 * sums[7]);
    double gyy = 0.5 * (l2 * l2 * sums[6] + 2. * l2 * l3 * sums[7] + l3 * l3 * sums[8]);
    const double *u = seen.u, *v = seen.v;
    double du[3] = {}, dv[3] = {};
    if (antialiased && seen.bare > LEAST_COMPENSATION * seen.area) {
        gxx -= 0.5 * strength * l1 * l1;
        gxy -= 0.5 * strength * l1 * l2;
        gyy -= 0.5 * strength * (l2 * l2 + l3 * l3);
        const double f = strength / seen.bare;
        const double c0 = u[1] * v[2] - u[2] * v[1], c1 = u[2] * v[0] - u[0] * v[2], c2 = u[0] * v[1] - u[1] * v[0];
        du[0] = f * (v[1] * c2 - v[2] * c1), du[1] = f * (v[2] * c0 - v[0] * c2), du[2] = f * (v[0] * c1 - v[1] * c0);
        dv[0] = f * (c1 * u[2] - c2 * u[1]), dv[1] = f * (c2 * u[0] - c0 * u[2]), dv[2] = f * (c0 * u[1] - c1 * u[0]);
    }
    for (int k = 0; k < 3; k++) {
        du[k] += 2. * (gxx * u[k] + gxy * v[k]);
        dv[k] += 2. * (gxy * u[k] + gyy * v[k]);
    }
    to_logits[n] = (float)(strength * (1. - 1. / (1. + exp(-(double)logits[n]))));

    // By M = R diag(exp(s)), and by J.
    double dr[9], dj[4] = {};
    for (int k = 0; k < 3; k++) {
        double to_scale = 0.;
        const double scale = expf(log_scales[3 * n + k]);
        for (int i = 0; i < 3; i++) {
            const double across = seen.j0 * view[i] + seen.j1 * view[6 + i];
            const double down = seen.j2 * view[3 + i] + seen.j3 * view[6 + i];
            const double m = seen.m[3 * i + k], dm = across * du[k] + down * dv[k];
            to_scale += dm * m;
            dr[3 * i + k] = dm * scale;
            dj[0] += du[k] * m * view[i], dj[1] += du[k] * m * view[6 + i];
            dj[2] += dv[k] * m * view[3 + i], dj[3] += dv[k] * m * view[6 + i];
        }
        to_scales[3 * n + k] = (float)to_scale;
    }
    double w = rotations[4 * n], i = rotations[4 * n + 1], j = rotations[4 * n + 2], k = rotations[4 * n + 3];
    const double shorter = 1. / sqrt(w * w + i * i + j * j + k * k);
    w *= shorter, i *= shorter, j *= shorter, k *= shorter;
    const double gw = 2. * (i * (dr[7] - dr[5]) + j * (dr[2] - dr[6]) + k * (dr[3] - dr[1]));
    const double gi = 2. * (w * (dr[7] - dr[5]) + j * (dr[1] + dr[3]) + k * (dr[2] + dr[6]) - 2. * i * (dr[4] + dr[8]));
    const double gj = 2. * (w * (dr[2] - dr[6]) + i * (dr[1] + dr[3]) + k * (dr[5] + dr[7]) - 2. * j * (dr[0] + dr[8]));
    const double gk = 2. * (w * (dr[3] - dr[1]) + i * (dr[2] + dr[6]) + j * (dr[5] + dr[7]) - 2. * k * (dr[0] + dr[4]));
    const double along = gw * w + gi * i + gj * j + gk * k;
    to_rotations[4 * n] = (float)((gw - along * w) * shorter);
    to_rotations[4 * n + 1] = (float)((gi - along * i) * shorter);
    to_rotations[4 * n + 2] = (float)((gj - along * j) * shorter);
    to_rotations[4 * n + 3] = (float)((gk - along * k) * shorter);

    const double inverse = 1. / seen.t2;
    double da = view[12] * x, db = view[13] * y;
    if (seen.free_a) da -= dj[1] * seen.j0;
    if (seen.free_b) db -= dj[3] * seen.j2;
    const double dt0 = da * inverse, dt1 = db * inverse;
    const double dt2 = -(dj[0] * seen.j0 + dj[1] * seen.j1 + dj[2] * seen.j2 + dj[3] * seen.j3 + da * seen.a + db * seen.b)
                       * inverse;

    float d[3], basis[24], weights[24] = {}, moved[3];
    const float nearness = direction_of(means, view, n, d);
    evaluate(d[0], d[1], d[2], harmonics, basis);
    for (int channel = 0; channel < 3; channel++) {
        const float value = channel == 0 ? colour.x : channel == 1 ? colour.y : colour.z;
        const float g = value > 0.f ? (float)sums[channel] : 0.f;
        to_dc[3 * n + channel] = C0 * g;
        for (int term = 0; term < harmonics; term++) {
            const int at = 3 * (n * harmonics + term) + channel;
            to_sh[at] = basis[term] * g;
            weights[term] += g * sh[at];
        }
    }
    differentiate(d[0], d[1], d[2], harmonics, weights, moved);
    const float radial = moved[0] * d[0] + moved[1] * d[1] + moved[2] * d[2];
    for (int axis = 0; axis < 3; axis++) {
        const double through = view[axis] * dt0 + view[3 + axis] * dt1 + view[6 + axis] * dt2;
        to_means[3 * n + axis] = (float)(through + (moved[axis] - radial * d[axis]) * nearness);
    }
    to_projected[2 * n] = (float)x, to_projected[2 * n + 1] = (float)y;
}
