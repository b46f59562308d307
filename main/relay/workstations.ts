/** The table of enrolled workstations: who works at which, and by which key it is known. A file, so that `enrol` and `revoke` reach a relay that runs. */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { createUser } from '@nats-io/nkeys'

/** An enrolled workstation. */
export interface Workstation {
  /** Public nkey. */
  readonly nkey: string
  /** The 12 in `rep:12`. */
  readonly rep: string
  /** False: the general queue does not reach it. */
  readonly general: boolean
  /** ISO date */
  readonly enrolled: string
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

/** @throws if the file is there and cannot be read as a table */
export function readTable(file: string): Table {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw error
  }
  return JSON.parse(text) as Table
}

function writeTable(file: string, table: Table): void {
  const part = `${file}.${process.pid}.part`
  writeFileSync(part, `${JSON.stringify(table, null, 2)}\n`, { mode: 0o600 })
  renameSync(part, file)
}

/**
 * Enrols a workstation, or gives one that is enrolled a new key; the old one is void then.
 * @returns its credential, of which only the public half is kept
 */
export function enrol(
  file: string,
  who: { readonly workstation: string; readonly rep: string; readonly general: boolean },
  broker: Pick<Credential, 'site' | 'servers' | 'ca'>,
  now: Date,
): Credential {
  const pair = createUser()
  const { workstation, rep, general } = who
  const line: Workstation = { nkey: pair.getPublicKey(), rep, general, enrolled: now.toISOString() }
  writeTable(file, { ...readTable(file), [workstation]: line })
  return { ...broker, workstation, seed: new TextDecoder().decode(pair.getSeed()) }
}

/** Takes a workstation off the table. False: it was not on it. */
export function revoke(file: string, workstation: string): boolean {
  const { [workstation]: gone, ...rest } = readTable(file)
  if (gone === undefined) return false
  writeTable(file, rest)
  return true
}

export interface Workstations {
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
    return found === undefined ? 'none' : `${found.mtimeMs} ${found.size} ${found.ino}`
  }

  function refresh(): void {
    const now = stamp()
    if (now === read) return
    try {
      table = readTable(file)
      byKey = new Map(Object.entries(table).map(([name, { nkey }]) => [nkey, name]))
      const isFirst = read === ''
      read = now
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
