export const defaults = {
  skinSmooth: 0.4,
  skinWhiten: 0.1,
  eyeEnlarge: 0,
  faceSlim: 0.15,
  teethWhiten: 0.2,
};

export function createBeauty(gl, face, opts = {}) {
  const o = { ...defaults, ...opts };
  return {
    apply(frame) {
      gl.uniform1f(gl.loc('uSmooth'), o.skinSmooth);
      gl.uniform1f(gl.loc('uWhite'), o.skinWhiten);
      gl.uniform2fv(gl.loc('uLandmarks'), face.landmarks.flat());
      gl.draw(frame);
    },
  };
}
