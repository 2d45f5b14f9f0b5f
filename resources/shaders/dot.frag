// A round dot with a dark rim, legible on any picture.
flat in vec4 tint;
out vec4 colour;

void main() {
    float r = length(gl_PointCoord * 2.0 - 1.0);
    if (r > 1.0) discard;
    colour = vec4(mix(tint.rgb, vec3(0.0), smoothstep(0.5, 0.8, r)), tint.a * (1.0 - smoothstep(0.85, 1.0, r)));
}
