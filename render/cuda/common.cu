// The CUDA rasteriser's kernels, twins of those in render/cpu. Conventions of the model: render/gaussians.py.
//
// Additive blending has no order, so neither direction needs a sort, a depth or an atomic:
//
// - forward: tiles of pixels are independent; each adds the Gaussians of its list in index order;
// - backward: each Gaussian gathers moments over the pixels it touches, in pieces of about PIECE rounds of a warp, as
//   one may have thousands of times the pixels of another; a warp takes each piece, and they are added up in order.
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

// Of the indices from 0 to the limit, the first that is not before a place, and the first that is beyond it. The
// conversions saturate, and make NaN zero.
__device__ int first_from(float place, int limit) { return min(max(__float2int_ru(place), 0), limit); }
__device__ int end_after(float place, int limit) { return min(max(__float2int_rd(place + 1.f), 0), limit); }

// How a warp walks the pixels of a Gaussian: from row `top` to below row `bottom`, `at_once` rows at a time with
// 2^across_log2 lanes to a row, of which the widest has `widest` pixels.
struct Walk {
    int top, bottom, at_once, across_log2, widest;
    __device__ int passes() const { return (bottom - top + at_once - 1) >> (WARP_LOG2 - across_log2); }
    __device__ int pieces() const {
        const int rounds = passes() * (((widest - 1) >> across_log2) + 1);
        return min((rounds + PIECE - 1) / PIECE, passes());
    }
};

__device__ Walk walk_of(float y, float k, float l1, float l3, int width, int height) {
    Walk walk;
    const float reach = sqrtf(SUPPORT * (1.f + k * k)) * l3;
    walk.top = first_from(y - reach, height);
    walk.bottom = end_after(y + reach, height);
    // A narrow Gaussian would leave most lanes of a row idle, so the warp takes as many rows at once as fit.
    walk.widest = end_after(2.f * sqrtf(SUPPORT / (1.f + k * k)) * l1, width);
    walk.across_log2 = WARP_LOG2;
    while (walk.across_log2 > 2 && walk.widest <= 1 << (walk.across_log2 - 1)) walk.across_log2--;
    walk.at_once = WARP >> walk.across_log2;
    return walk;
}
