// Pictures on their way out of the device.

// rgba (pixels) = image (pixels, 3), with alpha 1.
extern "C" __global__ void __launch_bounds__(THREADS)
make_opaque(const float *image, int pixels, float4 *rgba) {
    const int at = blockIdx.x * THREADS + threadIdx.x;
    if (at < pixels) rgba[at] = make_float4(image[3 * at], image[3 * at + 1], image[3 * at + 2], 1.f);
}

// rounded (count) = values (count) in 8 bits, as `to_8bit` of render/eight_bit.py does, which knows no fused
// multiply-add.
extern "C" __global__ void __launch_bounds__(THREADS)
round_to_8bit(const float *values, int count, unsigned char *rounded) {
    const int at = blockIdx.x * THREADS + threadIdx.x;
    if (at >= count) return;
    const float scaled = __fadd_rn(__fmul_rn(values[at], 255.f), 0.5f);
    rounded[at] = (unsigned char)fminf(fmaxf(scaled, 0.f), 255.f);
}
