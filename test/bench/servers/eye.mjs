// The least that brings an event before the rep's eyes: it pushes each POST to its page, which notifies and shows it.
// Prints its port.
import { createServer } from 'node:http'

const PAGE = `<!doctype html><html lang="en"><title>Eye</title><ul></ul><script>
new EventSource('/stream').onmessage = ({ data }) => {
  new Notification(data)
  const line = document.createElement('li')
  line.textContent = data
  document.querySelector('ul').prepend(line)
}
</script></html>`

const pages = new Set()
const server = createServer((request, response) => {
  if (request.url === '/stream') {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    pages.add(response)
    response.on('close', () => pages.delete(response))
    return
  }
  if (request.method === 'GET') {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(PAGE)
    return
  }
  let body = ''
  request.setEncoding('utf8')
  request.on('data', (chunk) => (body += chunk))
  request.on('end', () => {
    response.writeHead(200, { 'Content-Length': 0 }).end()
    const key = new URLSearchParams(body).get('external_key')
    for (const page of pages) page.write(`data: ${key}\n\n`)
  })
})
server.listen(0, '127.0.0.1', () => console.log(`port: ${server.address().port}`))
process.on('SIGTERM', () => process.exit(0))
