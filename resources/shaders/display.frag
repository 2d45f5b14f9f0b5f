// What is seen of the two sides of the picture: one of them, or their difference.
const int A = 0, B = 1, DIFFERENCE = 3;
const int SIGNED = 0, ABSOLUTE = 1, SQUARED = 2, MEASURED = 3;

// Written in front of this as constants, one program for each combination, so that none computes what it does not show:
// OpenGL without a graphics card takes all ways through a shader, whichever is wanted.
//     VIEW                     what is shown, see View in render/gl/display.py
//     KIND                     of the difference, see Kind there
//     HAS_A, HAS_B             the sides are there
//     IS_PART_A, IS_PART_B     they are parts of the picture, on grids of their own, rather than images of all of it
//     HAS_MEASURED             the difference that is measured is there
//     BY_CHANNEL               three differences as red, green and blue, rather than their mean as a colour of the table
//     LINEAR                   colours between pixels are interpolated
//     SMALLER                  the picture is seen smaller than it is
//     HAS_GRID                 the pixel grid is seen

uniform sampler2D a, b;         // colours, row 0 at the top
uniform vec2 origin_a, origin_b;        // of a part: image position of its upper left corner
uniform float scale_a, scale_b;         // of a part: its pixels per image pixel
uniform sampler2D measured;  // of the whole picture: a difference that looks at more than one pixel
uniform sampler2D table;     // colours of a difference, a row of them, the least first
uniform float left;          // where the pane begins that is drawn, device pixels
uniform vec2 screen_size;    // of the pane, device pixels
uniform vec2 image_size;     // image pixels
uniform vec2 offset;         // position of the image's upper left corner in the pane, y down
uniform float zoom;          // screen pixels per image pixel
uniform float gain;          // of the difference
uniform float grid;          // opacity of the pixel grid
uniform vec3 surround;       // behind the image
out vec4 colour;

vec4 of_image(sampler2D side, vec2 image) {
    if (SMALLER) return texture(side, image / image_size);
    if (LINEAR && VIEW != DIFFERENCE) return textureLod(side, image / image_size, 0.0);
    vec2 pixel = floor(image), within = image - pixel;
    // Square pixels whose edges are as soft as one screen pixel: even at odd zooms all look equally wide.
    vec2 soft = clamp(within * zoom, 0.0, 0.5) + clamp((within - 1.0) * zoom + 0.5, 0.0, 0.5);
    return textureLod(side, (pixel + (VIEW == DIFFERENCE ? vec2(0.5) : soft)) / image_size, 0.0);
}

vec3 texel_of(sampler2D side, vec2 at) {
    return texelFetch(side, clamp(ivec2(floor(at)), ivec2(0), textureSize(side, 0) - 1), 0).rgb;
}

vec3 of_part(sampler2D side, vec2 origin, float scale, vec2 image) {
    vec2 at = (image - origin) * scale;
    vec3 sum;
    if (LINEAR && VIEW != DIFFERENCE && scale < 0.99 * zoom) {
        vec2 corner = at - 0.5, share = fract(corner);
        vec3 above = mix(texel_of(side, corner), texel_of(side, corner + vec2(1.0, 0.0)), share.x);
        vec3 below = mix(texel_of(side, corner + vec2(0.0, 1.0)), texel_of(side, corner + vec2(1.0)), share.x);
        sum = mix(above, below, share.y);
    } else {
        sum = texel_of(side, at);
    }
    return clamp(sum, 0.0, 1.0);  // a sum of Gaussians is not clipped
}

vec3 from_table(float value) {
    float last = float(textureSize(table, 0).x - 1);
    return texelFetch(table, ivec2(int(clamp(value, 0.0, 1.0) * last + 0.5), 0), 0).rgb;
}

vec3 of_difference(vec3 d) {
    vec3 scaled = KIND == SQUARED ? d * d * gain * gain : (KIND == SIGNED ? d : abs(d)) * gain;
    if (KIND == SIGNED) scaled = 0.5 + 0.5 * scaled;
    return BY_CHANNEL ? clamp(scaled, 0.0, 1.0) : from_table(dot(scaled, vec3(1.0 / 3.0)));
}

// 0 to 1, of light rather than of levels.
float luminance(vec3 levels) {
    vec3 light = mix(levels / 12.92, pow((levels + 0.055) / 1.055, vec3(2.4)), step(0.04045, levels));
    return dot(light, vec3(0.2126, 0.7152, 0.0722));
}

void main() {
    vec2 screen = vec2(gl_FragCoord.x - left, screen_size.y - gl_FragCoord.y);
    vec2 image = (screen - offset) / zoom;
    vec2 inside = clamp(image, vec2(0.0), image_size);
    // Sampled outside any branch that differs between fragments: mip-map levels come from their differences.
    vec3 on_a = !HAS_A ? surround : IS_PART_A ? of_part(a, origin_a, scale_a, image) : of_image(a, inside).rgb;
    vec3 on_b = !HAS_B ? surround : IS_PART_B ? of_part(b, origin_b, scale_b, image) : of_image(b, inside).rgb;
    float error = HAS_MEASURED ? of_image(measured, inside).r : 0.0;
    if (any(lessThan(image, vec2(0.0))) || any(greaterThanEqual(image, image_size))) {
        // A soft shadow lifts the picture off its surround.
        vec2 outside = max(max(-image, image - image_size), 0.0) * zoom;
        float shade = 0.22 * exp(-length(outside) / 6.0);
        colour = vec4(surround * (1.0 - shade), 1.0);
        return;
    }
    vec3 result = VIEW == A ? on_a : on_b;
    if (VIEW == DIFFERENCE && KIND == MEASURED) result = HAS_MEASURED ? from_table(error * gain) : surround;
    else if (VIEW == DIFFERENCE) result = HAS_A && HAS_B ? of_difference(on_b - on_a) : surround;
    if (HAS_GRID) {
        vec2 cell = fract(image) * zoom;
        // Whichever of black and white stands out more: they do equally at a luminance of 0.18.
        if (cell.x < 1.0 || cell.y < 1.0) result = mix(result, vec3(luminance(result) > 0.18 ? 0.0 : 1.0), grid);
    }
    colour = vec4(result, 1.0);
}
