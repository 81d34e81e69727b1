package com.yuntong.login;

/** 刷脸登录:仅做 1:1 比对,不输出任何人员属性 */
public class FaceLogin {
    private static final double PASS = 0.82;

    private final FaceEngine engine;

    public FaceLogin(FaceEngine engine) {
        this.engine = engine;
    }

    public boolean verify(byte[] live, byte[] enrolled) {
        if (!engine.liveness(live)) {
            return false;
        }
        return engine.compare(live, enrolled) >= PASS;
    }

    interface FaceEngine {
        boolean liveness(byte[] img);

        double compare(byte[] a, byte[] b);
    }
}
