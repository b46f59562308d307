import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ApplianceClient } from '../../main/appliance/client.ts'
import type { Progress } from '../../main/appliance/connection.ts'
import { apiInfo, example, failure, LSID, stub, stubClock, xml } from './appliance-client-stub.ts'

/** The parameters that a call sends, as they are sent; whatever it is answered. */
async function sent(call: (client: ApplianceClient) => Promise<unknown>, version = '1.24.1'): Promise<string> {
  const { client, seen } = stub(({ asked }) => {
    if (asked === '/oauth2/token') return undefined
    return asked === 'get_api_info' ? xml(apiInfo(version)) : xml('<success/>')
  })
  await call(client).catch(() => undefined)
  return seen.at(-1)?.raw ?? ''
}

test('parameters of the commands', async () => {
  assert.equal(await sent((client) => client.getSupportTeams()), 'action=get_support_teams')
  assert.equal(
    await sent((client) => client.getSupportTeams({ members: true })),
    'action=get_support_teams&showmembers=1',
  )
  assert.equal(
    await sent((client) => client.transferSession({ lsid: LSID, to: 'rep_username:j smith' })),
    `action=transfer_session&lsid=${LSID}&queue_id=rep_username%3Aj+smith`,
  )
  assert.equal(
    await sent((client) => client.joinSession({ lsid: LSID, repUsername: 'jsmith' })),
    `action=join_session&lsid=${LSID}&rep_username=jsmith`,
  )
  assert.equal(
    await sent((client) => client.leaveSession({ lsid: LSID, customer: true })),
    `action=leave_session&lsid=${LSID}&customer=1`,
  )
  assert.equal(
    await sent((client) => client.setSessionAttributes({ lsid: LSID, externalKey: null })),
    `action=set_session_attributes&lsid=${LSID}&session.custom.external_key=`,
  )
  assert.equal(
    await sent((client) => client.getConnectedClients({ types: ['representative', 'push_agent'], summaryOnly: true })),
    'action=get_connected_client_list&type=representative%2Cpush_agent&summary_only=1',
  )
})

test('a session key: the spelling of the ticket follows the version, never both', async () => {
  const call = async (client: ApplianceClient) =>
    client.generateSessionKey({
      queue: 'issue:printer',
      ttl: 600,
      externalKey: 'INC 1',
      customFields: { asset_no: 'PC' },
      priority: 2,
      skills: ['linux', 'sap'],
      urlHostname: 'help.example.com',
    })
  assert.equal(
    await sent(call),
    'action=generate_session_key&type=support&queue_id=issue%3Aprinter&ttl=600&session.custom.external_key=INC+1' +
      '&session.custom.asset_no=PC&session.priority=2&session.skills=linux%2Csap&url_hostname=help.example.com',
  )
  const old = await sent(
    async (client) => client.generateSessionKey({ queue: 'general', externalKey: 'INC 1' }),
    '1.5.0',
  )
  assert.equal(old, 'action=generate_session_key&type=support&queue_id=general&external_key=INC+1')
})

test('a session key that lost its ticket says so', async () => {
  const key = (reply: string, externalKey?: string) =>
    stub(({ asked }) => (asked === 'generate_session_key' ? xml(reply) : undefined)).client.generateSessionKey(
      externalKey === undefined ? { queue: 'general' } : { queue: 'general', externalKey },
    )
  const published = example('generate_session_key.xml')
  assert.equal((await key(published, 'INC0010023')).externalKeyLost, false)
  assert.equal((await key(published, 'INC0010024')).externalKeyLost, true)
  const silent = published.replace(/<external_key>.*<\/external_key>/, '')
  assert.equal((await key(silent, 'INC0010023')).externalKeyLost, true)
  assert.equal((await key(silent)).externalKeyLost, false)
})

