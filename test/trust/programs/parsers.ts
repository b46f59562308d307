/**
 * Bodies of events and replies of the appliance, mutated and made up by fast-check. Whatever they are: an event or a
 * reason why it is none, a tree or a typed error; and what was taken for an event goes through all that events go through.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import type { TrustContext, TrustProgram } from '../program.ts'
import { activityEntry } from '../../../main/activity.ts'
import { isApplianceError } from '../../../main/appliance/errors.ts'
import { readXml, type XmlElement } from '../../../main/appliance/xml.ts'
import { EVENT_NAMES, eventDigest, KNOWN_VARIABLES } from '../../../main/events/event.ts'
import { interpret, parametersOf } from '../../../main/events/interpret.ts'
import { legible } from '../../../main/legible.ts'
import { applyEvent, type Session } from '../../../main/sessions/session.ts'

/** Inputs that are drawn at a time. */
const CHUNK = 500
/** One of them takes longer than this: it holds up the appliance's queue (ms). */
const SLOW = 1_000
/** What is in use may not grow by more than this from its first look to its last, however many inputs there were (bytes). */
const GROWTH = 16 * 1024 * 1024
/** It is looked at after so many inputs. */
const LOOK_AFTER = 10_000

const FOLDER = join(import.meta.dirname, '../../fixtures/api')

interface Body {
  readonly query: string
  readonly type: string
  readonly body: Uint8Array
}

const BOUNDARY = 'x-boundary'

const name = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...KNOWN_VARIABLES) },
  fc.constantFrom('__proto__', 'constructor', 'toString', '', 'token', 'LSID', 'event[]', ' event'),
  fc.string({ unit: 'binary', maxLength: 12 }),
)
const value = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...EVENT_NAMES) },
  fc.constantFrom(
    'rep:12',
    'team:5',
    'general',
    ':',
    'rep:',
    '1',
    '-1',
    '99999999999999',
    '1.5',
    'customer',
    ' ',
    '\0',
  ),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constant('x'.repeat(3_000)),
)
const sensible = fc.record({ event: fc.constantFrom(...EVENT_NAMES), lsid: fc.string({ minLength: 1, maxLength: 40 }) })
const pairs = fc
  .tuple(fc.array(fc.tuple(name, value), { maxLength: 12 }), fc.option(sensible, { freq: 2 }))
  .map(([list, first]) => [...Object.entries(first ?? {}), ...list])

