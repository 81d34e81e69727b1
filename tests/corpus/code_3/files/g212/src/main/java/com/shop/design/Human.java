package com.shop.design;

/**
 * 抽象工厂模式示例：女娲造人
 */
public interface Human {
    void getColor();
    void talk();
}

class YellowHuman implements Human {
    public void getColor() { System.out.println("黄色人种的皮肤颜色是黄色的"); }
    public void talk() { System.out.println("黄色人种会说话"); }
}

class WhiteHuman implements Human {
    public void getColor() { System.out.println("白色人种的皮肤颜色是白色的"); }
    public void talk() { System.out.println("白色人种会说话"); }
}

class HumanFactory {
    public <T extends Human> T create(Class<T> c) throws Exception {
        return c.getDeclaredConstructor().newInstance();
    }
}