const WRONG: Readonly<Record<string, (client: ApplianceClient) => Promise<unknown>>> = {
  'two lsids in one': (client) => client.terminateSession({ lsid: `${LSID},${LSID}` }),
  'no lsid': (client) => client.supportSessions({ lsid: '' }),
  'an lsid with a parameter': (client) => client.supportSessions({ lsids: [LSID, 'a&b'] }),
  'no queue': (client) => client.transferSession({ lsid: LSID, to: 'rep:' }),
  'a queue of another kind': (client) => client.transferSession({ lsid: LSID, to: 'issue:printer' }),
  'a queue that is no number': (client) => client.generateSessionKey({ queue: 'team:five' }),
  'general with a number': (client) => client.generateSessionKey({ queue: 'general:5' }),
  'a key that is too long': (client) => client.setSessionAttributes({ lsid: LSID, externalKey: 'x'.repeat(1025) }),
  'fields of more than 10 KB': (client) =>
    client.setSessionAttributes({
      lsid: LSID,
      customFields: Object.fromEntries(Array.from({ length: 6 }, (_each, at) => [`f${at}`, '€'.repeat(600)])),
    }),
  'a field whose name is none': (client) => client.setSessionAttributes({ lsid: LSID, customFields: { 'a b': 'x' } }),
  'nothing to change': (client) => client.setSessionAttributes({ lsid: LSID }),
  'a rep who is no number': (client) => client.joinSession({ lsid: LSID, repId: 'rep:12' }),
  'a life that is none': (client) => client.generateSessionKey({ queue: 'general', ttl: 0.5 }),
  'a period that ends before it begins': (client) => client.listSessions({ by: 'end', from: 2000, until: 1000 }),
  'a period without a beginning': (client) => client.listSessions({ by: 'end', from: Number.NaN, until: null }),
  'a limit that is no word': (client) => client.listSessions({ by: 'end', from: 1, until: null, limit: '10 rows' }),
  'a team that is no number': (client) => client.teamActivity({ by: 'end', from: 1, until: null, teamId: 'all' }),
  'a command with a blank': (client) => client.command('get api', []),
  'a recording of no shell': (client) =>
    client.downloadRecording({ kind: 'commandShell', lsid: LSID, instance: null }, '/x'),
}
for (const [name, call] of Object.entries(WRONG)) {
  test(`${name} is not sent`, async () => {
    const { client, seen } = stub(() => undefined)
    assert.equal((await failure(call(client))).kind, 'invalid')
    assert.ok(seen.every(({ asked }) => ['/oauth2/token', 'get_api_info'].includes(asked)))
  })
}

test('periods go as unix seconds; 0 means until now, and no period is ever that short', async () => {
  const listing = (from: number, until: number | null, by: 'start' | 'end' = 'end') =>
    sent(async (client) => client.listSessions({ by, from, until }))
  assert.equal(
    await listing(1_574_600_000_999, null),
    'generate_report=SupportSessionListing&end_time=1574600000&duration=0',
  )
  assert.equal(
    await listing(1_574_600_000_000, 1_574_600_060_001, 'start'),
    'generate_report=SupportSessionListing&start_time=1574600000&duration=61',
  )
  assert.equal(await listing(1000, 1001), 'generate_report=SupportSessionListing&end_time=1&duration=1')
})

test('parameters of the reports', async () => {
  const period = { by: 'start', from: 1000, until: null } as const
  const limited = await sent(async (client) => client.supportSessions({ ...period, limit: 'all' }))
  assert.equal(limited, 'generate_report=SupportSession&start_time=1&duration=0&limit=all')
  const summary = await sent(async (client) => client.summarizeSessions({ ...period, reportType: 'team' }))
  assert.equal(summary, 'generate_report=SupportSessionSummary&start_time=1&duration=0&report_type=team')
  const surveys = await sent(async (client) => client.customerSurveys({ lsid: LSID, reportType: 'rep', id: 'all' }))
  assert.equal(surveys, `generate_report=SupportCustExitSurvey&lsid=${LSID}&report_type=rep&id=all`)
  const team = await sent(async (client) => client.teamActivity({ ...period, teamId: 5 }))
  assert.equal(team, 'generate_report=SupportTeam&start_time=1&duration=0&team_id=5')
})

/** Answers SupportSession with one session for each lsid asked for. */
const sessionsFor = (lsids: string) =>
  `<session_list>${lsids
    .split(',')
    .map((lsid) => `<session lsid="${lsid}"><session_details/></session>`)
    .join('')}</session_list>`

