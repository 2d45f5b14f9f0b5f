// Runs CUDA kernels on a CPU, to test their logic: a fiber per thread, a block at a time, both in shuffled order.
//
// A warp runs until all of it must wait for others, so a missing barrier shows as a result that depends on the order,
// and one that not all threads reach as an error. Neither speed nor the rounding of a GPU can be learnt here.

#include <ucontext.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <random>
#include <utility>
#include <vector>

#define __global__
#define __device__
#define __launch_bounds__(...)
#define __shared__ static  // one block runs at a time

struct dim3 { unsigned x, y, z; };
struct alignas(16) float4 { float x, y, z, w; };
struct alignas(8) float2 { float x, y; };
struct alignas(16) int4 { int x, y, z, w; };
static float4 make_float4(float x, float y, float z, float w) { return {x, y, z, w}; }
static float2 make_float2(float x, float y) { return {x, y}; }
static int4 make_int4(int x, int y, int z, int w) { return {x, y, z, w}; }
using std::max;
using std::min;

namespace fibers {

const unsigned LANES = 32;
const size_t STACK = 64 << 10;

// Threads that wait for each other: a block's, or a warp's.
struct Group {
    unsigned size = 0, arrived = 0, generation = 0;
};

struct Warp : Group {
    unsigned char posted[2][LANES][8];  // by turns: who posts again knows that all have read the last but one
};

struct Fiber {
    ucontext_t context;
    std::vector<char> stack = std::vector<char>(STACK);
    Group *waits = nullptr;
    unsigned until = 0;  // its generation
    bool done = false;
};

static dim3 thread_index, block_index, block_size, grid_size;
static Group block;
static std::vector<Warp> warps;
static std::vector<Fiber *> pool;
static ucontext_t scheduler;
static Fiber *current;
static std::function<void()> body;  // the kernel with its arguments

static void entry() {
    body();
    current->done = true;
}

static void wait(Group &group) {
    current->waits = &group;
    current->until = group.generation + 1;
    if (++group.arrived == group.size) group.arrived = 0, group.generation++;
    swapcontext(&current->context, &scheduler);
}

template <class T> struct Lanes {
    T lane[LANES];
};

// Every lane posts a value and gets those of the whole warp. Full warps only: the kernels use no others.
template <class T> Lanes<T> exchange(T value) {
    Warp &warp = warps[thread_index.x / LANES];
    auto &slots = warp.posted[warp.generation % 2];
    memcpy(slots[thread_index.x % LANES], &value, sizeof value);
    wait(warp);
    Lanes<T> all;
    for (unsigned lane = 0; lane < LANES; lane++) memcpy(&all.lane[lane], slots[lane], sizeof value);
    return all;
}

// Runs every thread of these that need not wait, in shuffled order; whether there was one.
static bool run_warp(std::vector<unsigned> &threads, std::mt19937 &random) {
    bool moved = false;
    std::shuffle(threads.begin(), threads.end(), random);
    for (unsigned i : threads) {
        Fiber &fiber = *pool[i];
        if (fiber.done || (fiber.waits && fiber.waits->generation < fiber.until)) continue;
        current = &fiber, thread_index = {i, 0, 0}, moved = true;
        swapcontext(&scheduler, &fiber.context);
    }
    return moved;
}

// Whether all threads came to their end: not so if some wait for others that are gone or wait elsewhere.
static bool run_block(unsigned threads, std::mt19937 &random) {
    block = Group{threads};
    warps.assign(threads / LANES, Warp{});
    std::vector<std::vector<unsigned>> order(threads / LANES);
    for (auto &warp : warps) warp.size = LANES;
    for (unsigned i = 0; i < threads; i++) {
        order[i / LANES].push_back(i);
        if (i == pool.size()) pool.push_back(new Fiber);
        Fiber &fiber = *pool[i];
        fiber.waits = nullptr, fiber.done = false;
        getcontext(&fiber.context);
        fiber.context.uc_stack.ss_sp = fiber.stack.data(), fiber.context.uc_stack.ss_size = STACK;
        fiber.context.uc_link = &scheduler;
        makecontext(&fiber.context, entry, 0);
    }
    std::shuffle(order.begin(), order.end(), random);
    for (bool moved = true; moved;) {
        moved = false;
        for (auto &warp : order)
            while (run_warp(warp, random)) moved = true;  // as far as it comes, so that the others lag behind
    }
    return std::all_of(pool.begin(), pool.begin() + threads, [](Fiber *fiber) { return fiber->done; });
}

template <class... A> std::index_sequence_for<A...> indices(void (*)(A...)) { return {}; }

// Like cuLaunchKernel: `arguments` are the addresses of the kernel's arguments. Blocks are one row of threads.
template <class... A, size_t... I>
bool launch(void (*kernel)(A...), std::index_sequence<I...>, const unsigned *grid, unsigned threads, unsigned seed,
            void **arguments) {
    body = [=] { kernel(*(A *)arguments[I]...); };
    grid_size = {grid[0], grid[1], grid[2]}, block_size = {threads, 1, 1};
    std::vector<dim3> blocks;
    for (unsigned z = 0; z < grid[2]; z++)
        for (unsigned y = 0; y < grid[1]; y++)
            for (unsigned x = 0; x < grid[0]; x++) blocks.push_back({x, y, z});
    std::mt19937 random(seed);
    std::shuffle(blocks.begin(), blocks.end(), random);
    for (dim3 index : blocks) {
        block_index = index;
        if (!run_block(threads, random)) return false;
    }
    return true;
}

}  // namespace fibers

