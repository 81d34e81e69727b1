const AipFaceClient = require('baidu-aip-sdk').face;
const fs = require('fs');

const client = new AipFaceClient(process.env.APP_ID, process.env.AK, process.env.SK);

// 门店客流：每分钟取一张截图
async function once(path) {
  const image = fs.readFileSync(path).toString('base64');
  const res = await client.detect(image, 'BASE64', {
    face_field: 'age,glasses,race',
    max_face_num: 10,
  });
  if (res.error_code !== 0) throw new Error(res.error_msg);
  return res.result.face_list.map((f) => [f.age, f.race.type]);
}

// 注意多进程写同一文件的竞态（race condition）
module.exports = { once };
