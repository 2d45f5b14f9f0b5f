// A round dot with a rim, dark around a light one and light around a dark one: legible on any picture.
flat in vec4 tint;
out vec4 colour;

void main() {
    float r = length(gl_PointCoord * 2.0 - 1.0);
    if (r > 1.0) discard;
    vec3 rim = vec3(dot(tint.rgb, vec3(0.3, 0.6, 0.1)) < 0.4 ? 1.0 : 0.0);
    colour = vec4(mix(tint.rgb, rim, smoothstep(0.5, 0.8, r)), tint.a * (1.0 - smoothstep(0.85, 1.0, r)));
}
