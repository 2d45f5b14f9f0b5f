// w(q) c, to be added. z is computed here, not interpolated: the corners are snapped to a fraction of a pixel.
flat in vec2 mean;
flat in vec3 whiten;
flat in vec3 colour;
out vec4 sum;

void main() {
    vec2 d = gl_FragCoord.xy - mean;
    float z1 = d.x * whiten.x, z2 = d.y * whiten.y - whiten.z * z1;
    float q = z1 * z1 + z2 * z2;
    sum = vec4(q < SUPPORT ? colour * (exp(-0.5 * q) - exp(-0.5 * SUPPORT)) : vec3(0.0), 0.0);
}
