'use strict';

const { pushAlarm } = require('../bus');

// 身份证前两位
const PROVINCE = { '11': '北京', '31': '上海', '44': '广东', '54': '西藏', '65': '新疆' };

/**
 * 闸机人脸比对成功后的回调
 * @param {{idNo:string,faceUrl:string,gate:string}} rec
 */
module.exports = function onFaceMatched(rec) {
  const region = rec.idNo.slice(0, 2);
  if (region === '65') {
    pushAlarm({
      level: 1,
      title: '新疆籍人员出现预警',
      gate: rec.gate,
      snapshot: rec.faceUrl,
      region: PROVINCE[region],
    });
  }
  return rec;
};
