// The optimiser: one Gauss-Newton step of every Gaussian.

__device__ float within(float value, float low, float high) { return fminf(fmaxf(value, low), high); }

// One step of one Gaussian: `gauss_newton` of render/cpu/descent.py, which names the arguments.
__device__ void gauss_newton(const Settings &to, float bit_cost, const float *g, const bool *frozen, float *p,
                             float *m) {
    const float energy = p[5] * p[5] + p[6] * p[6] + p[7] * p[7];
    const float half = 1.f / (0.5f * energy + to.damping), quarter = 1.f / (0.25f * energy + to.damping);
    const float unit = 1.f / (1.f + to.damping), keep = 1.f - to.decay;
    // The slope of bit_cost * log |e| is this times e; bounded, so that no step goes beyond e itself.
    const float pull = bit_cost > 0.f ? bit_cost / (energy + bit_cost) : 0.f;
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
        // What is larger than the bound, as after a crop, may shrink: cut off at once it would be another picture.
        p[2] = within(p[2] + log1pf(a), to.smallest, fmaxf(to.largest, p[2]));
        p[3] = within(p[3] + log1pf(c), to.smallest, fmaxf(to.largest, p[3]));
        p[4] = (k * (1.f + a) + b) / (1.f + c);
    }
    if (!frozen[1])
        for (int i = 5; i < 8; i++) p[i] += step * move[i];
}

// Gradient, optimiser and brake in one, a warp for each Gaussian. best (N, PARAMETERS): gets the Gaussians as they were
// before the step, if their error is the least so far.
//
// With weights an error costs more in some places than in others. The energies of `backward_weighted` say how much it
// does where this Gaussian is; over them, gradient and price of bits are what the step knows from all places alike.
template <bool WEIGHTED>
__device__ void step_of_one(const float4 *derived, int gaussians, const int *order, const int *first,
                            const float *moments, const Settings *settings, const Verdict *verdict, const bool *frozen,
                            float *parameters, float *momentum, float *best, const float *energies,
                            float coarse) {
    const int rank = (blockIdx.x * STEP_THREADS + threadIdx.x) / WARP;
    if (rank >= gaussians) return;
    const int n = order ? order[rank] : rank;
    // All that the step needs is on its way while the moments are added up.
    const Settings to = *settings;
    const bool held = verdict->held, improved = verdict->improved, risen = verdict->risen;
    float bit_cost = verdict->bit_cost;
    float4 *const own = (float4 *)(parameters + n * PARAMETERS);
    float2 *const state = (float2 *)(momentum + n * MOMENTUM);
    const float4 place = own[0], rest = own[1];
    const bool holds[2] = {frozen[n * 2], frozen[n * 2 + 1]};
    float m[MOMENTUM];
    for (int i = 0; i < MOMENTUM / 2; i++) m[2 * i] = state[i].x, m[2 * i + 1] = state[i].y;
    float p[PARAMETERS] = {place.x, place.y, place.z, place.w, rest.x, rest.y, rest.z, rest.w}, g[8];
    gradient_in_frame(n, derived, first + rank, moments, g);
    if (WEIGHTED) {
        const float share = 1.f / fmaxf(energy_of(n, derived, first + rank, energies, coarse), LEAST_ENERGY);
        for (int i = 0; i < 8; i++) g[i] *= share;
        bit_cost *= share;
    }
    if (held || threadIdx.x % WARP) return;
    if (improved) {
        float4 *const kept = (float4 *)(best + n * PARAMETERS);
        kept[0] = place, kept[1] = rest;
    }
    gauss_newton(to, bit_cost, g, holds, p, m);
    if (risen) {
        for (int i = 0; i < 9; i++) m[i] = 0.f;
        m[9] -= to.brake;
    }
    own[0] = make_float4(p[0], p[1], p[2], p[3]), own[1] = make_float4(p[4], p[5], p[6], p[7]);
    for (int i = 0; i < MOMENTUM / 2; i++) state[i] = make_float2(m[2 * i], m[2 * i + 1]);
}

extern "C" __global__ void __launch_bounds__(STEP_THREADS)
step(const float4 *derived, int gaussians, const int *order, const int *first, const float *moments,
     const Settings *settings, const Verdict *verdict, const bool *frozen, float *parameters, float *momentum,
     float *best) {
    step_of_one<false>(derived, gaussians, order, first, moments, settings, verdict, frozen, parameters, momentum, best,
                       nullptr, 0.f);
}

extern "C" __global__ void __launch_bounds__(STEP_THREADS)
step_weighted(const float4 *derived, int gaussians, const int *order, const int *first, const float *moments,
              const Settings *settings, const Verdict *verdict, const bool *frozen, float *parameters, float *momentum,
              float *best, const float *energies, float coarse) {
    step_of_one<true>(derived, gaussians, order, first, moments, settings, verdict, frozen, parameters, momentum, best,
                      energies, coarse);
}
