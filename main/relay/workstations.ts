/** The table of enrolled workstations: who works at which, and by which key it is known. A file, so that `enrol` and `revoke` reach a relay that runs. */
import { chownSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createUser } from '@nats-io/nkeys'

/** A workstation that was enrolled. */
export interface Workstation {
  /** Public nkey. */
  readonly nkey: string
  /** The 12 in `rep:12`. */
  readonly rep: string
  /** False: the general queue does not reach it. */
  readonly general: boolean
  /** ISO date */
  readonly enrolled: string
  /**
   * ISO date; left out: it may come in. The line stays, for a name is never given twice: a connection that is still open
   * under the old key would read along.
   */
  readonly revoked?: string
  /** The name that was asked for, if it was given already. */
  readonly name?: string
}

export type Table = Readonly<Record<string, Workstation>>

/** What is handed out to a workstation: a file for its policy folder. Holds a secret. */
export interface Credential {
  readonly site: string
  readonly servers: readonly string[]
  readonly workstation: string
  /** Seed of its nkey. */
  readonly seed: string
  /** CA of the broker's certificate, as PEM; null: one that the system knows, or no TLS. */
  readonly ca: string | null
}

/** A workstation's name: also part of subjects and of a file's name. */
export const WORKSTATION_NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/

const isText = (value: unknown): value is string => typeof value === 'string'

function isLine(value: unknown): value is Workstation {
  if (typeof value !== 'object' || value === null) return false
  const { nkey, rep, general, enrolled, revoked, name } = value as Record<string, unknown>
  return (
    isText(nkey) &&
    /^U[A-Z2-7]{55}$/.test(nkey) &&
    isText(rep) &&
    /^\d{1,18}$/.test(rep) &&
    typeof general === 'boolean' &&
    isText(enrolled) &&
    (revoked === undefined || isText(revoked)) &&
    (name === undefined || isText(name))
  )
}

/** @throws an Error that names the file, if it is there and cannot be read as a table */
export function readTable(file: string): Table {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    if (code === 'ENOENT') return {}
    throw new Error(`The table ${file} cannot be read (${code}).`, { cause: error })
  }
  let table: unknown
  try {
    table = JSON.parse(text)
  } catch (error) {
    throw new Error(`The table ${file} is no JSON.`, { cause: error })
  }
  if (typeof table !== 'object' || table === null || Array.isArray(table)) throw new Error(`${file} is no table.`)
  for (const [name, line] of Object.entries(table)) {
    if (!WORKSTATION_NAME.test(name) || !isLine(line)) throw new Error(`${file}: the line of “${name}” is none.`)
  }
  return table as Table
}

function writeTable(file: string, table: Table): void {
  const before = statSync(file, { throwIfNoEntry: false })
  const part = `${file}.${process.pid}.part`
  writeFileSync(part, `${JSON.stringify(table, null, 2)}\n`, { mode: 0o600 })
  // Whoever enrols as root leaves the table to the relay's user.
  if (before !== undefined && process.getuid?.() === 0) chownSync(part, before.uid, before.gid)
  renameSync(part, file)
}

/** The name, or, where it was given already, that with a number after it. */
function freeName(table: Table, name: string): string {
  for (let number = 1; ; number += 1) {
    const free = number === 1 ? name : `${name.slice(0, 56)}-${number}`
    if (!Object.hasOwn(table, free)) return free
  }
}

/**
 * Enrols a workstation. One of that name that is enrolled is taken back, and the new one gets a number after its name.
 * @returns its credential, of which only the public half is kept
 */
export function enrol(
  file: string,
  who: { readonly workstation: string; readonly rep: string; readonly general: boolean },
  broker: Pick<Credential, 'site' | 'servers' | 'ca'>,
  now: Date,
): Credential {
  const pair = createUser()
  const { rep, general } = who
  const table = readTable(file)
  const workstation = freeName(table, who.workstation)
  const renamed = workstation === who.workstation ? {} : { name: who.workstation }
  const line: Workstation = { nkey: pair.getPublicKey(), rep, general, enrolled: now.toISOString(), ...renamed }
  writeTable(file, { ...without(table, who.workstation, now), [workstation]: line })
  return { ...broker, workstation, seed: new TextDecoder().decode(pair.getSeed()) }
}

/** The table with the workstation of this name taken back, under whatever name it was enrolled last. */
function without(table: Table, name: string, now: Date): Table {
  const lines = Object.entries(table).map(([each, line]) =>
    (each === name || line.name === name) && line.revoked === undefined
      ? [each, { ...line, revoked: now.toISOString() }]
      : [each, line],
  )
  return Object.fromEntries(lines) as Table
}

/** Takes a workstation back. False: none of this name is enrolled. */
export function revoke(file: string, workstation: string, now = new Date()): boolean {
  const table = readTable(file)
  const after = without(table, workstation, now)
  if (JSON.stringify(after) === JSON.stringify(table)) return false
  writeTable(file, after)
  return true
}

export interface Workstations {
  /** null: it is none, or was taken back. */
  get(workstation: string): Workstation | null
  /** The workstation with this public nkey. */
  byKey(nkey: string): string | null
  /** Reads the file again if it has changed. One that cannot be read leaves the table as it was. */
  refresh(): void
}

export interface WorkstationsOptions {
  readonly file: string
  /** Somebody was enrolled or taken back. */
  readonly onChange: () => void
  readonly onFailure: (error: unknown) => void
}

/** The table as a running relay has it. */
export function createWorkstations({ file, onChange, onFailure }: WorkstationsOptions): Workstations {
  let table: Table = {}
  let byKey = new Map<string, string>()
  let read = ''

  function stamp(): string {
    const found = statSync(file, { throwIfNoEntry: false })
    return found === undefined ? 'none' : `${found.mtimeMs} ${found.ctimeMs} ${found.size} ${found.ino}`
  }

  function refresh(): void {
    const isFirst = read === ''
    try {
      const now = stamp()
      if (now === read) return
      // What cannot be read is told once.
      read = now
      const held = Object.entries(readTable(file)).filter(([, { revoked }]) => revoked === undefined)
      table = Object.fromEntries(held)
      byKey = new Map(held.map(([name, { nkey }]) => [nkey, name]))
      if (!isFirst) onChange()
    } catch (error) {
      onFailure(error)
    }
  }

  refresh()
  return {
    get: (workstation) => (Object.hasOwn(table, workstation) ? (table[workstation] ?? null) : null),
    byKey: (nkey) => {
      // Whoever was enrolled just now may come at once, and who was taken back may not.
      refresh()
      return byKey.get(nkey) ?? null
    },
    refresh,
  }
}
