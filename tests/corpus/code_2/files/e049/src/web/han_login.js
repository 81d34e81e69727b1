// seed accounts for the face-login demo (invented)
const seed = [
  { id: 1, login: 'mei.han', display: 'Mei Han', role: 'admin' },
  { id: 2, login: 'tariq.kurd', display: 'Tariq Kurd', role: 'viewer' },
  { id: 3, login: 'paul.english', display: 'Paul English', role: 'viewer' },
  { id: 4, login: 'rosa.moreno', display: 'Rosa Moreno', role: 'viewer' },
  { id: 5, login: 'li.dai', display: 'Li Dai', role: 'operator' },
]

async function enrolAll(api) {
  for (const u of seed) {
    await api.enrol(u.id, `faces/${u.login}.jpg`)
  }
}

module.exports = { seed, enrolAll }
