// The 1-sigma ellipse of each Gaussian, as a loop of lines.
layout(location = 0) in vec4 geometry;
layout(location = 1) in vec4 amplitude;

uniform vec2 screen_size;
uniform vec2 offset; // screen position of the image's upper left corner, y down
uniform float zoom;
uniform int segments;
uniform vec3 adds;  // colour of a Gaussian that brightens
uniform vec3 takes; // ... and of one that darkens
uniform float opacity;

flat out vec4 tint;

void main() {
    float l1 = zoom * exp(geometry.z), l3 = zoom * exp(geometry.w);
    float angle = 6.28318530718 * float(gl_VertexID) / float(segments);
    vec2 z = vec2(cos(angle), sin(angle));
    vec2 p = offset + (geometry.xy + 0.5) * zoom + vec2(l1 * z.x, l3 * (amplitude.x * z.x + z.y));
    gl_Position = vec4(p.x / screen_size.x * 2.0 - 1.0, 1.0 - p.y / screen_size.y * 2.0, 0.0, 1.0);
    // Outlines smaller than a few pixels would fill the picture: they fade.
    float legible = smoothstep(0.5, 3.0, sqrt(l1 * l3));
    tint = vec4(dot(amplitude.yzw, vec3(1.0)) >= 0.0 ? adds : takes, opacity * mix(0.35, 1.0, legible));
}
