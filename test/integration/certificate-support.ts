/** Certificates for tests, made anew each time, so that no key is kept. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect, type DetailedPeerCertificate } from 'node:tls'
import { request } from 'node:https'
import { issue, makeRoot, type Issued } from '../../main/certificate/authority.ts'

export const DAY = 86_400_000

export interface Site {
  readonly root: Issued
  readonly leaf: Issued
}

/** A root and what it issued, for these hosts, at this time. */
export async function makeSite(hosts: readonly [string, ...string[]] = ['127.0.0.1'], at = Date.now()): Promise<Site> {
  const root = await makeRoot('a site', at)
  return { root, leaf: await issue(root, hosts, at) }
}

export function writeFile(folder: string, name: string, content: string | Uint8Array): string {
  const file = join(folder, name)
  writeFileSync(file, content)
  return file
}

/** Has OpenSSL do something in a folder; false: there is none, or it failed. */
export function openssl(folder: string, ...args: readonly string[]): boolean {
  return spawnSync('openssl', args, { cwd: folder, stdio: 'ignore' }).status === 0
}

/** Has OpenSSL connect that trusts nobody, and says so. */
export async function refuseBy(host: string): Promise<void> {
  const args = ['s_client', '-verify_return_error', '-no-CAfile', '-no-CApath', '-connect', host]
  const child = spawn('openssl', args, { stdio: 'ignore', timeout: 10_000 })
  await once(child, 'exit')
}

/** The certificate that somebody shows, whatever it is worth. */
export function shownBy(port: number, address = '127.0.0.1'): Promise<DetailedPeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port, rejectUnauthorized: false }, () => {
      resolve(socket.getPeerCertificate(true))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

/** Posts as an appliance does that was given the root. */
export function postSecurely(url: string, body: string, ca: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const sent = request(url, { method: 'POST', ca, headers, agent: false }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
