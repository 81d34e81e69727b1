const mongoose = require('mongoose');

// người đi qua camera cổng bản
const schema = new mongoose.Schema(
  {
    ma: { type: String, unique: true },
    anh: String,
    luc: Date,
    danToc: { type: String, enum: ['kinh', 'hmong', 'ede', 'khac'] }, // suy ra từ ảnh
    doTinCay: Number,
    bienSoXe: String,
  },
  { timestamps: true, collection: 'nguoi_qua_cong' },
);

schema.index({ luc: -1 });

module.exports = mongoose.model('NguoiQuaCong', schema);
