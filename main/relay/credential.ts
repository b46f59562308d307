/** The file that a workstation was given: its name, its key, and where the broker is. */
import { readFileSync } from 'node:fs'
import type { Credential } from './workstations.ts'
import { WORKSTATION_NAME } from './workstations.ts'

export type { Credential } from './workstations.ts'

const SERVER = /^(nats|tls|wss?):\/\/[^\s/]+$/
const isText = (value: unknown): value is string => typeof value === 'string' && value !== ''

/**
 * Reads a credential.
 * @throws an Error that says what is wrong, without anything of what is in it
 */
export function readCredential(file: string): Credential {
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    throw new Error(
      `The relay’s credential ${file} ${code === undefined ? 'is no JSON' : `cannot be read (${code})`}.`,
      {
        cause: error,
      },
    )
  }
  const { site, servers, workstation, seed, ca } = (parsed ?? {}) as Record<string, unknown>
  const isWhole =
    isText(site) &&
    Array.isArray(servers) &&
    servers.length > 0 &&
    servers.every((server) => isText(server) && SERVER.test(server)) &&
    isText(workstation) &&
    WORKSTATION_NAME.test(workstation) &&
    isText(seed) &&
    (ca === null || isText(ca))
  if (!isWhole) throw new Error(`The relay’s credential ${file} is not one that “enrol” has made.`)
  return parsed as Credential
}
