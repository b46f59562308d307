/** `npm run journal`: prints what is stored, makes backups (both also while the application runs), and puts them back. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { journalFile } from '../main/compose.ts'
import { copyJournal, backupFolder, makeBackup } from '../main/events/backup.ts'
import { openJournal } from '../main/events/journal.ts'
import { openBackup } from '../main/events/salvage.ts'
import { takeOver } from '../main/events/take-over.ts'
import { lockFolder } from '../main/lock.ts'
import { defaultDataFolder } from '../main/settings/data-folder.ts'
import { openJournalForReading, type JournalReader } from '../main/events/reading.ts'

const HELP = `Prints the journal: events, quarantine, session index.

  --data DIR       the data folder (default: the one that the application uses)
  --json           as one JSON document: {"events": […], "quarantine": […], "sessions": […]}
  --help           print this

  backup [FILE]    copies the journal, also while the application runs; without FILE into the data folder
  restore FILE     brings what is in the backup FILE and not in the journal; not while the application runs
`

/** Rows read at a time. */
const CHUNK = 1_000

function* pages<Row>(read: (after: number) => readonly Row[], numberOf: (row: Row) => number): Generator<Row> {
  for (let after = 0; ;) {
    const rows = read(after)
    yield* rows
    const last = rows.at(-1)
    if (last === undefined) return
    after = numberOf(last)
  }
}

/** What is stored, in the words of the JSON output. */
function contents(journal: JournalReader): Record<'events' | 'quarantine' | 'sessions', Iterable<object>> {
  const events = pages(
    (after) => journal.eventsAfter(after, CHUNK),
    ({ seq }) => seq,
  )
  const quarantine = pages(
    (after) => journal.quarantined(after, CHUNK),
    ({ id }) => id,
  )
  return {
    events,
    quarantine: quarantine.map(({ body, ...entry }) => ({
      ...entry,
      bodyBase64: Buffer.from(body).toString('base64'),
    })),
    sessions: journal.sessionsSince(Number.MIN_SAFE_INTEGER).map((session) => JSON.parse(session.data) as object),
  }
}

/** Written piece by piece, since a journal may be larger than memory. Waits for a slow reader. */
async function print(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((drained) => process.stdout.once('drain', drained))
}

async function printJson(journal: JournalReader): Promise<void> {
  let first = true
  await print('{')
  for (const [name, rows] of Object.entries(contents(journal))) {
    await print(`${first ? '' : ','}\n"${name}": [`)
    first = false
    let separator = '\n'
    for (const row of rows) {
      await print(`${separator}${JSON.stringify(row)}`)
      separator = ',\n'
    }
    await print(']')
  }
  await print('\n}\n')
}

async function printText(journal: JournalReader): Promise<void> {
  for (const [name, rows] of Object.entries(contents(journal))) {
    await print(`${name}:\n`)
    for (const row of rows) await print(`  ${JSON.stringify(row)}\n`)
  }
}

async function printJournal(file: string, asJson: boolean): Promise<void> {
  const journal = openJournalForReading(file)
  try {
    await (asJson ? printJson(journal) : printText(journal))
  } finally {
    journal.close()
  }
}

async function backup(file: string, target: string | undefined): Promise<void> {
  if (target === undefined) {
    const { name } = await makeBackup(file, Date.now())
    return print(`${resolve(backupFolder(file), name)}\n`)
  }
  if (existsSync(target)) throw new Error(`There is a file already: ${target}`)
  await copyJournal(file, resolve(target))
  return print(`${resolve(target)}\n`)
}

async function restore(file: string, from: string): Promise<void> {
  if (!existsSync(from)) throw new Error(`There is no such file: ${from}`)
  const unlock = lockFolder(dirname(file))
  if (unlock === null) throw new Error('Rep Tray is running. End it first, or put the backup back from its settings.')
  try {
    const source = openBackup(from)
    const journal = openJournal(file, Date.now())
    try {
      const { events, known, quarantined, lost } = await takeOver(source, () => journal)
      await print(`${events} events restored, ${known} were there already; ${quarantined} bodies that are no events\n`)
      if (lost > 0) throw new Error(`${lost} places of the backup could not be read.`)
    } finally {
      source.close()
      journal.close()
    }
  } finally {
    unlock()
  }
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) return print(HELP)
  const file = journalFile(resolve(values.data ?? defaultDataFolder(process.platform, process.env, homedir())))
  const [command, path, ...more] = positionals
  if (more.length === 0 && command === 'restore' && path !== undefined) return restore(file, path)
  if (!existsSync(file)) throw new Error(`There is no journal: ${file}`)
  if (more.length === 0 && command === 'backup') return backup(file, path)
  if (command !== undefined) throw new Error('Unknown command; see npm run journal -- --help.')
  return printJournal(file, values.json === true)
}

// Whoever reads has read enough (`| head`): the end, and no error.
process.stdout.on('error', () => process.exit())

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
