// What is seen: source, decoded, both beside a split line, or their difference.
const int SOURCE = 0, DECODED = 1, SPLIT = 2, DIFFERENCE = 3;

uniform sampler2D source;   // sRGB values as stored, row 0 at the top
uniform sampler2D decoded;  // unclipped sums, row 0 at the top
uniform bool has_source;
uniform bool has_decoded;
uniform vec2 screen_size;    // device pixels
uniform vec2 image_size;     // image pixels
uniform vec2 offset;         // screen position of the image's upper left corner, y down
uniform float zoom;          // screen pixels per image pixel
uniform vec2 decoded_origin; // image position of the decoded texture's upper left corner
uniform float decoded_scale; // its pixels per image pixel
uniform int view;            // see View in render/gl/display.py
uniform float split;         // screen x of the line
uniform float gain;          // of the difference
uniform float grid;          // opacity of the pixel grid
uniform vec3 surround;       // behind the image
out vec4 colour;

vec3 source_at(vec2 image) {
    if (zoom < 1.0) return texture(source, image / image_size).rgb;
    vec2 pixel = floor(image), within = image - pixel;
    // Square pixels whose edges are as soft as one screen pixel: even at odd zooms all look equally wide.
    vec2 soft = clamp(within * zoom, 0.0, 0.5) + clamp((within - 1.0) * zoom + 0.5, 0.0, 0.5);
    return textureLod(source, (pixel + (view == DIFFERENCE ? vec2(0.5) : soft)) / image_size, 0.0).rgb;
}

vec3 decoded_at(vec2 image) {
    ivec2 texel = ivec2(floor((image - decoded_origin) * decoded_scale));
    texel = clamp(texel, ivec2(0), textureSize(decoded, 0) - 1);
    return clamp(texelFetch(decoded, texel, 0).rgb, 0.0, 1.0);
}

void main() {
    vec2 screen = vec2(gl_FragCoord.x, screen_size.y - gl_FragCoord.y);
    vec2 image = (screen - offset) / zoom;
    // Sampled outside any branch that differs between fragments: mip-map levels come from their differences.
    vec3 original = has_source ? source_at(clamp(image, vec2(0.0), image_size)) : surround;
    vec3 result = has_decoded ? decoded_at(image) : surround;
    if (any(lessThan(image, vec2(0.0))) || any(greaterThanEqual(image, image_size))) {
        // A soft shadow lifts the picture off its surround.
        vec2 outside = max(max(-image, image - image_size), 0.0) * zoom;
        float shade = 0.22 * exp(-length(outside) / 6.0);
        colour = vec4(surround * (1.0 - shade), 1.0);
        return;
    }
    bool left = screen.x < split;
    if (view == SOURCE || (view == SPLIT && left)) result = original;
    if (view == DIFFERENCE) result = has_source && has_decoded ? clamp(abs(result - original) * gain, 0.0, 1.0) : surround;
    if (grid > 0.0) {
        vec2 cell = fract(image) * zoom;
        if (cell.x < 1.0 || cell.y < 1.0) {
            float light = dot(result, vec3(0.299, 0.587, 0.114));
            result = mix(result, vec3(light > 0.5 ? 0.0 : 1.0), grid);
        }
    }
    colour = vec4(result, 1.0);
}
