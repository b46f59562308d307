/** The small JSON files beside the journal: the user's settings, and where the window was. */
import { copyFileSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { UserSettings } from './settings.ts'

type StoredRecord = Record<string, unknown>

/** What electron-store and conf, which it stands on, have in common. */
export interface RecordStore {
  store: StoredRecord
}

/** Options that both take by the same names; the file is `configName` to the one and `name` to the other. */
export interface RecordStoreOptions {
  readonly cwd: string
  readonly accessPropertiesByDotNotation: false
  readonly clearInvalidConfig: true
  readonly configFileMode: number
}

export interface JsonFile extends UserSettings {
  /** True: there was none yet. */
  readonly isNew: boolean
  /** Name of the copy of what could not be read, or null. */
  readonly damaged: string | null
}

function isRecord(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
  } catch {
    return false
  }
}

/**
 * Opens `NAME.json` in `directory`. What cannot be read is kept as `NAME.json.bad` for whoever may mend it, and counts
 * as empty. Writing replaces the file as a whole, atomically; it throws if the disk refuses.
 * @param makeStore makes the store of this shell
 */
export function openJsonFile(
  makeStore: (options: RecordStoreOptions, name: string) => RecordStore,
  directory: string,
  name: string,
): JsonFile {
  const file = join(directory, `${name}.json`)
  const isNew = !existsSync(file)
  let damaged: string | null = null
  if (!isNew && !isRecord(readFileSync(file, 'utf8'))) {
    damaged = `${file}.bad`
    copyFileSync(file, damaged)
  }
  const options = {
    cwd: directory,
    accessPropertiesByDotNotation: false,
    clearInvalidConfig: true,
    configFileMode: 0o600,
  } as const
  const store = makeStore(options, name)
  return {
    isNew,
    damaged,
    read: () => store.store,
    write: (all) => {
      store.store = { ...all }
    },
  }
}
