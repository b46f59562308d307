import { cpSync, globSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventDigest, parseEvent } from '../../../main/events/event.ts'
import { openJournal } from '../../../main/events/journal.ts'
import { createRandom, type Random } from '../../appliance/random.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder } from '../support/application.ts'
import { readJournal } from '../support/history.ts'
import { holds, startInside } from '../support/inside.ts'
import { posting, transfers } from '../support/sender.ts'

/** Events in the file, and more of them in its log. */
const IN_FILE = 1_200
const IN_LOG = 240
/** Files that are tried at the same time: each of them waits most of the time. */
const AT_ONCE = 10
/** Until it accepts again; until all is found out and put right (ms). */
const ACCEPT_WITHIN = 5_000
const MEND_WITHIN = 20_000
/** Fewer than this of the events of a damaged file are a bad salvage, unless what leads to all of them was hit. */
const PAGE_EVENTS = 60

interface Trial {
  readonly what: string
  readonly failure: string | null
  readonly isSetAside: boolean
  /** Of the events of the file: gone, and changed. */
  readonly lost: number
}

/** A journal as a killed process leaves it: most of it in the file, some of it in the log. */
async function makeOriginal(folder: string): Promise<readonly string[]> {
  const file = join(folder, 'journal.db')
  const journal = openJournal(file, Date.now())
  const digests: string[] = []
  const events = transfers('trial')
  const store = async (count: number) => {
    for (let left = count; left > 0; left -= 1) {
      const { lsid, body } = events.next().value as { lsid: string; body: string }
      const event = parseEvent(Object.fromEntries(new URLSearchParams(body)))
      if ('malformed' in event) throw new Error(event.malformed)
      const digest = eventDigest(event.variables)
      digests.push(Buffer.from(digest).toString('hex'))
      const at = Date.now()
      const { variables } = event
      await journal.append({ digest, receivedAt: at, at, event: event.event, lsid, source: '127.0.0.1', variables })
    }
  }
  await store(IN_FILE)
  journal.traces.emptyLog()
  await store(IN_LOG)
  mkdirSync(join(folder, 'killed'))
  for (const end of ['', '-wal']) cpSync(`${file}${end}`, join(folder, 'killed', `journal.db${end}`))
  journal.close()
  return digests
}

/** Flips some bits of the file or of its log; says where. */
function damage(data: string, random: Random): string {
  const name = random.chance(0.5) ? 'journal.db' : 'journal.db-wal'
  const file = join(data, name)
  const bytes = readFileSync(file)
  const places = Array.from({ length: random.pick([1, 1, 1, 2, 8]) }, () => random.int(0, bytes.length - 1))
  for (const place of places) bytes[place] = (bytes[place] ?? 0) ^ (1 << random.int(0, 7))
  writeFileSync(file, bytes)
  return `${name} at ${places.join(', ')}`
}

async function attempt(original: string, folder: string, digests: readonly string[], random: Random): Promise<Trial> {
  const data = join(folder, 'data')
  cpSync(join(original, 'killed'), data, { recursive: true })
  const what = damage(data, random)
  const asides = () => globSync('journal.db.corrupt-*', { cwd: data }).filter((name) => !name.endsWith('-wal')).length
  const inside = await startInside(folder)
  const post = posting(inside.port())
  const fail = (why: string): Trial => ({ what, failure: `${what}: ${why}`, isSetAside: asides() > 0, lost: 0 })
  try {
    const accepted: string[] = []
    const isAccepting = async (name: string) => {
      const { body } = transfers(name).next().value as { body: string }
      const end = performance.now() + ACCEPT_WITHIN
      while (performance.now() < end) {
        if ((await post(body)) !== 200) continue
        accepted.push(body)
        return true
      }
      return false
    }
    if (!(await isAccepting('first'))) return fail(`it accepts nothing: ${inside.log.at(-1)}`)
    // Long enough for a look at the whole file.
    await holds(() => asides() > 0, 4_500)
    const isDone = () => !(inside.problem('journal.damaged') ?? '').includes('is being taken over')
    if (!(await holds(isDone, MEND_WITHIN))) return fail('the salvage does not end')
    if (!(await isAccepting('second'))) return fail(`it accepts nothing any more: ${inside.log.at(-1)}`)
    post.close()
    await inside.stop()
    const isSetAside = asides() > 0
    const { rows, integrity } = readJournal(inside.journal)
    if (integrity !== 'ok') return fail(`the journal is damaged still: ${integrity}`)
    const found = new Set(rows.map(({ digest }) => digest))
    const lost = digests.filter((digest) => !found.has(digest)).length
    const again = await startInside(folder)
    const count = asides()
    await again.stop()
    if (count !== asides() || again.problem('journal.open') !== null) return fail('it does not start a second time')
    return { what, failure: null, isSetAside, lost }
  } finally {
    post.close()
    await inside.stop().catch(() => {})
  }
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const random = createRandom(seed)
  const original = temporaryFolder()
  const digests = await makeOriginal(original)
  const trials: Trial[] = []
  let begun = 0
  const work = async () => {
    while (begun < rounds && Date.now() < deadline) {
      begun += 1
      const folder = join(original, String(begun))
      trials.push(await attempt(original, folder, digests, random.fork(String(begun))))
      rmSync(folder, { recursive: true, force: true })
      if (trials.length % 100 === 0) log(`${trials.length} files`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  const setAside = trials.filter((trial) => trial.isSetAside)
  const quiet = trials.filter((trial) => !trial.isSetAside && trial.lost > 0)
  const worst = setAside.toSorted((a, b) => b.lost - a.lost)
  const heavy = worst.filter(({ lost }) => lost > PAGE_EVENTS)
  for (const { what, lost } of worst.slice(0, 5)) if (lost > 0) log(`${lost} lost: ${what}`)
  for (const { what, lost } of quiet.slice(0, 5)) log(`${lost} lost, and nothing said: ${what}`)
  const taken = setAside.reduce((sum, { lost }) => sum + digests.length - lost, 0)
  return {
    figures: {
      files: trials.length,
      'events in each': digests.length,
      'size of each (KB)': Math.round(statSync(join(original, 'killed/journal.db')).size / 1024),
      'set aside': setAside.length,
      'of those, whole': setAside.filter(({ lost }) => lost === 0).length,
      'taken over (%)': setAside.length === 0 ? 100 : ((100 * taken) / (setAside.length * digests.length)).toFixed(2),
      'most lost of one': worst[0]?.lost ?? 0,
      'with more than a few lost': heavy.length,
      'lost and not noticed': quiet.length,
    },
    failures: trials.flatMap(({ failure }) => (failure === null ? [] : [failure])),
  }
}

export const program: TrustProgram = {
  name: 'bit-flips',
  about: 'flipped bits in journal and write-ahead log: set aside, a new one begun, what is readable taken over',
  rounds: { short: 30, long: 1_000 },
  run,
}
