/** What a workstation may do on the broker, tried with the bare client: everything else is refused. */
import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { connect, nkeyAuthenticator, type Authenticator, type NatsConnection } from '@nats-io/transport-node'
import { createUser } from '@nats-io/nkeys'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { dial } from '../../main/relay/dial.ts'
import type { AttachReply, AttachRequest } from '../../main/relay/attach.ts'
import { READING } from '../../main/relay/subjects.ts'
import { revoke, type Credential } from '../../main/relay/workstations.ts'
import { atEnd } from '../at-end.ts'
import { until } from './helpers/application.ts'
import { createSite, test, type Site } from './helpers/fleet.ts'

const REQUEST: AttachRequest = { cursor: 0, stream: null, audiences: null, instance: 'one', startedAt: 1, renew: false }

async function start(t: TestContext): Promise<Site> {
  const site = await createSite(t, { '5': ['12'] })
  await site.startBroker()
  await site.startRelay()
  return site
}

async function enter(t: TestContext, credential: Credential): Promise<NatsConnection> {
  const connection = await dial(credential)
  atEnd(t, () => connection.close())
  return connection
}

async function attach(connection: NatsConnection, workstation: string, change: Partial<AttachRequest> = {}) {
  const reply = await connection.request(`relay.attach.${workstation}`, JSON.stringify({ ...REQUEST, ...change }))
  return reply.json<AttachReply>()
}

/** Errors of permission that the broker told this connection, while `action` ran. */
async function violations(connection: NatsConnection, action: () => Promise<unknown>): Promise<readonly string[]> {
  const told: string[] = []
  const status = connection.status()
  void (async () => {
    for await (const each of status) if (each.type === 'error') told.push(each.error.message)
  })()
  await action().catch((error: unknown) => told.push((error as Error).message))
  await connection.flush()
  await until(() => told.length > 0, 'the broker says no', 2_000)
  return told
}

test('only who was enrolled comes in, and only with their own key', async (t) => {
  const site = await start(t)
  const anna = site.enrol('anna', '12')
  await enter(t, anna)
  const strangers: Credential[] = [
    { ...anna, seed: new TextDecoder().decode(createUser().getSeed()) },
    { ...anna, workstation: 'bert', seed: new TextDecoder().decode(createUser().getSeed()) },
  ]
  for (const stranger of strangers) await assert.rejects(dial(stranger), /Authorization/)
  const servers = `nats://127.0.0.1:${site.brokerPort}`
  await assert.rejects(connect({ servers, reconnect: false }), /Authorization/)
  await assert.rejects(connect({ servers, user: 'relay', pass: 'relay', reconnect: false }), /Authorization/)
  // The key of another, without the private half of it.
  const mine = nkeyAuthenticator(createUser().getSeed())
  const hers = nkeyAuthenticator(new TextEncoder().encode(anna.seed))
  const forged: Authenticator = (nonce) => ({ ...hers(nonce), sig: (mine(nonce) as { sig: string }).sig }) as never
  await assert.rejects(connect({ servers, authenticator: forged, reconnect: false }), /Authorization/)
})

