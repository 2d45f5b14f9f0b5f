// One quad per Gaussian, bounding the ellipse q < SUPPORT on the grid of the target.
layout(location = 0) in vec4 geometry;  // mean x, mean y (image pixels), log l1, log l3
layout(location = 1) in vec4 amplitude; // shear k, coefficient of red, green, blue

uniform vec2 target_size; // pixels
uniform vec2 origin;      // image position of the target's upper left corner; pixel (0, 0) has its corner at 0, 0
uniform float scale;      // target pixels per image pixel

flat out vec2 mean;   // target pixels, y down
flat out vec3 whiten; // 1/l1, 1/l3, k on the target's grid
flat out vec3 colour;

void main() {
    float l1 = scale * exp(geometry.z), l3 = scale * exp(geometry.w), k = amplitude.x;
    // Gaussians.resized: when the picture shrinks, each one is widened by what the larger pixel averages over.
    float blur = max(0.0, 1.0 - scale * scale) / 12.0;
    float xx = l1 * l1 + blur, xy = k * l1 * l3;
    float wide_l1 = sqrt(xx), wide_l3 = sqrt(l3 * l3 * (1.0 + k * k * (blur / xx)) + blur);
    float wide_k = xy / (wide_l1 * wide_l3);

    const float PI = 3.14159265358979;
    // c = e / sqrt(pi l1 l3) on the image's grid; the blur keeps c sqrt(det Sigma).
    colour = amplitude.yzw * scale / sqrt(PI * l1 * l3) * (l1 * l3) / (wide_l1 * wide_l3);
    mean = (geometry.xy + 0.5 - origin) * scale;
    whiten = vec3(1.0 / wide_l1, 1.0 / wide_l3, wide_k);

    // In whitened space the ellipse is a disc: its bounding square maps to a parallelogram as tight for any shear.
    vec2 z = sqrt(SUPPORT) * (vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0);
    vec2 corner = mean + vec2(wide_l1 * z.x, wide_l3 * (wide_k * z.x + z.y));
    // Rows of the target run downwards, like the image's: row 0 is the first in memory.
    gl_Position = vec4(corner / target_size * 2.0 - 1.0, 0.0, 1.0);
}