test('many sessions are asked for 25 at a time, each once, with progress', async () => {
  const { client, seen } = stub(({ asked, body }) =>
    asked === 'SupportSession' ? xml(sessionsFor(body.get('lsids') ?? '')) : undefined,
  )
  const lsids = Array.from({ length: 60 }, (_each, at) => `a${at}`)
  const progress: Progress[] = []
  const sessions = await client.supportSessions(
    { lsids: [...lsids, 'a0'] },
    { onProgress: (one) => progress.push(one) },
  )
  assert.deepEqual(
    sessions.map(({ lsid }) => lsid),
    lsids,
  )
  assert.deepEqual(
    seen.filter(({ asked }) => asked === 'SupportSession').map(({ body }) => body.get('lsids')?.split(',').length),
    [25, 25, 10],
  )
  assert.deepEqual([progress.at(0)?.part, progress.at(-1)?.part, progress.at(-1)?.parts], [1, 3, 3])
  assert.deepEqual(await client.supportSessions({ lsids: [] }), [])
})

test('a reply that is too large is asked for in halves, down to one session', async () => {
  const { client, seen } = stub(
    ({ asked, body }) => (asked === 'SupportSession' ? xml(sessionsFor(body.get('lsids') ?? '')) : undefined),
    { replyLimit: 600 },
  )
  const lsids = Array.from({ length: 25 }, (_each, at) => `a${at}`)
  assert.deepEqual(
    (await client.supportSessions({ lsids })).map(({ lsid }) => lsid),
    lsids,
  )
  assert.ok(seen.length > 6)
  const one = stub(({ asked }) => (asked === 'SupportSession' ? xml(sessionsFor('x'.repeat(700))) : undefined), {
    replyLimit: 300,
  })
  assert.equal((await failure(one.client.supportSessions({ lsids: ['a'] }))).code, 'too-large')
})

test('a report that lags is asked for again after 5, 15 and 45 seconds', async () => {
  const clock = stubClock()
  const ended = (at: string) =>
    `<session_list><session lsid="${LSID}"><end_time timestamp="${at}"/></session></session_list>`
  const { client, seen } = stub((one, count) => {
    if (one.asked !== 'SupportSession') return undefined
    if (count === 1) return xml('<session_list/>')
    return xml(ended(count === 2 ? '' : '1574602502'))
  }, clock)
  const reports = () => seen.filter(({ asked }) => asked === 'SupportSession').length
  const found = client.supportSessionOnce(LSID, (session) => session.endedAt !== null)
  await clock.advance(4_999)
  assert.equal(reports(), 1)
  await clock.advance(1)
  assert.equal(reports(), 2)
  await clock.advance(15_000)
  assert.equal((await found)?.endedAt, 1_574_602_502_000)
  assert.equal(reports(), 3)

  const denies = stub((one, count) => {
    if (one.asked !== 'SupportSession') return undefined
    return xml(count === 1 ? '<error>Unknown session</error>' : ended('1574602502'))
  }, clock)
  const late = denies.client.supportSessionOnce(LSID, () => true)
  await clock.advance(5_000)
  assert.equal((await late)?.lsid, LSID)

  const never = stub(({ asked }) => (asked === 'SupportSession' ? xml('<session_list/>') : undefined), clock)
  const nothing = never.client.supportSessionOnce(LSID, () => true)
  await clock.advance(65_000)
  assert.equal(await nothing, null)
  assert.equal(never.seen.length, 6)
})

test('no match is an empty list; an <error> is an error, also beside sessions', async () => {
  const ask = (reply: string) => stub(({ asked }) => (asked === 'SupportSession' ? xml(reply) : undefined)).client
  assert.deepEqual(await ask('<session_list/>').supportSessions({ lsid: LSID }), [])
  const error = await failure(ask(example('error-in-list.xml')).supportSessions({ lsid: LSID }))
  assert.equal(error.kind, 'box')
  const mixed = '<session_list><session lsid="a"/><error>Half of it failed</error></session_list>'
  assert.match((await failure(ask(mixed).supportSessions({ lsid: LSID }))).message, /Half of it failed/)
})

test('an error within a session is no error of the reply', async () => {
  const reply =
    '<session_list><session lsid="a"><session_details><event event_type="x"><error>E</error></event></session_details></session></session_list>'
  const { client } = stub(({ asked }) => (asked === 'SupportSession' ? xml(reply) : undefined))
  assert.equal((await client.supportSessions({ lsid: LSID })).length, 1)
})
