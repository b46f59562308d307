/** The client against the simulated appliance on a bad day: odd replies, dead tokens, limits, reports that lag. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApplianceClient, type ApplianceClient } from '../../main/appliance/client.ts'
import type { ApplianceErrorKind } from '../../main/appliance/errors.ts'
import { ODD_REPLY_KINDS, type OddReplyKind } from '../appliance/api/odd-reply.ts'
import { wait } from '../appliance/clock.ts'
import { failure } from '../unit/appliance-client-stub.ts'
import { bench, CLIENT, finished, USER } from './appliance-client-support.ts'
import { START } from './appliance-support.ts'

/** What each odd reply comes to; `same`: nothing is lost. */
const EXPECTED: Readonly<Record<OddReplyKind, ApplianceErrorKind | 'same' | 'fewer'>> = {
  error: 'box',
  'error-in-list': 'box',
  'login-page': 'unreadable',
  // Asked again.
  'proxy-page': 'same',
  'not-found': 'forbidden',
  redirect: 'unreadable',
  // The token is renewed.
  unauthorized: 'same',
  'rate-limited': 'same',
  busy: 'same',
  failure: 'unreadable',
  empty: 'unreadable',
  malformed: 'unreadable',
  'wrong-type': 'same',
  'no-type': 'same',
  slow: 'same',
  drip: 'same',
  split: 'same',
  cut: 'same',
  'cut-at-once': 'same',
  hang: 'timeout',
  cdata: 'same',
  references: 'same',
  namespace: 'same',
  prefix: 'same',
  mark: 'same',
  comment: 'same',
  doctype: 'unreadable',
  // What is not known is kept where figures have no fixed names.
  strangers: 'same',
  reordered: 'fewer',
  single: 'fewer',
  none: 'fewer',
  'empty-end-time': 'fewer',
  'encoded-body': 'same',
  'no-key': 'fewer',
  huge: 'unreadable',
}

const PERIOD = { by: 'start', from: START - 3_600_000, until: START + 3_600_000 } as const

const CALLS: Readonly<Record<string, (client: ApplianceClient, lsid: string) => Promise<unknown>>> = {
  get_support_teams: (client) => client.getSupportTeams({ members: true }),
  get_logged_in_reps: (client) => client.getLoggedInReps(),
  SupportSessionListing: (client) => client.listSessions(PERIOD),
  SupportSession: (client, lsid) => client.supportSessions({ lsid }),
  SupportCustExitSurvey: (client, lsid) => client.customerSurveys({ lsid }),
  SupportTeam: (client) => client.teamActivity({ ...PERIOD, from: START - 3 * 86_400_000 }),
  SupportSessionSummary: (client) => client.summarizeSessions({ ...PERIOD, reportType: 'rep' }),
}

/** Pauses take no time; the time-out for a reply comes when nobody answers for so long (ms). */
const IMPATIENT = 400

for (const [kind] of ODD_REPLY_KINDS) {
  test(`${kind}: ${EXPECTED[kind]}`, async (t) => {
    let skipped = 0
    const { box, client } = await bench(
      t,
      '19.1',
      {},
      {
        replyLimit: 4 * 1024 * 1024,
        now: () => Date.now() + skipped,
        delay: async (ms, signal) =>
          new Promise((resolve, reject) => {
            if (ms < 30_000) skipped += ms
            const timer = setTimeout(resolve, ms >= 30_000 ? IMPATIENT * (kind === 'hang' ? 1 : 100) : 0)
            signal?.addEventListener('abort', () => {
              clearTimeout(timer)
              reject(new Error('aborted'))
            })
          }),
      },
    )
    const lsid = await finished(box)
    // Its clock stands still unless it is moved along.
    const moving = setInterval(() => void box.clock.advance(50), 5)
    t.after(() => clearInterval(moving))
    for (const [name, call] of Object.entries(CALLS)) {
      const usual = await call(client, lsid)
      box.api.next(kind, { on: name })
      const expected = kind === 'strangers' && name === 'SupportSessionSummary' ? 'fewer' : EXPECTED[kind]
      if (expected === 'same') assert.deepEqual(await call(client, lsid), usual, name)
      else if (expected === 'fewer') assert.ok(Array.isArray(await call(client, lsid)), name)
      else assert.equal((await failure(call(client, lsid))).kind, expected, name)
      box.api.clearNext()
    }
  })
}

