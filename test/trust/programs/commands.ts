/**
 * Everything that a window could send, right and wrong: each command is carried out or refused with a sentence, nothing is
 * thrown past its door, no failure is one that nobody foresaw, and events come in all the while.
 */
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import type { Command, Reply, State } from '../../../preload/contract.ts'
import { compose, journalFile } from '../../../main/compose.ts'
import { createLogbook } from '../../../main/logbook.ts'
import type { UserSettings } from '../../../main/settings/settings.ts'
import { SETTING_KEYS } from '../../../main/settings/table.ts'
import type { Shell } from '../../../main/shell/port.ts'
import { CASES } from '../../unit/helpers/command-cases.ts'
import type { Outcome, TrustContext, TrustProgram } from '../program.ts'
import { temporaryFolder, TOKEN } from '../support/application.ts'
import { readJournal } from '../support/history.ts'
import { posting } from '../support/sender.ts'

/** Commands that are under way together, and after how many rounds it is looked whether all is well. */
const TOGETHER = 20
const LOOK_AFTER = 500
/** One of them may take so long (ms): the window shows nothing of it meanwhile. */
const SLOW = 5_000

type Type = Command['type']
const TYPES = Object.keys(CASES) as readonly Type[]

/** What writes or reads whole files: as often as a person would, not in every round. */
const COSTLY: ReadonlySet<Type> = new Set([
  'journal.backup',
  'journal.restore',
  'data.find',
  'data.forget',
  'diagnostics.save',
  'settings.export',
  'settings.import',
  'quarantine.save',
  'certificate.save',
  'certificate.renew',
  'listener.test',
  'listener.retry',
])

/** Locked, so that nothing leaves this computer and events come in where they are sent to. */
const POLICY = {
  'listener.token': TOKEN,
  'listener.addresses': ['127.0.0.1'],
  'listener.port': 0,
  'listener.allow': [],
  'listener.https': 'off',
  'relay.credentialFile': '',
  'appliance.host': '127.0.0.1:9',
  'me.repId': '12',
}

const LSIDS = ['0f3c', 'x', 'a'.repeat(32), 'session-1', 'session-2'] as const

