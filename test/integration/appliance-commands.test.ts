import assert from 'node:assert/strict'
import { test } from 'node:test'

import { auditEvents } from '../appliance/audit.ts'
import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findRepresentative } from '../appliance/world.ts'
import { errorOf, listOf, rootOf, startBox, told, type Box, type Fields } from './appliance-support.ts'

const ALL_COMMANDS = [...GENERATIONS['24.x'].commands]

/** Parameters that make each command succeed on a session of `rep:12` with the customer in it. */
const PARAMETERS: Readonly<Record<string, (lsid: string, box: Box) => Fields>> = {
  get_api_info: () => ({}),
  get_logged_in_reps: () => ({}),
  get_support_teams: () => ({ showmembers: '1' }),
  get_connected_client_list: () => ({ type: 'all' }),
  check_health: () => ({}),
  generate_session_key: () => ({ type: 'support', queue_id: 'team:5' }),
  transfer_session: (lsid) => ({ lsid, queue_id: 'team:7' }),
  join_session: (lsid) => ({ lsid, rep_id: '14' }),
  leave_session: (lsid) => ({ lsid, customer: '1' }),
  terminate_session: (lsid) => ({ lsid }),
  set_session_attributes: (lsid, { api }) => ({ lsid, [api.generation.spelling.externalKey]: 'INC1' }),
  get_session_attributes: (lsid) => ({ lsid }),
}

const ROOTS: Readonly<Record<string, string>> = {
  get_api_info: 'api_information',
  get_logged_in_reps: 'logged_in_reps',
  get_support_teams: 'support_teams',
  get_connected_client_list: 'connected_client_list',
  check_health: 'health_check',
  generate_session_key: 'session_key',
  get_session_attributes: 'custom_attributes',
}

for (const [name, generation] of Object.entries(GENERATIONS)) {
  test(`${name} has its commands and no others`, async (t) => {
    const box = await startBox(t, { generation: name as GenerationName })
    for (const command of ALL_COMMANDS) {
      const session = box.start('rep:12')
      session.pickUp(findRepresentative(box.appliance.world, 12))
      const reply = await box.command(command, PARAMETERS[command]?.(session.lsid, box))
      if (generation.commands.has(command)) {
        const root = rootOf(reply, ROOTS[command] ?? 'success')
        assert.equal(root['@xmlns'], generation.commandNamespace)
      } else assert.match(errorOf(reply), /Unknown action/)
      if (!session.ended) session.end()
    }
    await box.appliance.idle()
    assert.deepEqual(auditEvents(box.events), [], 'what the API did is told by the right events')
  })

  test(`${name} takes the external key in its own spelling alone`, async (t) => {
    const box = await startBox(t, { generation: name as GenerationName })
    const key = async (parameters: Fields) => {
      const reply = await box.command('generate_session_key', { type: 'support', queue_id: 'general', ...parameters })
      return rootOf(reply, 'session_key')['external_key']
    }
    const own = generation.spelling.externalKey
    const other = own === 'external_key' ? 'session.custom.external_key' : 'external_key'
    assert.equal(await key({ [own]: 'INC <1> & 2' }), 'INC <1> & 2')
    assert.equal(await key({ [other]: 'INC1' }), undefined)
  })

  test(`${name} has issues in its layout`, async (t) => {
    const box = await startBox(t, { generation: name as GenerationName })
    const [team] = listOf(rootOf(await box.command('get_support_teams'), 'support_teams')['support_team'])
    const [issue] = listOf((team?.['issues'] as Record<string, unknown> | undefined)?.['issue'])
    const { issueTitle, issueCode } = generation
    assert.deepEqual(issue, {
      '@id': '3',
      [issueTitle === 'own text' ? '#text' : issueTitle]: 'Printer',
      ...(issueCode === 'none' ? {} : { [issueCode === 'child' ? 'code_name' : '@code_name']: 'printer' }),
    })
  })
}

