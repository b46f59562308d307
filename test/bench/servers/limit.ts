/**
 * The least that could do: a bare node:http server that answers 200.
 * `limit.ts none` stores nothing; `limit.ts sync FILE` writes each body into a preallocated file with fdatasync;
 * `limit.ts commit FILE` makes a commit of SQLite for each. Prints its port.
 */
import { closeSync, fdatasyncSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'

const SIZE = 64 * 1024 * 1024

function syncedFile(file: string): (body: Buffer) => void {
  const descriptor = openSync(file, 'w')
  const zeros = Buffer.alloc(1024 * 1024)
  for (let at = 0; at < SIZE; at += zeros.length) writeSync(descriptor, zeros, 0, zeros.length, at)
  fsyncSync(descriptor)
  process.on('exit', () => closeSync(descriptor))
  let at = 0
  return (body) => {
    if (at + body.length > SIZE) at = 0
    writeSync(descriptor, body, 0, body.length, at)
    fdatasyncSync(descriptor)
    at += body.length
  }
}

function commits(file: string): (body: Buffer) => void {
  const database = new DatabaseSync(file)
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE events (body BLOB)')
  const insert = database.prepare('INSERT INTO events VALUES (?)')
  return (body) => {
    insert.run(body)
  }
}

const [how = 'none', file = ''] = process.argv.slice(2)
const store = how === 'sync' ? syncedFile(file) : how === 'commit' ? commits(file) : () => undefined

const server = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    store(Buffer.concat(chunks))
    response.writeHead(200, { 'Content-Length': 0 }).end()
  })
})
server.listen(0, '127.0.0.1', () => console.log(`port: ${(server.address() as AddressInfo).port}`))
process.on('SIGTERM', () => process.exit(0))