/** As the appliance writes it; as somebody would who knows the rules and does not keep to them. */
const wellFormed = pairs.map((list) => Buffer.from(new URLSearchParams(list).toString()))
const illFormed = pairs.map((list) => Buffer.from(list.map(([key, text]) => `${key}=${text}`).join('&'), 'latin1'))
const multipart = pairs.map((list) =>
  Buffer.from(
    `${list
      .map(([key, text]) => `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${key}"\r\n\r\n${text}\r\n`)
      .join('')}--${BOUNDARY}--\r\n`,
  ),
)
const bytes = fc.uint8Array({ maxLength: 200 })

const type = fc.oneof(
  fc.constantFrom(
    'application/x-www-form-urlencoded',
    '',
    `multipart/form-data; boundary=${BOUNDARY}`,
    'multipart/form-data',
    'text/plain; charset=utf-16le',
    'text/plain; charset=no-such',
  ),
  fc.string({ maxLength: 30 }),
)

const cut = fc.record({ at: fc.nat(400), length: fc.nat(30), by: bytes })

const body: fc.Arbitrary<Body> = fc.record({
  query: fc.oneof(fc.constant(''), fc.string({ unit: 'binary', maxLength: 30 })),
  type,
  body: fc
    .tuple(fc.oneof(wellFormed, illFormed, multipart, bytes), fc.option(cut, { freq: 3 }))
    .map(([whole, change]): Uint8Array =>
      change === null
        ? whole
        : Buffer.concat([whole.subarray(0, change.at), change.by, whole.subarray(change.at + change.length)]),
    ),
})

/** Null: all is well. */
async function tryBody({ query, type: contentType, body: given }: Body, tally: Tally): Promise<string | null> {
  const shown = legible(given, contentType)
  if (shown.form === 'text' && /[\u202a-\u202e\u2066-\u2069]/.test(shown.text))
    return 'a control of direction is shown as it is'
  const event = await interpret(parametersOf(new URLSearchParams(query)), given, contentType)
  if ('malformed' in event) {
    tally.refused += 1
    return event.malformed === '' ? 'no reason is given' : null
  }
  tally.taken += 1
  const { variables } = event
  const again = JSON.parse(JSON.stringify(variables)) as typeof variables
  if (!Buffer.from(eventDigest(variables)).equals(Buffer.from(eventDigest(again))))
    return 'it is another one after a restart'
  if (event.at !== null && Number.isNaN(new Date(event.at).getTime())) return 'its time is none'
  activityEntry(event, 1, event.at ?? 0, 0, null)
  const { lsid } = event
  if (lsid === null) return null
  const session = [1, 2].reduce<Session | null>(
    (known, seq) => applyEvent(known, { ...event, lsid, seq, time: event.at ?? 0 }),
    null,
  )
  return isDeepStrictEqual(JSON.parse(JSON.stringify(session)), { ...session, variables: { ...session?.variables } })
    ? null
    : 'its session is another one after a restart'
}

const documents = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.xml'))
  .map((file) => readFileSync(join(FOLDER, file), 'utf8').slice(0, 3_000))

const markup = fc.oneof(
  fc.constantFrom(
    '<!DOCTYPE r [<!ENTITY a "EXP"><!ENTITY b "ANDED">]>',
    '<!DOCTYPE r SYSTEM "file:///etc/passwd">',
    '&a;&b;',
    '&#x110000;&#xd800;&#0;',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml version="1.1"?>',
    '<__proto__>',
    ' constructor="x"',
    '<a b="c">'.repeat(60),
    '<',
    '>',
    '"',
    '/',
    '\0',
    '\ud800',
  ),
  fc.string({ unit: 'binary', maxLength: 10 }),
)

const xml = fc.record({
  document: fc.constantFrom(...documents),
  edits: fc.array(fc.record({ at: fc.nat(3_000), drop: fc.nat(30), by: markup }), { maxLength: 4 }),
})

function wordsOf(element: XmlElement): string {
  const attributes = element.attrs().map(([key, text]) => `${key}=${text}`)
  return [element.name, element.text, ...attributes, ...element.children().map(wordsOf)].join(' ')
}

function tryXml(
  { document, edits }: { document: string; edits: readonly { at: number; drop: number; by: string }[] },
  tally: Tally,
): string | null {
  let text = document
  for (const { at, drop, by } of edits)
    text = text.slice(0, at % text.length) + by + text.slice((at % text.length) + drop)
  try {
    const root = readXml(text)
    tally.taken += 1
    return text.includes('EXPANDED') || !wordsOf(root).includes('EXPANDED') ? null : 'an entity was expanded'
  } catch (error) {
    tally.refused += 1
    return isApplianceError(error) ? null : `it throws ${String(error)}`
  }
}

/** Without what nobody refers to any more. */
function heapInUse(): number {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  collect()
  return process.memoryUsage().heapUsed
}

const inMegabytes = (amount = 0) => Math.round(amount / 1024 / 1024)

interface Tally {
  taken: number
  refused: number
}

async function run({ rounds, seed, deadline, log }: TrustContext) {
  const bodies: Tally = { taken: 0, refused: 0 }
  const replies: Tally = { taken: 0, refused: 0 }
  const failures: string[] = []
  let slowest = 0
  const inUse: number[] = []
  let done = 0

  async function each<Input>(
    input: Input,
    work: (input: Input) => string | null | Promise<string | null>,
  ): Promise<void> {
    const begun = performance.now()
    let fault: string | null
    try {
      fault = await work(input)
    } catch (error) {
      fault = error instanceof Error ? (error.stack ?? error.message) : String(error)
    }
    const took = performance.now() - begun
    slowest = Math.max(slowest, took)
    if (took > SLOW) fault ??= `it took ${Math.round(took)} ms`
    if (fault !== null) failures.push(`${fault}: ${fc.stringify(input).slice(0, 1_000)}`)
  }

  while (done < rounds && failures.length < 10 && Date.now() < deadline) {
    const drawn = { numRuns: Math.min(CHUNK, Math.ceil((rounds - done) / 2)), seed: seed + done }
    for (const input of fc.sample(body, drawn)) await each(input, (one) => tryBody(one, bodies))
    for (const input of fc.sample(xml, drawn)) await each(input, (one) => tryXml(one, replies))
    done += 2 * drawn.numRuns
    if (done % LOOK_AFTER === 0) inUse.push(heapInUse())
    if (done % (200 * CHUNK) === 0) log(`${done.toLocaleString('en')} inputs`)
  }
  if (done < rounds && failures.length === 0) failures.push(`only ${done} of ${rounds} inputs in time`)
  // Both happen, or the inputs are too tame or too wild to show anything.
  for (const { taken, refused } of [bodies, replies])
    if (Math.min(taken, refused) < done / 50) failures.push(`too one-sided: ${taken} taken, ${refused} refused`)
  const growth = (inUse.at(-1) ?? 0) - (inUse[0] ?? 0)
  if (growth > GROWTH) failures.push(`${growth} bytes more of memory are in use than at the beginning`)
  const figures = {
    inputs: done,
    'bodies that are events': bodies.taken,
    'bodies that are none': bodies.refused,
    'replies that are read': replies.taken,
    'replies that are typed errors': replies.refused,
    'slowest (ms)': Math.round(slowest),
    'memory in use (MB)': `${inMegabytes(inUse[0])} to ${inMegabytes(inUse.at(-1))}`,
  }
  return { figures, failures }
}

export const program: TrustProgram = {
  name: 'parsers',
  about: 'bodies of events and XML replies, mutated and made up: never more than a typed refusal',
  rounds: { short: 20_000, long: 1_000_000 },
  run,
}