#define threadIdx fibers::thread_index
#define blockIdx fibers::block_index
#define blockDim fibers::block_size
#define gridDim fibers::grid_size

static void __syncthreads() { fibers::wait(fibers::block); }
template <class T> T __shfl_sync(unsigned, T value, int lane) { return fibers::exchange(value).lane[lane % 32]; }
template <class T> T __shfl_xor_sync(unsigned, T value, int mask) {
    return fibers::exchange(value).lane[(threadIdx.x ^ mask) % 32];
}
template <class T> T __shfl_up_sync(unsigned, T value, int delta) {
    const int lane = threadIdx.x % 32;
    return fibers::exchange(value).lane[lane < delta ? lane : lane - delta];
}
static unsigned __ballot_sync(unsigned, bool value) {
    const auto all = fibers::exchange(value);
    unsigned ballot = 0;
    for (unsigned lane = 0; lane < 32; lane++) ballot |= (unsigned)all.lane[lane] << lane;
    return ballot;
}
static int __any_sync(unsigned mask, bool value) { return __ballot_sync(mask, value) != 0; }
static int __ffs(unsigned value) { return __builtin_ffs(value); }
static int saturated_int(float value) {
    return std::isnan(value) ? 0 : (int)std::min(std::max((double)value, -2147483648.), 2147483647.);
}
static int __float2int_rd(float value) { return saturated_int(std::floor(value)); }
static int __float2int_ru(float value) { return saturated_int(std::ceil(value)); }
static float rsqrtf(float value) { return 1.f / std::sqrt(value); }
static float __fmul_rn(float a, float b) { return a * b; }
static float __fadd_rn(float a, float b) { return a + b; }
static unsigned __float_as_uint(float value) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}
static int __popc(unsigned value) { return __builtin_popcount(value); }

// Gives a kernel an entry point that ctypes finds. All else is built hidden, for the C library too has a `step`.
#define ENTRY(kernel)                                                                                          \
    extern "C" __attribute__((visibility("default"))) bool launch_##kernel(                                    \
        const unsigned *grid, unsigned threads, unsigned seed, void **arguments) {                             \
        return fibers::launch(kernel, fibers::indices(kernel), grid, threads, seed, arguments);                \
    }