const text = fc.oneof(
  fc.constantFrom(
    ...LSIDS,
    'INC0010023',
    '',
    ' ',
    '__proto__',
    '../../etc/passwd',
    'x'.repeat(1_024),
    'x'.repeat(1_025),
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
)
const odd = fc.oneof(
  text,
  fc.constantFrom(null, undefined, Number.NaN, Infinity, -0, -1, 0, 1, 1.5, 2 ** 53, true, 'all', [], {}),
  fc.constantFrom(...SETTING_KEYS),
  fc.integer(),
  fc.jsonValue({ maxDepth: 2 }),
  fc.array(fc.oneof(text, fc.nat()), { maxLength: 120 }),
)

/** A right one, often with other values of the right kind in it; one with some of its fields made wrong; anything. */
const command: fc.Arbitrary<unknown> = fc
  .record({
    type: fc.constantFrom(...TYPES),
    which: fc.nat(10),
    words: fc.option(text),
    number: fc.option(fc.nat(20)),
    changes: fc.dictionary(
      fc.constantFrom(
        'lsid',
        'lsids',
        'key',
        'value',
        'id',
        'ids',
        'before',
        'target',
        'choice',
        'place',
        'query',
        'text',
        'name',
        'kind',
      ),
      odd,
      { maxKeys: 2 },
    ),
    how: fc.integer({ min: 0, max: 9 }),
    anything: fc.oneof(fc.anything(), fc.record({ type: fc.oneof(fc.constantFrom(...TYPES), fc.string()) })),
  })
  .map(({ type, which, words, number, changes, how, anything }) => {
    if (how === 0) return anything
    const { good } = CASES[type]
    const picked: unknown = good[which % good.length]
    const filled = JSON.parse(
      JSON.stringify(picked, (name, value: unknown) => {
        if (
          typeof value === 'string' &&
          words !== null &&
          !['type', 'kind', 'view', 'what', 'as', 'page'].includes(name)
        )
          return words
        return typeof value === 'number' && number !== null ? number : value
      }),
    ) as object
    return how < 6 ? filled : { ...filled, ...changes }
  })

function createShell(downloads: string): Shell {
  return {
    kind: 'electron',
    notify: () => {},
    dismiss: () => {},
    drawTray: () => {},
    showWindow: () => {},
    showQuick: () => true,
    hideQuick: () => {},
    copy: () => Promise.resolve(true),
    readClipboard: () => Promise.resolve('INC0010023'),
    open: () => Promise.resolve(true),
    reveal: () => {},
    downloads: () => downloads,
    login: null,
    quit: () => {},
  }
}

function isReply(reply: Reply): boolean {
  JSON.stringify(reply)
  return reply.ok || (typeof reply.message === 'string' && reply.message.length > 3)
}

/** What every State has, as far as it can be said without its types. */
function isWhole(state: State): boolean {
  const lists = [state.sessions, state.alerts, state.activity, state.problems, state.keyEdits, state.downloads]
  const places = state.sessions.every(({ lsid }) => typeof lsid === 'string')
  return lists.every(Array.isArray) && places && JSON.stringify(state).length < 4_000_000
}

async function run({ rounds, seed, deadline, log }: TrustContext): Promise<Outcome> {
  const folder = temporaryFolder()
  const downloads = join(folder, 'downloads')
  const dataDir = join(folder, 'data')
  mkdirSync(downloads)
  const policyFile = join(folder, 'policy.json')
  writeFileSync(policyFile, JSON.stringify(POLICY))
  let content: Record<string, unknown> = {}
  const userSettings: UserSettings = {
    read: () => content,
    write: (all) => {
      content = JSON.parse(JSON.stringify(all)) as Record<string, unknown>
    },
  }
  const lines: string[] = []
  const failures: string[] = []
  const fail = (what: string) => failures.push(what.slice(0, 1_000))
  process.on('uncaughtException', (error) => fail(`uncaught: ${error.stack ?? error.message}`))
  const app = compose(
    {
      dataDir,
      policyFile,
      userSettings,
      env: {},
      version: '0.0.0',
      log: createLogbook((line) => lines.push(line), ''),
      fetch: () => Promise.reject(new TypeError('There is no network here.')),
    },
    () => createShell(downloads),
  )
  await app.start()
  const port = () => Number(/:(\d+)$/.exec(app.getState().health.listener.addresses[0] ?? '')?.[1] ?? 0)

  let sent = 0
  let slowest = 0
  const told = { carriedOut: 0, refused: 0, unknown: 0 }
  const kinds = new Set<string>()

  async function give(input: unknown): Promise<void> {
    const begun = performance.now()
    const what = () => fc.stringify(input)
    try {
      const reply = await app.runUnchecked(input)
      if (!isReply(reply)) fail(`no reply: ${fc.stringify(reply)} to ${what()}`)
      if (reply.ok) {
        told.carriedOut += 1
        kinds.add((input as Command).type)
      } else if (reply.message.includes('does not know this command')) told.unknown += 1
      else told.refused += 1
    } catch (error) {
      fail(`thrown past the door: ${String(error)} by ${what()}`)
    }
    const took = performance.now() - begun
    slowest = Math.max(slowest, took)
    if (took > SLOW) fail(`it took ${Math.round(took)} ms: ${what()}`)
  }

  /** Events come in, State is whole, and nothing failed that nobody foresaw. */
  async function look(): Promise<void> {
    const post = posting(port())
    sent += 1
    const lsid = LSIDS[sent % LSIDS.length] ?? 'x'
    const at = Math.floor(Date.now() / 1000)
    const form = new URLSearchParams({
      event: sent % 3 === 0 ? 'support_conference_member_added' : 'support_conference_owner_changed',
      lsid,
      timestamp: String(at),
      conference_id: 'rep:12',
      type: 'customer',
      display_name: `Customer ${sent}`,
      external_key: 'INC0010023',
      unique: String(sent),
    })
    if ((await post(form.toString())) !== 200) fail('an event was not answered 200')
    if ((await post(`nonsense=${sent}`)) !== 200) fail('a body that is no event was not answered 200')
    post.close()
    if (!isWhole(app.getState())) fail('State is not whole')
    const unforeseen = lines.filter((line) => /a command failed|internal error/.test(line))
    for (const line of new Set(unforeseen)) fail(line)
    lines.length = 0
    // A person would not keep them all either.
    for (const file of readdirSync(downloads)) rmSync(join(downloads, file), { recursive: true })
  }

  let done = 0
  while (done < rounds && failures.length < 10 && Date.now() < deadline) {
    const inputs = fc.sample(command, { numRuns: LOOK_AFTER, seed: seed + done })
    const isCheap = (input: unknown, index: number) =>
      index % 25 === 0 || !COSTLY.has((input as Partial<Command> | null | undefined)?.type as Type)
    const given = inputs.filter(isCheap)
    for (let at = 0; at < given.length; at += TOGETHER) await Promise.all(given.slice(at, at + TOGETHER).map(give))
    done += given.length
    await look()
    if (sent % 20 === 0) log(`${done.toLocaleString('en')} commands`)
  }
  await app.stop()
  if (done < rounds && failures.length === 0) fail(`only ${done} of ${rounds} commands in time`)
  const { integrity } = readJournal(journalFile(dataDir))
  if (integrity !== 'ok') fail(`the journal: ${integrity}`)
  const figures = {
    commands: done,
    'carried out': told.carriedOut,
    refused: told.refused,
    'known to be none': told.unknown,
    'kinds carried out': `${kinds.size} of ${TYPES.length}`,
    events: sent,
    'slowest (ms)': Math.round(slowest),
  }
  return { figures, failures }
}

export const program: TrustProgram = {
  name: 'commands',
  about: 'every command, right and wrong: carried out or refused, nothing thrown past its door',
  rounds: { short: 5_000, long: 100_000 },
  run,
}
