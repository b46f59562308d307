/** `npm run journal -- --data DIR [--json]`: prints what is stored, also while the application runs. */
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { journalFile } from '../main/compose.ts'
import { defaultDataFolder } from '../main/settings/data-folder.ts'
import { openJournalForReading, type JournalReader } from '../main/events/reading.ts'

const HELP = `Prints the journal: events, quarantine, session index.

  --data DIR   the data folder (default: the one that the application uses)
  --json       as one JSON document: {"events": […], "quarantine": […], "sessions": […]}
  --help       print this
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

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { data: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  })
  if (values.help) {
    await print(HELP)
    return
  }
  const file = journalFile(resolve(values.data ?? defaultDataFolder(process.platform, process.env, homedir())))
  if (!existsSync(file)) throw new Error(`There is no journal: ${file}`)
  const journal = openJournalForReading(file)
  try {
    await (values.json ? printJson(journal) : printText(journal))
  } finally {
    journal.close()
  }
}

// Whoever reads has read enough (`| head`): the end, and no error.
process.stdout.on('error', () => process.exit())

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
