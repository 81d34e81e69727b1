#version 450
// Subsurface scattering for character skin.
layout(location = 0) in vec3 vNormal;
layout(location = 1) in vec2 vUv;
layout(location = 0) out vec4 outColor;

layout(set = 0, binding = 1) uniform sampler2D uAlbedo;

uniform vec3 uSkinTone;   // from the character editor
uniform float uThickness;

void main() {
    vec3 n = normalize(vNormal);
    float wrap = max(0.0, (dot(n, vec3(0.0, 1.0, 0.0)) + 0.5) / 1.5);
    vec3 base = texture(uAlbedo, vUv).rgb * uSkinTone;
    outColor = vec4(base * wrap + vec3(0.2, 0.02, 0.01) * uThickness, 1.0);
}
