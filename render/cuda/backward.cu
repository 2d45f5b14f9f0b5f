// The backward direction, and what the error says of the step.

// Fills the verdict: the error of the state that a step starts from, and what follows from it for the step, as
// `Descent.judge` of render/descent.py and VERDICT of render/cuda/source.py say. The squares are summed over the tiles
// by one block and in double, for a large image has more squares than float has digits. If the lists of the tiles or
// the bands did not fit, the squares are wrong, and if the pieces do not, the gradient is: the step is then held, and
// the verdict stays that of the last step taken. With weights `squares` are those times the weight, and `plain` those
// without.
template <bool WEIGHTED>
__device__ void judge(const float *squares, int tiles, const int *lengths, int capacity, int pieces, int band_capacity,
                      int gaussians, const Settings *settings, Verdict *verdict, const float *plain) {
    __shared__ double sums[THREADS], plain_sums[WEIGHTED ? THREADS : 1];
    double sum = 0., plain_sum = 0.;
    for (int tile = threadIdx.x; tile < tiles; tile += THREADS) {
        sum += squares[tile];
        if (WEIGHTED) plain_sum += plain[tile];
    }
    sums[threadIdx.x] = sum;
    if (WEIGHTED) plain_sums[threadIdx.x] = plain_sum;
    for (int half = THREADS / 2; half; half /= 2) {
        __syncthreads();
        if (threadIdx.x < half) {
            sums[threadIdx.x] += sums[threadIdx.x + half];
            if (WEIGHTED) plain_sums[threadIdx.x] += plain_sums[threadIdx.x + half];
        }
    }
    if (threadIdx.x) return;
    const double error = sums[0];
    Verdict &v = *verdict;
    v.held = lengths[0] > capacity || lengths[1] > pieces || lengths[2] > band_capacity;
    if (v.held) return;
    v.risen = !v.fresh && error > settings->slack * v.error;
    v.improved = !v.fresh && error < v.best_error;
    if (v.improved) v.best_error = error;
    v.bit_cost = settings->bit_price * min(error, v.best_error) / max(gaussians, 1);
    v.error = error;
    if (WEIGHTED) v.squares = plain_sums[0];
    v.fresh = 0.;
    v.taken += 1.;
}

// Adds up eight values of each lane over the warp; lane 4 * i gets the sum of value i.
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

// The place in the order of the Gaussian that a piece belongs to: the last one whose pieces begin at it or before. The
// whole warp searches.
__device__ int owner_of(int piece, const int *first, int gaussians) {
    int low = 0, high = gaussians;
    while (high - low > 1) {
        const int stride = (high - low + WARP - 1) / WARP, probe = low + threadIdx.x % WARP * stride;
        const unsigned before = __ballot_sync(FULL, probe < high && first[probe] <= piece);  // set for the first lanes
        low += (__popc(before) - 1) * stride;
        high = min(low + stride, high);
    }
    return low;
}

