const { runNet } = require("./triton");

module.exports = {
  Person: {
    portrait: (p) => `/img/${p.id}.jpg`,
    blur: async (p) => (await runNet("blur", p.portraitKey)).value,
    // what the person wrote in the form, shown to nobody but the person
    ethnicity: (p, _, { me }) => (me.id === p.id ? p.form.ethnicitySelf : null),
  },
  Query: {
    person: (_, { id }, { db }) => db.person(id),
  },
};
