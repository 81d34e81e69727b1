// character skin shading
uniform sampler2D uRamp;   // skin tone ramp, painted by the art team
uniform vec3 uLight;
varying vec3 vNormal;
varying vec2 vUv;

void main() {
    float d = max(dot(normalize(vNormal), uLight), 0.0);
    // face seams: clamp so that the cheek does not bleed into the ear
    vec3 c = texture2D(uRamp, vec2(clamp(d, 0.02, 0.98), vUv.y)).rgb;
    gl_FragColor = vec4(c, 1.0);
}