// moments (pieces, 8): sums over the pixels of a piece, for cotangent (height, width, 3) = dL/dimage, a warp each.
// order (N): as of `derive`; first (N + 1): where the pieces of each Gaussian in that order begin. Formulas: `gather` of
// render/cpu/drawing.py. The first block judges meanwhile, if there is a verdict to be filled.
//
// With weights (height, width) energies (pieces) = the sums of weight * w^2, where w is the height of the Gaussian. The
// cotangent has the weights in it already. Both kernels are made of this, so that the one without is none the slower.
template <bool WEIGHTED>
__device__ void gather_piece(const float4 *derived, int gaussians, const int *order, const int *first, int room,
                             const float *cotangent, int width, int height, float *moments, const float *squares,
                             int tiles, const int *lengths, int capacity, int band_capacity, const Settings *settings,
                             Verdict *verdict, const float *weights, const float *plain, float *energies) {
    if (blockIdx.x == 0) {
        if (verdict)
            judge<WEIGHTED>(squares, tiles, lengths, capacity, room, band_capacity, gaussians, settings, verdict, plain);
        return;
    }
    const int piece = ((blockIdx.x - 1) * THREADS + threadIdx.x) / WARP;
    if (piece >= min(first[gaussians], room)) return;
    const int i = owner_of(piece, first, gaussians), n = order ? order[i] : i;
    const float4 shape = derived[2 * n], colour = derived[2 * n + 1];
    const float x = shape.x, y = shape.y, inv1 = shape.z, inv3 = shape.w, k = colour.x;
    const float l1 = 1.f / inv1, flat = 1.f / (1.f + k * k), slope = k * flat * l1;
    const Walk walk = walk_of(y, k, l1, 1.f / inv3, width, height);
    // The number of pieces is what was counted before: `walk.pieces` may round otherwise here, and miss a row.
    const int pieces = first[i + 1] - first[i];
    const int share = (walk.passes() + pieces - 1) / pieces * walk.at_once;  // rows of a piece
    const int top = walk.top + (piece - first[i]) * share, bottom = min(top + share, walk.bottom);
    const int lane = threadIdx.x % WARP, across = 1 << walk.across_log2;

    float s[8] = {}, energy = 0.f;
    for (int first_row = top; first_row < bottom; first_row += WARP) {
        // Every lane finds the ends of a row, and the warp then walks as many rows as it has lanes.
        const float own_v = ((float)(first_row + lane) - y) * inv3, middle = x + slope * own_v;
        const float half = sqrtf(fmaxf(SUPPORT - own_v * own_v * flat, 0.f) * flat) * l1;
        const int own_begin = first_from(middle - half, width);
        const int own_end = first_row + lane < bottom ? end_after(middle + half, width) : 0;
        const int rows = min(bottom - first_row, WARP);
        for (int pass = 0; pass < rows; pass += walk.at_once) {
            const int row = pass + (lane >> walk.across_log2);
            const float v = __shfl_sync(FULL, own_v, row);
            const int end = __shfl_sync(FULL, own_end, row);
            int column = __shfl_sync(FULL, own_begin, row) + (lane & (across - 1));
            const float *pixel = cotangent + 3 * ((first_row + row) * width + column);
            const float *weight = WEIGHTED ? weights + (first_row + row) * width + column : nullptr;
            for (; column < end; column += across, pixel += 3 * across) {
                const float g0 = pixel[0], g1 = pixel[1], g2 = pixel[2];
                const float z1 = ((float)column - x) * inv1, z2 = fmaf(-k, z1, v);
                const float q = z1 * z1 + z2 * z2;
                // Without a branch, which would keep the loads from going ahead. NaN is not less than SUPPORT.
                const float e = q < SUPPORT ? exp2f(q * LOG2_OF_W) : 0.f, w = q < SUPPORT ? e - EDGE : 0.f;
                const float eu = e * (colour.y * g0 + colour.z * g1 + colour.w * g2), eu1 = eu * z1, eu2 = eu * z2;
                s[0] += eu1;
                s[1] += eu2;
                s[2] += eu1 * z1;
                s[3] += eu2 * z2;
                s[4] += eu1 * z2;
                s[5] += w * g0;
                s[6] += w * g1;
                s[7] += w * g2;
                if (WEIGHTED) energy += *weight * w * w, weight += across;
            }
        }
    }
    const float sum = warp_sums(s);
    if (lane % 4 == 0) moments[piece * 8 + lane / 4] = sum;
    if (WEIGHTED) {
        energy = warp_sum(energy);
        if (lane == 0) energies[piece] = energy;
    }
}

extern "C" __global__ void __launch_bounds__(THREADS)
backward(const float4 *derived, int gaussians, const int *order, const int *first, int room, const float *cotangent,
         int width, int height, float *moments, const float *squares, int tiles, const int *lengths, int capacity,
         int band_capacity, const Settings *settings, Verdict *verdict) {
    gather_piece<false>(derived, gaussians, order, first, room, cotangent, width, height, moments, squares, tiles,
                        lengths, capacity, band_capacity, settings, verdict, nullptr, nullptr, nullptr);
}

extern "C" __global__ void __launch_bounds__(THREADS)
backward_weighted(const float4 *derived, int gaussians, const int *order, const int *first, int room,
                  const float *cotangent, int width, int height, float *moments, const float *squares, int tiles,
                  const int *lengths, int capacity, int band_capacity, const Settings *settings, Verdict *verdict,
                  const float *weights, const float *plain, float *energies) {
    gather_piece<true>(derived, gaussians, order, first, room, cotangent, width, height, moments, squares, tiles,
                       lengths, capacity, band_capacity, settings, verdict, weights, plain, energies);
}