test('a key set by the API is in the next event, and a transfer, a join, a departure and an end are events', async (t) => {
  const box = await startBox(t, { generation: '24.x' })
  const { world } = box.appliance
  const session = box.start('team:5')
  const { lsid } = session
  session.pickUp(findRepresentative(world, 12))
  await told(box)

  const set = await box.command('set_session_attributes', { lsid, 'session.custom.external_key': 'INC0010023' })
  assert.equal(rootOf(set, 'success')['#text'], 'Session attributes were set')
  assert.deepEqual(await told(box), [], 'there is no event for a key')

  const join = await box.command('join_session', { lsid, rep_username: 'mokafor' })
  assert.equal(rootOf(join, 'success')['#text'], 'Representative successfully added')
  assert.deepEqual(await told(box), ['member_added INC0010023 representative 14'])

  const transfer = await box.command('transfer_session', { lsid, queue_id: 'rep:14' })
  assert.equal(rootOf(transfer, 'success')['#text'], 'Successfully transferred')
  assert.deepEqual(await told(box), ['owner_changed INC0010023 rep:14', 'member_departed INC0010023 representative 12'])

  rootOf(await box.command('set_session_attributes', { lsid, 'session.custom.external_key': '' }), 'success')
  rootOf(await box.command('leave_session', { lsid, customer: '1' }), 'success')
  assert.deepEqual(await told(box), ['member_departed customer'], 'an empty value clears the key')

  rootOf(await box.command('leave_session', { lsid, rep_id: '14' }), 'success')
  assert.deepEqual(await told(box), ['member_departed representative 14', 'owner_changed team:5'])

  rootOf(await box.command('terminate_session', { lsid }), 'success')
  assert.deepEqual(await told(box), ['end'])
  for (const command of ['terminate_session', 'get_session_attributes', 'transfer_session']) {
    errorOf(await box.command(command, { lsid, queue_id: 'team:7' }))
  }
  assert.match(errorOf(await box.command('set_session_attributes', { lsid, 'session.custom.company': 'x' })), /Session/)
})

test('a representative who joins a waiting session becomes its owner', async (t) => {
  const box = await startBox(t)
  const { lsid } = box.start('team:5')
  await told(box)
  rootOf(await box.command('join_session', { lsid, rep_id: '12' }), 'success')
  assert.deepEqual(await told(box), ['owner_changed rep:12', 'member_added representative 12'])
})

test('custom fields are set, kept, cleared, told of, and sent in events where that is switched on', async (t) => {
  const box = await startBox(t, { appliance: { customFields: true } })
  const { lsid } = box.start('team:5', { key: 'INC1' })
  const fields = async () =>
    listOf(rootOf(await box.command('get_session_attributes', { lsid }), 'custom_attributes')['custom_attribute'])
  assert.deepEqual(await fields(), [
    { '@display_name': 'External Key', '@code_name': 'external_key', '#text': 'INC1' },
    { '@display_name': 'Company', '@code_name': 'company', '#text': 'Northwind Mills' },
    { '@display_name': 'Asset', '@code_name': 'asset_no', '#text': 'NWM-PC-0471' },
  ])
  const parameters = { lsid, 'session.custom.company': '', 'session.custom.asset_no': 'PC-4711' }
  rootOf(await box.command('set_session_attributes', parameters), 'success')
  assert.deepEqual(
    (await fields()).map((field) => field['#text']),
    ['INC1', 'PC-4711'],
  )
  rootOf(await box.command('terminate_session', { lsid }), 'success')
  await box.appliance.idle()
  const end = new Map(box.events.at(-1))
  assert.equal(end.get('session.custom.asset_no'), 'PC-4711')
  assert.equal(end.has('session.custom.company'), false)
})

test('values have limits', async (t) => {
  const box = await startBox(t)
  const session = box.start('team:5')
  const set = (fields: Fields) => box.command('set_session_attributes', { lsid: session.lsid, ...fields })
  const key = 'session.custom.external_key'
  rootOf(await set({ [key]: 'ü'.repeat(1024) }), 'success')
  assert.equal(session.externalKey?.length, 1024)
  errorOf(await set({ [key]: 'x'.repeat(1025) }))
  const large = '😀'.repeat(1024)
  errorOf(await set({ [key]: large, 'session.custom.company': large, 'session.custom.asset_no': large }))
  errorOf(await set({}))
  errorOf(await set({ external_key: 'INC1' }))
  errorOf(await set({ 'session.custom.unheard_of': 'x' }))
  assert.equal(session.externalKey?.length, 1024, 'an error changes nothing')
})

test('a wrong parameter is an error, and nothing happens', async (t) => {
  const box = await startBox(t, { generation: '24.x', rateLimits: null })
  const { lsid } = box.start('team:5')
  await told(box)
  for (const [command, parameters] of [
    ['transfer_session', { lsid }],
    ['transfer_session', { lsid, queue_id: 'general' }],
    ['transfer_session', { lsid, queue_id: 'team:99' }],
    ['transfer_session', { lsid, queue_id: 'team:5' }],
    ['transfer_session', { lsid, queue_id: 'rep_username:nobody' }],
    ['transfer_session', { queue_id: 'team:7' }],
    ['join_session', { lsid }],
    ['join_session', { lsid, rep_id: '12', rep_username: 'jsmith' }],
    ['join_session', { lsid, rep_id: 'jsmith' }],
    ['join_session', { lsid, user_id: '12' }],
    ['join_session', { lsid, rep_id: '25' }],
    ['join_session', { lsid: lsid.toUpperCase(), rep_id: '12' }],
    ['leave_session', { lsid, rep_id: '12' }],
    ['leave_session', { lsid, customer: '1', rep_id: '12' }],
    ['leave_session', { lsid, customer: '0' }],
    ['terminate_session', { lsid: 'x' }],
    ['get_connected_client_list', { type: 'coffee_machine' }],
    ['generate_session_key', { queue_id: 'general' }],
    ['generate_session_key', { type: 'support' }],
    ['generate_session_key', { type: 'support', queue_id: 'embassy:1' }],
    ['generate_session_key', { type: 'support', queue_id: 'issue:tea' }],
    ['generate_session_key', { type: 'support', queue_id: 'general', ttl: '0' }],
    ['generate_session_key', { type: 'support', queue_id: 'general', 'session.priority': '4' }],
  ] as const) {
    const text = errorOf(await box.command(command, parameters))
    assert.ok(text.length > 5, `${command} ${JSON.stringify(parameters)}`)
  }
  assert.deepEqual(await told(box), [])
})

