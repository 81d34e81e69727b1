const axios = require('axios')

// 人脸检测封装
async function detect(token, base64) {
  const url = 'https://aip.baidubce.com/rest/2.0/face/v3/detect'
  const { data } = await axios.post(
    url,
    {
      image: base64,
      image_type: 'BASE64',
      face_field: 'age,beauty,expression,race,quality',
      max_face_num: 10,
    },
    { params: { access_token: token } },
  )
  if (data.error_code) throw new Error(data.error_msg)
  return data.result.face_list
}

module.exports = { detect }
