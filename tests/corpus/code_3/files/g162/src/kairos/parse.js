'use strict';

const GROUPS = ['asian', 'black', 'hispanic', 'other', 'white'];

/**
 * Reduce the reply of the media API to what the dashboard needs.
 * reply.frames[].people[].demographics
 */
function summarise(reply) {
  return reply.frames.flatMap((f) =>
    f.people.map((p) => {
      const d = p.demographics;
      const top = GROUPS.reduce((a, b) => (d[b] > d[a] ? b : a));
      return { t: f.time, id: p.person_id, age: d.age_group, top };
    }),
  );
}

module.exports = { summarise };