test('a command that is carried out is never asked for twice, whatever comes back', async (t) => {
  const { box, client } = await bench(t, '24.x')
  for (const kind of ['cut', 'cut-at-once', 'busy', 'proxy-page', 'rate-limited', 'failure', 'empty'] as const) {
    const { lsid } = box.start('team:5')
    const before = box.api.requests.length
    await client.info()
    box.api.next(kind, { on: 'transfer_session', bytes: 10 })
    await failure(client.transferSession({ lsid, to: 'rep:12' }))
    const asked = box.api.requests.slice(before).filter(({ name }) => name === 'transfer_session')
    assert.equal(asked.length, 1, kind)
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
})

test('the token is renewed when it dies, and the account refused when its secret is changed', async (t) => {
  const { box, client } = await bench(t, '24.x')
  await client.getSupportTeams()
  const tokens = () => box.api.requests.filter(({ path }) => path === '/oauth2/token').length
  assert.equal(tokens(), 1)
  box.api.revokeTokens()
  await Promise.all([client.getSupportTeams(), client.getLoggedInReps(), client.getSupportTeams()])
  assert.equal(tokens(), 2)
  box.api.setClientSecret('another')
  const error = await failure(client.getSupportTeams())
  assert.equal(error.kind, 'refused')
  assert.equal(error.code, 'invalid_client')
  const asked = tokens()
  await failure(client.getSupportTeams())
  assert.equal(tokens(), asked)
})

test('a wrong secret does not lock the account, however often something is asked', async (t) => {
  const { box } = await bench(t, '24.x', { lockAfter: 3 })
  const wrong = createApplianceClient({
    host: box.url,
    credentials: () => ({ ...CLIENT, clientSecret: 'wrong' }),
    fetch,
  })
  for (let tries = 0; tries < 10; tries += 1) assert.equal((await failure(wrong.getSupportTeams())).kind, 'refused')
  const right = createApplianceClient({ host: box.url, credentials: () => CLIENT, fetch })
  assert.ok((await right.getSupportTeams()).length > 0)
})

test('a name and password at a box that takes none any more', async (t) => {
  const { box } = await bench(t, '24.x')
  const client = createApplianceClient({ host: box.url, credentials: () => USER, fetch })
  assert.equal((await failure(client.getSupportTeams())).kind, 'refused')
})

test('an API account at a box that knows none yet', async (t) => {
  const { box } = await bench(t, '10.6')
  const client = createApplianceClient({ host: box.url, credentials: () => CLIENT, fetch })
  const error = await failure(client.getSupportTeams())
  assert.equal(error.kind, 'unsupported')
  assert.match(error.message, /too old/)
})

test('the API is off, at a new box and at an old one', async (t) => {
  for (const name of ['10.6', '24.x'] as const) {
    const { client } = await bench(t, name, { xmlApi: false })
    const error = await failure(client.getSupportTeams())
    assert.equal(error.kind, 'forbidden', name)
    assert.match(error.detail, /Enable XML API/)
  }
})

test('permissions: what is denied is not sent, and opens again when it is allowed', async (t) => {
  const { box, client } = await bench(t, '24.x', { permissions: { perm_command: 'read_only' } })
  const { lsid } = box.start('team:5')
  assert.ok((await client.getSupportTeams()).length > 0)
  const error = await failure(client.transferSession({ lsid, to: 'rep:12' }))
  assert.equal(error.kind, 'forbidden')
  assert.ok(!box.api.requests.some(({ name }) => name === 'transfer_session'))
  assert.equal((await client.can('backup')).ok, false)
  assert.equal((await client.can('PresentationSessionRecording')).ok, false)
  box.api.setPermissions({ perm_command: 'full_access' })
  client.forget()
  await client.transferSession({ lsid, to: 'rep:12' })
})

test('the box’s own limit of twenty a second is never met', async (t) => {
  const { box } = await bench(t, '24.x', { rateLimits: { perSecond: 20, perHour: 15_000 } })
  const { clock } = box
  // Both by the same clock, so that it does not matter how busy this computer is.
  const client = createApplianceClient({
    host: box.url,
    credentials: () => CLIENT,
    fetch,
    now: () => clock.now(),
    delay: async (ms, signal = new AbortController().signal) => {
      await wait(clock, ms, signal)
      if (signal.aborted) throw new Error('aborted')
    },
  })
  const moving = setInterval(() => void clock.advance(20), 5)
  t.after(() => clearInterval(moving))
  await Promise.all(Array.from({ length: 50 }, async () => client.getApiInfo()))
  assert.ok(box.api.requests.every(({ status }) => status !== 429))
  assert.equal(client.requests(), 51)
})

test('the hour’s budget that other clients used up is heeded', async (t) => {
  const { client } = await bench(t, '24.x', { rateLimits: { perSecond: 1000, perHour: 101 } })
  for (let count = 0; count < 101; count += 1) await client.getApiInfo()
  const error = await failure(client.getApiInfo())
  assert.equal(error.kind, 'rateLimited')
  assert.ok((error.retryAfter ?? 0) > 30_000)
})

test('a report that lags its session by two calls', async (t) => {
  const pauses: number[] = []
  const { box, client } = await bench(
    t,
    '19.1',
    { reportLag: { calls: 2 } },
    {
      delay: async (ms, signal) => {
        if (signal === undefined) pauses.push(ms)
        else
          await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
      },
    },
  )
  const lsid = await finished(box)
  const session = await client.supportSessionOnce(lsid, ({ endedAt }) => endedAt !== null)
  assert.equal(session?.lsid, lsid)
  assert.ok(pauses.length >= 1 && pauses[0] === 5_000)
})

test('a history of ten thousand sessions is listed in one request, and read in chunks', async (t) => {
  const { box, client } = await bench(t, '19.1', { appliance: { pastSessions: 10_000 } })
  const listing = await client.listSessions({ by: 'end', from: START - 95 * 86_400_000, until: START })
  assert.equal(listing.length, 10_000)
  assert.ok(listing.some(({ externalKey }) => externalKey !== null))
  const lsids = listing.slice(-60).map(({ lsid }) => lsid)
  const sessions = await client.supportSessions({ lsids })
  assert.deepEqual(
    sessions.map(({ lsid }) => lsid),
    lsids,
  )
  assert.equal(box.api.requests.filter(({ name }) => name === 'SupportSession').length, 3)
})
