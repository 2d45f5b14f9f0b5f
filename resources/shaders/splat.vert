// One quad per Gaussian of a scene, bounding where it is seen: render/splats/rule.py, with the names used there.
layout(location = 0) in uint index;

uniform samplerBuffer gaussians; // TEXELS of each, see render/splats/gl/gaussians_buffer.py
uniform vec3 right, down, forward; // rows of the rotation from world to camera
uniform vec3 eye;                  // where the camera stands in the world
uniform vec4 lens;                 // fx, fy, cx, cy
uniform vec4 bounds;               // of a, least and most, and of b
uniform vec2 size;                 // of the picture, pixels

flat out vec2 mean;   // pixels, y down
flat out vec4 whiten; // l1, l2, l3: z1 = l1 dx + l2 dy, z2 = l3 dy, q = z1^2 + z2^2; and the q where it ends
flat out vec4 colour; // and the opacity

const float MOST_AREA = 1e38; // of what float32 holds
const vec4 NOWHERE = vec4(2.0, 2.0, 2.0, 1.0);

vec3 harmonic(int base, int k) {
    return texelFetch(gaussians, base + k).xyz;
}

// What the harmonics above degree 0 add, seen along a unit vector.
vec3 harmonics(int base, vec3 d) {
    vec3 sum = vec3(0.0);
#if HARMONICS >= 3
    float x = d.x, y = d.y, z = d.z;
    sum += C1 * (z * harmonic(base, 1) - y * harmonic(base, 0) - x * harmonic(base, 2));
#endif
#if HARMONICS >= 8
    float xx = x * x, yy = y * y, zz = z * z;
    sum += C2_0 * x * y * harmonic(base, 3);
    sum -= C2_0 * y * z * harmonic(base, 4);
    sum += C2_1 * (2.0 * zz - xx - yy) * harmonic(base, 5);
    sum -= C2_0 * x * z * harmonic(base, 6);
    sum += C2_2 * (xx - yy) * harmonic(base, 7);
#endif
#if HARMONICS >= 15
    sum -= C3_0 * y * (3.0 * xx - yy) * harmonic(base, 8);
    sum += C3_1 * x * y * z * harmonic(base, 9);
    sum -= C3_2 * y * (4.0 * zz - xx - yy) * harmonic(base, 10);
    sum += C3_3 * z * (2.0 * zz - 3.0 * xx - 3.0 * yy) * harmonic(base, 11);
    sum -= C3_2 * x * (4.0 * zz - xx - yy) * harmonic(base, 12);
    sum += C3_4 * z * (xx - yy) * harmonic(base, 13);
    sum -= C3_0 * x * (xx - 3.0 * yy) * harmonic(base, 14);
#endif
#if HARMONICS >= 24
    sum += C4_0 * x * y * (xx - yy) * harmonic(base, 15);
    sum -= C4_1 * y * z * (3.0 * xx - yy) * harmonic(base, 16);
    sum += C4_2 * x * y * (7.0 * zz - 1.0) * harmonic(base, 17);
    sum -= C4_3 * y * z * (7.0 * zz - 3.0) * harmonic(base, 18);
    sum += C4_4 * (zz * (35.0 * zz - 30.0) + 3.0) * harmonic(base, 19);
    sum -= C4_3 * x * z * (7.0 * zz - 3.0) * harmonic(base, 20);
    sum += C4_5 * (xx - yy) * (7.0 * zz - 1.0) * harmonic(base, 21);
    sum -= C4_1 * x * z * (xx - 3.0 * yy) * harmonic(base, 22);
    sum += C4_6 * (xx * (xx - 3.0 * yy) - yy * (3.0 * xx - yy)) * harmonic(base, 23);
#endif
    return sum;
}

void main() {
    int base = int(index) * (BARE + HARMONICS);
    vec4 place = texelFetch(gaussians, base), f0 = texelFetch(gaussians, base + 1);
    vec4 f1 = texelFetch(gaussians, base + 2), f2 = texelFetch(gaussians, base + 3);
    gl_Position = NOWHERE;
    mean = vec2(0.0);
    whiten = colour = vec4(0.0);

    vec3 d = place.xyz - eye;
    vec3 t = vec3(dot(right, d), dot(down, d), dot(forward, d));
    if (!(t.z >= NEAR)) return;

    // The covariance from the rows u and v of J W R diag(exp(s)), and its determinant as a sum of squares (Cauchy and
    // Binet), so that nothing cancels.
    float a = t.x / t.z, b = t.y / t.z;
    vec2 s = lens.xy / t.z;
    vec3 u = s.x * (right - clamp(a, bounds.x, bounds.y) * forward);
    vec3 v = s.y * (down - clamp(b, bounds.z, bounds.w) * forward);
    mat3 factor = mat3(f0.xyz, vec3(f0.w, f1.xy), vec3(f1.zw, f2.x)); // its rows, as columns
    u = factor * u;
    v = factor * v;
    float bare_xx = dot(u, u), xy = dot(u, v), bare_yy = dot(v, v);
    vec3 across = cross(u, v);
    float bare = dot(across, across);
    float area = bare + DILATION * (bare_xx + bare_yy) + DILATION * DILATION;
    float xx = bare_xx + DILATION, yy = bare_yy + DILATION;

    float opacity = place.w;
#if ANTIALIASED
    opacity *= sqrt(max(bare / area, LEAST_COMPENSATION));
#endif
    if (!(opacity >= LEAST_ALPHA && area <= MOST_AREA)) return; // what is no number is neither
    float reach = 2.0 * log(opacity / LEAST_ALPHA);

    mean = lens.xy * vec2(a, b) + lens.zw;
    vec2 half_size = sqrt(reach * vec2(xx, yy));
    if (any(lessThan(mean + half_size, vec2(0.0))) || any(greaterThan(mean - half_size, size))) return;

    float l1 = sqrt(yy / area);
    whiten = vec4(l1, -l1 * xy / yy, inversesqrt(yy), reach);
    vec3 seen = vec3(f2.yzw) + harmonics(base + BARE, normalize(d));
    if (!all(lessThanEqual(abs(seen), vec3(LARGEST)))) return;
    colour = vec4(max(seen, 0.0), opacity);

    // In whitened space the ellipse is a disc: its bounding square maps to a parallelogram as tight for any shear. It is
    // a little larger, as corners are snapped to a fraction of a pixel.
    vec2 z = SLACK * sqrt(reach) * (vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0);
    float dy = z.y / whiten.z;
    vec2 corner = mean + vec2((z.x - whiten.y * dy) / whiten.x, dy);
    // Rows of the target run downwards, like the picture's: row 0 is the first in memory.
    gl_Position = vec4(corner / size * 2.0 - 1.0, 0.0, 1.0);
}
