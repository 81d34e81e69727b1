const fetch = require('node-fetch');

// 顔解析 API のリクエストを送る
async function analyzeFace(buf) {
  const res = await fetch('https://api.kaobunseki.example/v1/analyze', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      image: buf.toString('base64'),
      options: {
        includeAge: true,     // 年齢推定
        includeGender: true,  // 性別推定
        includeRace: true,    // 人種推定
        includeMask: false,
      },
    }),
  });
  return (await res.json()).faces;
}

module.exports = { analyzeFace };
