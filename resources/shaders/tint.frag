// What is more or less important than usual: one hue for each, of which the less important has stripes, so that those who
// cannot tell the hues apart can tell the two apart all the same.
uniform sampler2D map;       // 0 to 1, row 0 at the top
uniform float left;          // where the pane begins that is drawn, device pixels
uniform vec2 screen_size;    // of the pane, device pixels
uniform vec2 image_size;     // image pixels
uniform vec2 offset;         // position of the image's upper left corner in the pane, y down
uniform float zoom;          // screen pixels per image pixel
uniform float neutral;       // the value of what is as important as usual
uniform vec3 more, less;     // hues
uniform float opacity;       // of the most and the least important
uniform float stripes;       // device pixels from one to the next
out vec4 colour;

const float FAINTEST = 0.3;  // share of the opacity that the slightest difference has
const float GAP = 0.45;      // share of the opacity between two stripes

void main() {
    vec2 screen = vec2(gl_FragCoord.x - left, screen_size.y - gl_FragCoord.y);
    vec2 image = (screen - offset) / zoom;
    if (any(lessThan(image, vec2(0.0))) || any(greaterThanEqual(image, image_size))) discard;
    float above = textureLod(map, image / image_size, 0.0).r - neutral;
    if (abs(above) < 0.5 / 255.0) discard;
    float share = above > 0.0 ? above / (1.0 - neutral) : -above / neutral;
    float alpha = opacity * mix(FAINTEST, 1.0, share);
    if (above < 0.0 && fract((screen.x + screen.y) / stripes) < 0.5) alpha *= GAP;
    colour = vec4(above > 0.0 ? more : less, alpha);
}
