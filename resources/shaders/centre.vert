// A dot at the mean of each Gaussian.
layout(location = 0) in vec4 geometry;
layout(location = 2) in float share; // place in the table of colours; below 0: not drawn

uniform vec2 screen_size;
uniform vec2 offset;
uniform float zoom;
uniform float diameter; // screen pixels
uniform sampler2D colours;
uniform float opacity;

flat out vec4 tint;

void main() {
    vec2 p = offset + (geometry.xy + 0.5) * zoom;
    gl_Position = vec4(p.x / screen_size.x * 2.0 - 1.0, 1.0 - p.y / screen_size.y * 2.0, 0.0, 1.0);
    gl_PointSize = diameter;
    tint = vec4(texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb, opacity);
    if (share < 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0); // beside the screen
}
