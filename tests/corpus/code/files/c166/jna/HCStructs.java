package sdk.jna;

import com.sun.jna.Structure;
import java.util.Arrays;
import java.util.List;

public interface HCStructs {

    class NET_HUMAN_ATTR extends Structure {
        public byte bySex;         // 性别：0-男，1-女，2-未知
        public byte byCertificateType;
        public byte byAge;         // 年龄
        public byte byEyeGlass;    // 是否戴眼镜
        public byte byRes2;        // 预留：人种 1-亚洲人 2-欧美人 3-非洲人
        public byte byFaceExpression; // 表情
        public byte[] byRes = new byte[26];

        @Override
        protected List<String> getFieldOrder() {
            return Arrays.asList("bySex", "byCertificateType", "byAge", "byEyeGlass", "byRes2", "byFaceExpression", "byRes");
        }
    }
}