test('a workstation reads what it was given, and reaches nothing else', async (t) => {
  const site = await start(t)
  const anna = await enter(t, site.enrol('anna', '12'))
  const bert = await enter(t, site.enrol('bert', '13'))
  assert.equal((await attach(anna, 'anna')).ok, true)
  assert.equal((await attach(bert, 'bert')).ok, true)
  const stream = jetstream(anna)
  const reader = jetstream(anna, { apiPrefix: READING })
  const attacks: Readonly<Record<string, () => Promise<unknown>>> = {
    'read another’s consumer': () => reader.consumers.get('EV', 'bert'),
    'pull from another’s consumer': () =>
      anna.request(`${READING}.CONSUMER.MSG.NEXT.EV.bert`, '{"batch":1,"no_wait":true}', { timeout: 500 }),
    'pull past the front door': () => anna.request('$JS.API.CONSUMER.MSG.NEXT.EV.anna', '{}', { timeout: 500 }),
    'create by the back door': () => anna.request(`${READING}.CONSUMER.CREATE.EV`, '{}', { timeout: 500 }),
    'create a consumer': () => anna.request('$JS.API.CONSUMER.CREATE.EV', '{}', { timeout: 500 }),
    'create a named one': () => anna.request('$JS.API.CONSUMER.CREATE.EV.anna.ev.site.rep.13', '{}', { timeout: 500 }),
    'create a durable': () => anna.request('$JS.API.CONSUMER.DURABLE.CREATE.EV.anna', '{}', { timeout: 500 }),
    'delete another’s': () => anna.request('$JS.API.CONSUMER.DELETE.EV.bert', '', { timeout: 500 }),
    'get directly': () => anna.request('$JS.API.DIRECT.GET.EV', '{"seq":1}', { timeout: 500 }),
    'get a message': () => anna.request('$JS.API.STREAM.MSG.GET.EV', '{"seq":1}', { timeout: 500 }),
    'stream info': () => anna.request('$JS.API.STREAM.INFO.EV', '', { timeout: 500 }),
    'account info': () => jetstreamManager(anna).then((manager) => manager.getAccountInfo()),
    purge: () => anna.request('$JS.API.STREAM.PURGE.EV', '', { timeout: 500 }),
    'forge an event': () => stream.publish('ev.site.rep.12', '{}', { timeout: 500 }),
    'forge at the source': () => stream.publish('raw.site.event', '{}', { timeout: 500 }),
    'forge a session': () => stream.publish('sessions.site.x', '{}', { timeout: 500 }),
    'attach in another’s name': () => anna.request('relay.attach.bert', JSON.stringify(REQUEST), { timeout: 500 }),
    'ask in another’s name': () => anna.request('relay.api.bert', '{"method":"info"}', { timeout: 500 }),
    'answer who comes in': () => Promise.resolve(anna.publish('$SYS.REQ.USER.AUTH', '{}')),
    'subscribe to everything': () => Promise.resolve(anna.subscribe('>')),
    'subscribe to events': () => Promise.resolve(anna.subscribe('ev.>')),
    'subscribe to another’s inbox': () => Promise.resolve(anna.subscribe('_INBOX_bert.>')),
    'ask the router': () => anna.request('router.gain', '{"rep":"12","audiences":["rep.13"]}', { timeout: 500 }),
    'serve as the relay': () => Promise.resolve(anna.subscribe('relay.attach.*', { queue: 'relay' })),
  }
  for (const [name, attack] of Object.entries(attacks)) {
    const told = await violations(anna, attack)
    assert.match(told.join('\n'), /permissions violation/i, name)
  }
  // Bert's consumer is there, and his own.
  assert.equal(
    (
      await jetstream(bert, { apiPrefix: READING })
        .consumers.get('EV', 'bert')
        .then((each) => each.info())
    ).name,
    'bert',
  )
})

