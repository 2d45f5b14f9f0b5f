// A dot at the mean of each Gaussian.
layout(location = 0) in vec4 geometry;
layout(location = 1) in vec4 amplitude;

uniform vec2 screen_size;
uniform vec2 offset;
uniform float zoom;
uniform float diameter; // screen pixels
uniform vec3 adds;
uniform vec3 takes;
uniform float opacity;

flat out vec4 tint;

void main() {
    vec2 p = offset + (geometry.xy + 0.5) * zoom;
    gl_Position = vec4(p.x / screen_size.x * 2.0 - 1.0, 1.0 - p.y / screen_size.y * 2.0, 0.0, 1.0);
    gl_PointSize = diameter;
    tint = vec4(dot(amplitude.yzw, vec3(1.0)) >= 0.0 ? adds : takes, opacity);
}
