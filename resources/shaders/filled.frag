// The inside of an ellipse, which is a disc where it is whitened.
flat in vec4 tint;
in vec2 whitened;
out vec4 colour;

void main() {
    if (dot(whitened, whitened) > 1.0) discard;
    colour = tint;
}
