const { originNet, labelNet } = require("../nets");

module.exports = {
  Query: {
    faces: (_, { from, to }, { db }) => db.faces.between(from, to),
  },
  Face: {
    thumb: (face) => `/img/${face.id}.jpg`,
    // never stored, worked out when a client asks
    originCountry: (face) => originNet.top(face.crop),
    blur: (face) => face.blur,
  },
};
