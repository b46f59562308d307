/** Journals to damage, and a keeper that has to cope with them. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { openJournal } from '../../../main/events/journal.ts'
import { createKeeper } from '../../../main/events/keeper.ts'
import { createSalvage, type TakenOver } from '../../../main/events/take-over.ts'
import { atEnd } from '../../at-end.ts'
import { entry, temporaryFolder } from '../support.ts'

/** A journal as a killed process leaves it: some events in the file, and each of the others a transaction of the log. */
export async function killed(t: TestContext, inFile: number, inLog: number): Promise<string> {
  const folder = temporaryFolder(t)
  const file = join(folder, 'journal.db')
  const journal = openJournal(file, 1_000)
  for (let index = 1; index <= inFile; index += 1) await journal.append(entry(`e${index}`, { lsid: `s${index}` }))
  journal.traces.emptyLog()
  for (let index = inFile + 1; index <= inFile + inLog; index += 1)
    await journal.append(entry(`e${index}`, { lsid: `s${index}` }))
  mkdirSync(join(folder, 'killed'))
  for (const end of ['', '-wal']) cpSync(`${file}${end}`, join(folder, 'killed', `journal.db${end}`))
  journal.close()
  return join(folder, 'killed', 'journal.db')
}

/** The same journal in a folder of its own. */
export function copyOf(t: TestContext, file: string): string {
  const folder = join(temporaryFolder(t), 'data')
  cpSync(dirname(file), folder, { recursive: true })
  return join(folder, 'journal.db')
}

/** Flips one bit. */
export function flip(file: string, place: number): void {
  const bytes = readFileSync(file)
  bytes[place] = (bytes[place] ?? 0) ^ 1
  writeFileSync(file, bytes)
}

/** What SQLite finds in it, in order. */
export function lsidsIn(file: string): readonly string[] {
  const journal = openJournal(file)
  try {
    return journal.eventsAfter(0, 10_000).map(({ lsid }) => lsid ?? '')
  } finally {
    journal.close()
  }
}

/** Sessions of the first so many events. */
export const upTo = (count: number) => Array.from({ length: count }, (_each, index) => `s${index + 1}`)

/** A keeper with its salvage, as the application puts them together. */
export function keep(t: TestContext, file: string) {
  const told: string[] = []
  const taken: TakenOver[] = []
  const keeper = createKeeper({
    file,
    now: Date.now,
    firstNumber: Date.now,
    onOpen: (_journal, isNew) => {
      told.push(isNew ? 'new' : 'open')
      salvage.resume()
    },
    onFailure: (error) => told.push(`failure: ${String(error)}`),
    onUnread: () => told.push('unread'),
    onSetAside: () => told.push('aside'),
    retry: 5_000,
    check: 10,
  })
  const salvage = createSalvage({
    journalFile: file,
    journal: () => keeper.current(),
    onTaken: (_file, each) => taken.push(each),
    onFailure: (error) => told.push(`salvage: ${String(error)}`),
  })
  const close = () => {
    salvage.stop()
    keeper.close()
  }
  atEnd(t, close)
  return { keeper, told, taken, close }
}
