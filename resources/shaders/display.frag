// What is seen of the two sides of the picture: one of them, both beside a split line, or their difference.
const int A = 0, B = 1, SPLIT = 2, DIFFERENCE = 3;

uniform sampler2D a, b;         // colours, row 0 at the top
uniform bool has_a, has_b;
uniform bool is_part_a, is_part_b;      // a part of the picture, on a grid of its own, rather than an image of all of it
uniform vec2 origin_a, origin_b;        // of a part: image position of its upper left corner
uniform float scale_a, scale_b;         // of a part: its pixels per image pixel
uniform vec2 screen_size;    // device pixels
uniform vec2 image_size;     // image pixels
uniform vec2 offset;         // screen position of the image's upper left corner, y down
uniform float zoom;          // screen pixels per image pixel
uniform int view;            // see View in render/gl/display.py
uniform float split;         // screen x of the line
uniform float gain;          // of the difference
uniform float grid;          // opacity of the pixel grid
uniform vec3 surround;       // behind the image
out vec4 colour;

vec3 of_image(sampler2D side, vec2 image) {
    if (zoom < 1.0) return texture(side, image / image_size).rgb;
    vec2 pixel = floor(image), within = image - pixel;
    // Square pixels whose edges are as soft as one screen pixel: even at odd zooms all look equally wide.
    vec2 soft = clamp(within * zoom, 0.0, 0.5) + clamp((within - 1.0) * zoom + 0.5, 0.0, 0.5);
    return textureLod(side, (pixel + (view == DIFFERENCE ? vec2(0.5) : soft)) / image_size, 0.0).rgb;
}

vec3 of_part(sampler2D side, vec2 origin, float scale, vec2 image) {
    ivec2 texel = ivec2(floor((image - origin) * scale));
    texel = clamp(texel, ivec2(0), textureSize(side, 0) - 1);
    return clamp(texelFetch(side, texel, 0).rgb, 0.0, 1.0);  // a sum of Gaussians is not clipped
}

void main() {
    vec2 screen = vec2(gl_FragCoord.x, screen_size.y - gl_FragCoord.y);
    vec2 image = (screen - offset) / zoom;
    vec2 inside = clamp(image, vec2(0.0), image_size);
    // Sampled outside any branch that differs between fragments: mip-map levels come from their differences.
    vec3 on_a = !has_a ? surround : is_part_a ? of_part(a, origin_a, scale_a, image) : of_image(a, inside);
    vec3 on_b = !has_b ? surround : is_part_b ? of_part(b, origin_b, scale_b, image) : of_image(b, inside);
    if (any(lessThan(image, vec2(0.0))) || any(greaterThanEqual(image, image_size))) {
        // A soft shadow lifts the picture off its surround.
        vec2 outside = max(max(-image, image - image_size), 0.0) * zoom;
        float shade = 0.22 * exp(-length(outside) / 6.0);
        colour = vec4(surround * (1.0 - shade), 1.0);
        return;
    }
    bool left = screen.x < split;
    vec3 result = view == A || (view == SPLIT && left) ? on_a : on_b;
    if (view == DIFFERENCE) result = has_a && has_b ? clamp(abs(on_b - on_a) * gain, 0.0, 1.0) : surround;
    if (grid > 0.0) {
        vec2 cell = fract(image) * zoom;
        if (cell.x < 1.0 || cell.y < 1.0) {
            float light = dot(result, vec3(0.299, 0.587, 0.114));
            result = mix(result, vec3(light > 0.5 ? 0.0 : 1.0), grid);
        }
    }
    colour = vec4(result, 1.0);
}