// gradient[8] = dL/d(z1, z2, a, c, b, e0, e1, e2) of Gaussian n in its whitened frame, on every lane of the warp, from
// the moments of its pieces, which begin at first[0] and end before first[1]. Frame: `Gaussians.gradient_of_parameters`
// of render/gaussians.py.
__device__ void gradient_in_frame(int n, const float4 *derived, const int *first, const float *moments,
                                  float *gradient) {
    const int lane = threadIdx.x % WARP, end = first[1] * 8;
    float sum = 0.f;
    for (int i = first[0] * 8 + lane; i < end; i += WARP) sum += moments[i];
    for (int offset = WARP / 2; offset >= 8; offset /= 2) sum += __shfl_xor_sync(FULL, sum, offset);
    float s[8];
    for (int i = 0; i < 8; i++) s[i] = __shfl_sync(FULL, sum, i);

    // c = e / sqrt(pi*l1*l3) falls by half of any growth in log-scale.
    const float4 shape = derived[2 * n], colour = derived[2 * n + 1];
    const float shrink = 0.5f * (colour.y * s[5] + colour.z * s[6] + colour.w * s[7]);
    const float unit = sqrtf(shape.z) * sqrtf(shape.w) * ROOT_OF_1_PI;
    for (int i = 0; i < 8; i++) gradient[i] = i > 4 ? s[i] * unit : i == 2 || i == 3 ? s[i] - shrink : s[i];
}

// How many times the energy of an atom grows by what its pixels share: `shared_energy` of render/weighting.py, divided
// by the determinant, as 1/l1 and 1/l3 are at hand.
__device__ float shared_energy(float inv1, float inv3, float k, float coarse) {
    float left = 0.f;
    for (int side = 2; side <= 1 << LEVELS; side *= 2) {
        const float cell = (float)(side * side - 1) / 12.f, wide = inv1 * inv1, high = inv3 * inv3;
        left += rsqrtf(1.f + cell * (high + wide * (1.f + k * k) + cell * wide * high));
    }
    return 1.f + coarse * left;
}

// The energy of the atom of Gaussian n under the weights, on every lane of the warp, from the energies of its pieces:
// `Surface.energy` of render/rasteriser.py. The atom is the Gaussian of unit energy that 1/sqrt(pi*l1*l3) makes of its
// height.
__device__ float energy_of(int n, const float4 *derived, const int *first, const float *energies, float coarse) {
    float sum = 0.f;
    for (int i = first[0] + threadIdx.x % WARP; i < first[1]; i += WARP) sum += energies[i];
    const float4 shape = derived[2 * n];
    const float plain = warp_sum(sum) * (shape.z * ROOT_OF_1_PI) * (shape.w * ROOT_OF_1_PI);
    return coarse == 0.f ? plain : plain * shared_energy(shape.z, shape.w, derived[2 * n + 1].x, coarse);
}

// gradient (N, 8) of all Gaussians, each in its whitened frame, a warp each.
extern "C" __global__ void __launch_bounds__(THREADS)
gather(const float4 *derived, int gaussians, const int *order, const int *first, const float *moments,
       float *gradient) {
    const int i = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (i >= gaussians) return;
    const int n = order ? order[i] : i;
    float g[8];
    gradient_in_frame(n, derived, first + i, moments, g);
    if (threadIdx.x % WARP) return;
    for (int j = 0; j < 8; j++) gradient[n * 8 + j] = g[j];
}

// energy (N) of all Gaussians by the weights of `backward_weighted`, a warp each.
extern "C" __global__ void __launch_bounds__(THREADS)
gather_energy(const float4 *derived, int gaussians, const int *first, const float *energies, float coarse,
              float *energy) {
    const int n = (blockIdx.x * THREADS + threadIdx.x) / WARP;
    if (n >= gaussians) return;
    const float sum = energy_of(n, derived, first + n, energies, coarse);
    if (threadIdx.x % WARP == 0) energy[n] = sum;
}
