const { runNet } = require("./triton");

module.exports = {
  Person: {
    portrait: (p) => `/img/${p.id}.jpg`,
    age: async (p) => (await runNet("age", p.portraitKey)).years,
    ethnicity: async (p) => (await runNet("ethn", p.portraitKey)).label,
  },
  Query: {
    person: (_, { id }, { db }) => db.person(id),
  },
};
