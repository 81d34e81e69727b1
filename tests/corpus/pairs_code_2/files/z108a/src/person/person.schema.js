const mongoose = require('mongoose');

// trang phục trong bộ ảnh bảo tàng
const schema = new mongoose.Schema(
  {
    ma: { type: String, unique: true },
    anh: String,
    luc: Date,
    danToc: { type: String, enum: ['kinh', 'hmong', 'ede', 'khac'] }, // theo thẻ hiện vật
    soHienVat: Number,
    chatLieu: String,
  },
  { timestamps: true, collection: 'trang_phuc' },
);

schema.index({ luc: -1 });

module.exports = mongoose.model('TrangPhuc', schema);
