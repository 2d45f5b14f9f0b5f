// The parallelogram around the 1-sigma ellipse of each Gaussian.
layout(location = 0) in vec4 geometry;
layout(location = 1) in vec4 amplitude;
layout(location = 2) in float share; // place in the table of colours; below 0: not drawn

uniform vec2 screen_size;
uniform vec2 offset; // screen position of the image's upper left corner, y down
uniform float zoom;
uniform sampler2D colours;
uniform float opacity;

flat out vec4 tint;
out vec2 whitened;

void main() {
    float l1 = zoom * exp(geometry.z), l3 = zoom * exp(geometry.w);
    whitened = vec2(gl_VertexID & 1, gl_VertexID >> 1) * 2.0 - 1.0;
    vec2 p = offset + (geometry.xy + 0.5) * zoom
        + vec2(l1 * whitened.x, l3 * (amplitude.x * whitened.x + whitened.y));
    gl_Position = vec4(p.x / screen_size.x * 2.0 - 1.0, 1.0 - p.y / screen_size.y * 2.0, 0.0, 1.0);
    tint = vec4(texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb, opacity);
    if (share < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0); // beside the screen
}
