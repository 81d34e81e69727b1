#version 300 es
precision mediump float;

// subsurface look for the avatar's face
uniform sampler2D uAlbedo;
uniform vec3 uSkinTint;     // chosen by the user in the editor
uniform float uRoughness;
uniform vec3 uLight;

in vec2 vUv;
in vec3 vNormal;
out vec4 oColor;

void main() {
    vec3 skin = texture(uAlbedo, vUv).rgb * uSkinTint;
    float d = max(dot(normalize(vNormal), normalize(uLight)), 0.0);
    float wrap = (d + 0.4) / 1.4;
    oColor = vec4(skin * wrap * (1.0 - 0.2 * uRoughness), 1.0);
}
