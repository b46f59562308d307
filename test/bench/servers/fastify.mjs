// A peer: a Fastify handler with better-sqlite3, as one would write it: a commit for each request. Prints its port.
// Run in a folder that has both packages: node fastify.mjs FILE
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(process.cwd(), 'package.json'))
const Fastify = require('fastify')
const Database = require('better-sqlite3')

const database = new Database(process.argv[2])
database.pragma('journal_mode = WAL')
database.pragma('synchronous = FULL')
database.exec('CREATE TABLE events (id INTEGER PRIMARY KEY, received INTEGER, event TEXT, lsid TEXT, variables TEXT)')
const insert = database.prepare('INSERT INTO events (received, event, lsid, variables) VALUES (?, ?, ?, ?)')

const app = Fastify()
app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) =>
  done(null, Object.fromEntries(new URLSearchParams(body))),
)
app.post('/events', (request, reply) => {
  const { event, lsid } = request.body
  insert.run(Date.now(), event, lsid, JSON.stringify(request.body))
  reply.code(200).send()
})
await app.listen({ port: 0, host: '127.0.0.1' })
console.log(`port: ${app.server.address().port}`)
process.on('SIGTERM', () => process.exit(0))
