const { originNet, labelNet } = require("../nets");

module.exports = {
  Query: {
    crates: (_, { from, to }, { db }) => db.crates.between(from, to),
  },
  Crate: {
    thumb: (crate) => `/img/${crate.id}.jpg`,
    // "Made in ..." printed on the side
    originCountry: (crate) => labelNet.read(crate.crop),
    weight: (crate) => crate.kg,
  },
};