test('answers go nowhere but to who asked, whatever they name as the place for them', async (t) => {
  const site = await createSite(t, { '5': ['12'] })
  await site.startBroker()
  const relay = await site.startRelay()
  const body = new URLSearchParams({ event: 'support_conference_owner_changed', lsid: 'a', conference_id: 'rep:12' })
  for (const timestamp of ['1', '2', '3', '4', '5', '6', '7', '8']) {
    body.set('timestamp', timestamp)
    assert.equal((await fetch(site.recipientUrl(relay), { method: 'POST', body })).status, 200)
  }
  const inside = await site.connectAsRelay()
  const { streams, consumers } = await jetstreamManager(inside)
  const states = async () =>
    Promise.all(['RAW', 'EV', 'SESSIONS'].map(async (name) => (await streams.info(name)).state.last_seq))
  await until(async () => (await states())[1] === 8, 'all is routed')
  await until(() => relay.figures().lag === 0, 'and written')
  const [anna, bert] = [await enter(t, site.enrol('anna', '12')), await enter(t, site.enrol('bert', '12'))]
  assert.equal((await attach(anna, 'anna')).ok, true)
  assert.equal((await attach(bert, 'bert')).ok, true)
  const heard: string[] = []
  bert.subscribe('_INBOX_bert.>', { callback: (_, message) => void heard.push(message.subject) })
  await bert.flush()
  const before = await states()
  const places = [
    'ev.site.rep.31',
    'raw.site.event',
    'sessions.site.x',
    '$JS.API.STREAM.PURGE.EV',
    '$JS.API.STREAM.DELETE.EV',
    'relay.attach.bert',
    'relay.api.bert',
    `${READING}.CONSUMER.MSG.NEXT.EV.bert`,
  ]
  for (const reply of places) {
    anna.publish(`${READING}.CONSUMER.MSG.NEXT.EV.anna`, '{"batch":1}', { reply })
    anna.publish(`${READING}.CONSUMER.INFO.EV.anna`, '', { reply })
    anna.publish('relay.attach.anna', JSON.stringify({ ...REQUEST, renew: true }), { reply })
    anna.publish('relay.api.anna', '{"id":"1","method":"info","parameter":null}', { reply })
    await anna.flush()
  }
  // The last request is answered after all before it.
  assert.equal((await attach(anna, 'anna', { renew: true })).ok, true)
  await inside.flush()
  assert.deepEqual(await states(), before)
  assert.equal((await consumers.info('EV', 'bert')).delivered.consumer_seq, 0)
  assert.deepEqual(heard, [])
})

test('one live session of each workstation: the newer one has it', async (t) => {
  const site = await start(t)
  const anna = site.enrol('anna', '12')
  const [older, newer] = [await enter(t, anna), await enter(t, anna)]
  assert.equal((await attach(older, 'anna', { instance: 'old', startedAt: 1 })).ok, true)
  assert.equal((await attach(newer, 'anna', { instance: 'new', startedAt: 2 })).ok, true)
  const refused = await attach(older, 'anna', { instance: 'old', startedAt: 1 })
  assert.ok(!refused.ok && refused.reason === 'displaced')
  const renewed = await attach(older, 'anna', { instance: 'old', startedAt: 1, renew: true })
  assert.ok(!renewed.ok)
  assert.equal((await attach(newer, 'anna', { instance: 'new', startedAt: 2, renew: true })).ok, true)
})

test('a revoked workstation is cut off within seconds, and does not come back', async (t) => {
  const site = await start(t)
  const anna = site.enrol('anna', '12')
  const connection = await enter(t, anna)
  assert.equal((await attach(connection, 'anna')).ok, true)
  assert.equal(revoke(site.config.workstationsFile, 'anna'), true)
  await until(async () => {
    const reply = await attach(connection, 'anna', { renew: true })
    return !reply.ok && reply.reason === 'unknown'
  }, 'it is unknown')
  await until(
    () =>
      jetstream(connection, { apiPrefix: READING })
        .consumers.get('EV', 'anna')
        .then(
          () => false,
          () => true,
        ),
    'its consumer is gone',
  )
  await assert.rejects(dial(anna), /Authorization/)
})

test('what is no request to attach is refused, and changes nothing', async (t) => {
  const site = await start(t)
  const anna = await enter(t, site.enrol('anna', '12'))
  const bad: unknown[] = [
    null,
    'x',
    [],
    {},
    { ...REQUEST, cursor: -1 },
    { ...REQUEST, cursor: 1.5 },
    { ...REQUEST, instance: '' },
  ]
  for (const request of [...bad.map((each) => JSON.stringify(each)), '{', '']) {
    const reply = (await anna.request('relay.attach.anna', request)).json<AttachReply>()
    assert.ok(!reply.ok && reply.reason === 'invalid', request)
  }
})
