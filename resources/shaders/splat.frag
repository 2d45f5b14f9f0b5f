// The alpha of one Gaussian at a pixel, to be blended over what lies behind it. z is computed here, not interpolated:
// the corners are snapped to a fraction of a pixel.
flat in vec2 mean;
flat in vec4 whiten;
flat in vec4 colour;
out vec4 over;

void main() {
    vec2 d = gl_FragCoord.xy - mean;
    float z1 = whiten.x * d.x + whiten.y * d.y, z2 = whiten.z * d.y;
    float q = z1 * z1 + z2 * z2;
    if (!(q <= whiten.w)) discard;
    float alpha = min(MOST_ALPHA, colour.w * exp(-0.5 * q));
    over = vec4(colour.xyz * alpha, alpha);
}
