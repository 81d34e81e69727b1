-- 涉疆人员人脸轨迹视图
CREATE OR REPLACE VIEW V_RY_RLGJ AS
SELECT RY.SFZH,
       RY.XM,
       RY.MZDM,          -- 民族代码
       GJ.SBBH,          -- 抓拍设备
       GJ.ZPSJ,          -- 抓拍时间
       GJ.RLTP           -- 人脸图片
  FROM T_RYJBXX RY
  JOIN T_RLZP_GJ GJ ON GJ.SFZH = RY.SFZH
 WHERE RY.MZDM IN ('05', '17', '13')
   AND SUBSTR(RY.SFZH, 1, 2) = '65'
   AND GJ.XSD >= 0.90;
