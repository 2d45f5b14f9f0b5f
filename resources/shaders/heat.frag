// A map of numbers over the picture, in the colours of a table.
uniform sampler2D map;       // 0 to 1, row 0 at the top
uniform sampler2D colours;   // 256 of them in a row
uniform float left;          // where the pane begins that is drawn, device pixels
uniform vec2 screen_size;    // of the pane, device pixels
uniform vec2 image_size;     // image pixels
uniform vec2 offset;         // position of the image's upper left corner in the pane, y down
uniform float zoom;          // screen pixels per image pixel
uniform float opacity;
out vec4 colour;

void main() {
    vec2 screen = vec2(gl_FragCoord.x - left, screen_size.y - gl_FragCoord.y);
    vec2 image = (screen - offset) / zoom;
    if (any(lessThan(image, vec2(0.0))) || any(greaterThanEqual(image, image_size))) discard;
    float share = textureLod(map, image / image_size, 0.0).r;
    colour = vec4(texelFetch(colours, ivec2(int(share * 255.0 + 0.5), 0), 0).rgb, opacity);
}
