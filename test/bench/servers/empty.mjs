// The empty program of this shell: it opens SQLite, listens, serves a page that says something, and stores what comes.
// node empty.mjs FILE. Prints its port.
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(process.argv[2])
database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE IF NOT EXISTS events (body TEXT)')
const insert = database.prepare('INSERT INTO events VALUES (?)')

const PAGE = '<!doctype html><html lang="en"><title>Empty</title><p>Nothing yet.</p></html>'

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE)
    return
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    insert.run(body)
    response.writeHead(200, { 'Content-Length': 0 }).end()
  })
})
server.listen(0, '127.0.0.1', () => console.log(`port: ${server.address().port}`))
process.on('SIGTERM', () => process.exit(0))
