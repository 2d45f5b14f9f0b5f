// Where the error has its peaks: candidates for births.

// An index into [0, size): one that leaves by either end comes back as from a mirror at the edge of the last pixel.
__device__ int mirrored(int index, int size) {
    while (index < 0 || index >= size) index = index < 0 ? -index - 1 : 2 * size - 1 - index;
    return index;
}

// smoothed (height, width): the absolute values (height, width, channels), summed over the channels, through a filter
// of 2 * radius + 1 taps along the columns (down) or the rows.
extern "C" __global__ void __launch_bounds__(THREADS)
smooth(const float *values, int channels, const float *taps, int radius, int down, int width, int height,
       float *smoothed) {
    const int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= width * height) return;
    const int row = pixel / width, column = pixel % width;
    float sum = 0.f;
    for (int tap = -radius; tap <= radius; tap++) {
        const int y = down ? mirrored(row + tap, height) : row, x = down ? column : mirrored(column + tap, width);
        const float *at = values + channels * (y * width + x);
        float value = 0.f;
        for (int i = 0; i < channels; i++) value += fabsf(at[i]);
        sum += taps[tap + radius] * value;
    }
    smoothed[pixel] = sum;
}

// keys (height, width): `peak_keys` of render/peaks.py where no neighbour's value is larger, and zero elsewhere.
extern "C" __global__ void __launch_bounds__(THREADS)
peaks(const float *values, int width, int height, unsigned long long *keys) {
    const int pixel = blockIdx.x * THREADS + threadIdx.x;
    if (pixel >= width * height) return;
    const int row = pixel / width, column = pixel % width;
    const float value = values[pixel];
    bool largest = value > 0.f;
    for (int y = max(row - 1, 0); y <= min(row + 1, height - 1); y++)
        for (int x = max(column - 1, 0); x <= min(column + 1, width - 1); x++)
            largest = largest && values[y * width + x] <= value;
    const unsigned long long high = __float_as_uint(value);
    keys[pixel] = largest ? high << 32 | (unsigned)pixel * SCATTER : 0;
}