test('a session key says where it leads, for how long, and in what words', async (t) => {
  const box = await startBox(t)
  const make = async (parameters: Fields) =>
    rootOf(await box.command('generate_session_key', { type: 'support', ...parameters }), 'session_key')
  const key = await make({ queue_id: 'team:5', 'session.custom.external_key': 'INC1' })
  assert.deepEqual(
    { ...key, short_key: '', key_url: '', mail_body: '' },
    {
      '@xmlns': 'http://www.bomgar.com/namespaces/API/command',
      type: 'support',
      ttl: '86400',
      expires: '1574687600',
      queue: { '@available': '1', '#text': 'team' },
      queue_id: '5',
      external_key: 'INC1',
      short_key: '',
      key_url: '',
      mail_subject: 'Remote Support Invitation',
      mail_body: '',
    },
  )
  assert.match(String(key['short_key']), /^\d{7}$/)
  assert.match(String(key['key_url']), /^https:\/\/support\.example\.com\/\?ak=[0-9a-f]{32}$/)
  assert.ok(String(key['mail_body']).startsWith('\n'))
  assert.ok(String(key['mail_body']).includes(String(key['key_url'])))

  const general = await make({ queue_id: 'general', ttl: '60', url_hostname: 'help.example.org' })
  assert.equal('queue_id' in general, false)
  assert.equal(general['expires'], '1574601260')
  assert.match(String(general['key_url']), /^https:\/\/help\.example\.org\/\?ak=/)
  const away = await make({ queue_id: 'rep_username:omoreau' })
  assert.deepEqual(away['queue'], { '@available': '0', '#text': 'rep' })
  assert.equal((await make({ queue_id: 'issue:vpn' }))['queue_id'], '9')
})

test('who may only read gets no further than reading; who may nothing still learns what the box is', async (t) => {
  const box = await startBox(t, {
    generation: '24.x',
    rateLimits: null,
    permissions: { perm_command: 'read_only' },
  })
  const { lsid } = box.start('team:5')
  const allowed = async () => {
    const list: string[] = []
    for (const command of ALL_COMMANDS) {
      const reply = await box.command(command, PARAMETERS[command]?.(lsid, box))
      if (!reply.text.includes('You do not have permission')) list.push(command)
    }
    return list.toSorted()
  }
  const reading = [
    'get_api_info',
    'get_connected_client_list',
    'get_logged_in_reps',
    'get_session_attributes',
    'get_support_teams',
  ]
  assert.deepEqual(await allowed(), reading)
  const info = rootOf(await box.command('get_api_info'), 'api_information')
  assert.match(JSON.stringify(info), /"#text":"read_only","@name":"perm_command"/)
  box.api.setPermissions({ perm_command: 'deny' })
  assert.deepEqual(await allowed(), ['get_api_info'])
})

test('the health of a pair, and of a box that is not well', async (t) => {
  const box = await startBox(t)
  assert.equal((await box.get('/check_health')).status, 200)
  const well = rootOf(await box.command('check_health'), 'health_check')
  assert.equal(well['success'], '1')
  assert.equal('failover_role' in well, false)
  box.api.setHealth({ problem: 'Disk <full>', failover: 'primary' })
  const ill = rootOf(await box.command('check_health'), 'health_check')
  assert.deepEqual([ill['success'], ill['error_message'], ill['failover_role']], ['0', 'Disk <full>', 'primary'])
  assert.equal((ill['last_data_sync_time'] as Fields)['@ts'], '1574600600')
  assert.equal((await box.get('/check_health')).status, 500)
})

test('clients are counted, and listed unless the summary is enough', async (t) => {
  const box = await startBox(t)
  box.start('team:5')
  const list = async (parameters: Fields) =>
    rootOf(await box.command('get_connected_client_list', parameters), 'connected_client_list')
  const all = await list({})
  const clients = listOf(all['connected_client'])
  assert.equal(clients.filter((client) => client['@type'] === 'representative').length, 10)
  assert.equal(clients.filter((client) => client['@type'] === 'support_customer').length, 1)
  const summary = await list({ type: 'support_customer', summary_only: '1' })
  assert.equal('connected_client' in summary, false)
  assert.match(JSON.stringify(summary), /"count":\{"#text":"1","@type":"support_customer"\}/)
})
