// The 1-sigma ellipse of each Gaussian, as a loop of lines.
layout(location = 0) in vec4 geometry;
layout(location = 1) in vec4 amplitude;
layout(location = 2) in float share; // place in the table of colours; below 0: not drawn

uniform vec2 screen_size;
uniform vec2 offset; // screen position of the image's upper left corner, y down
uniform float zoom;
uniform int segments;
uniform sampler2D colours;
uniform float halo;  // screen pixels that it lies outside, light or dark in place of its colour
uniform float opacity;

flat out vec4 tint;

void main() {
    float l1 = zoom * exp(geometry.z), l3 = zoom * exp(geometry.w);
    float angle = 6.28318530718 * float(gl_VertexID) / float(segments);
    vec2 z = vec2(cos(angle), sin(angle));
    vec2 edge = vec2(l1 * z.x, l3 * (amplitude.x * z.x + z.y));
    edge += halo * edge / max(length(edge), 1e-6);
    vec2 p = offset + (geometry.xy + 0.5) * zoom + edge;
    gl_Position = vec4(p.x / screen_size.x * 2.0 - 1.0, 1.0 - p.y / screen_size.y * 2.0, 0.0, 1.0);
    vec3 shown = texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb;
    if (halo > 0.0) shown = vec3(dot(shown, vec3(0.3, 0.6, 0.1)) < 0.4 ? 1.0 : 0.0);
    // Outlines smaller than a few pixels would fill the picture: they fade.
    float legible = smoothstep(0.5, 3.0, sqrt(l1 * l3));
    tint = vec4(shown, opacity * mix(0.35, 1.0, legible));
    if (share < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0); // beside the screen
}
