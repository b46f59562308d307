/** A broker for a demo or a test: real, on loopback only, in a folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeSetup } from '../main/relay/setup-files.ts'
import { findNatsServer } from './nats-server.ts'

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

export interface Broker {
  readonly pid: number
  /** Ends it, at once by default. */
  end(signal?: NodeJS.Signals): Promise<void>
}

/**
 * Writes the files of a relay and its broker into a folder.
 * @returns the broker's port
 */
export async function setUpBroker(folder: string, site: string): Promise<number> {
  const [port, webSocketPort] = [await freePort(), await freePort()]
  const dataFolder = join(folder, 'jetstream')
  writeSetup({ folder, site, hosts: ['127.0.0.1'], port, webSocketPort, tlsFolder: null, dataFolder, gigabytes: 1 })
  const file = join(folder, 'nats-server.conf')
  // Reached from this computer only.
  writeFileSync(file, readFileSync(file, 'utf8').replaceAll('0.0.0.0', '127.0.0.1'))
  return port
}

/** Starts the broker that was set up in a folder. @throws with its last words if it does not come up */
export async function startBroker(
  folder: string,
  log: (line: string) => void = () => undefined,
  env: NodeJS.ProcessEnv = {},
): Promise<Broker> {
  const binary = await findNatsServer(log)
  const child = spawn(binary, ['-c', join(folder, 'nats-server.conf')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...env },
  })
  let said = ''
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`The broker ended (${code}):\n${said.slice(-2_000)}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      said = `${said}${chunk.toString()}`.slice(-20_000)
      if (said.includes('Server is ready')) resolve()
    })
  })
  return {
    pid: child.pid ?? 0,
    end: async (signal = 'SIGKILL') => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const gone = once(child, 'exit')
      child.kill(signal)
      await gone
    },
  }
}
