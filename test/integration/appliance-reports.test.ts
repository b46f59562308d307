import assert from 'node:assert/strict'
import { test } from 'node:test'

import { GENERATIONS, type GenerationName } from '../appliance/generation.ts'
import { findOwner, findRepresentative } from '../appliance/world.ts'
import {
  errorOf,
  JANE,
  listOf,
  rootOf,
  seconds,
  sessionOf,
  START,
  startBox,
  type Box,
  type Fields,
} from './appliance-support.ts'

const NOW = seconds(START)

const eventsOf = (session: Record<string, unknown>) =>
  listOf((session['session_details'] as Record<string, unknown>)['event'])

/** Session of Jane with two representatives, a chat, a file, a survey; over after some minutes. */
async function playSession(box: Box): Promise<string> {
  const { clock, appliance } = box
  const [john, miriam] = [findRepresentative(appliance.world, 12), findRepresentative(appliance.world, 14)]
  const session = box.start('team:5', { key: 'INC1' })
  await clock.advance(60_000)
  session.pickUp(miriam)
  await clock.advance(10_000)
  session.log({ type: 'Chat Message', by: 'customer', body: 'a < b & c' })
  session.log({ type: 'Chat Message', by: miriam, body: 'line 1\nline 2' })
  session.log({ type: 'Chat Message', by: 'customer', body: 'red \u001b[31m' })
  session.log({ type: 'File Upload', by: miriam, filename: 'Büro <1>.zip', filesize: 4711 })
  session.log({ type: 'Session Note Added', by: miriam, body: 'Call back' })
  await clock.advance(50_000)
  session.transfer(findOwner(appliance.world, 'rep:12'))
  session.join(john)
  await clock.advance(60_000)
  rootOf(
    await box.command('set_session_attributes', {
      lsid: session.lsid,
      'session.custom.external_key': 'INC0010023',
      'session.custom.asset_no': 'PC-4711',
    }),
    'success',
  )
  session.end()
  await clock.advance(30_000)
  session.survey('customer')
  session.survey('representative')
  return session.lsid
}

test('a report tells the story that the events told', async (t) => {
  const box = await startBox(t, { appliance: { inventDetails: false } })
  const lsid = await playSession(box)
  const session = await sessionOf(box, lsid)
  const customer = (session['customer_list'] as Record<string, Record<string, unknown>>)['customer'] ?? {}
  const reps = listOf((session['rep_list'] as Record<string, unknown>)['representative'])
  const [cust, first, second] = [customer['@gsnumber'], reps[0]?.['@gsnumber'], reps[1]?.['@gsnumber']]
  assert.equal(new Set([cust, first, second]).size, 3)

  assert.equal(session['@lsid'], lsid)
  assert.deepEqual(session['start_time'], { '#text': '2019-11-24T13:13:20+00:00', '@timestamp': NOW })
  assert.deepEqual(session['end_time'], {
    '#text': '2019-11-24T13:16:20+00:00',
    '@timestamp': seconds(START + 180_000),
  })
  assert.equal(session['duration'], '00:03:00')
  assert.equal(session['external_key'], 'INC0010023')
  assert.deepEqual(listOf((session['custom_attributes'] as Record<string, unknown>)['custom_attribute']), [
    { '@display_name': 'Company', '@code_name': 'company', '#text': 'Northwind Mills' },
    { '@display_name': 'Asset', '@code_name': 'asset_no', '#text': 'PC-4711' },
  ])
  assert.deepEqual(session['primary_customer'], { '#text': 'Jane Doe', '@gsnumber': cust })
  assert.deepEqual(session['primary_rep'], { '#text': 'John Smith', '@gsnumber': second, '@id': '12' })
  assert.deepEqual([customer['hostname'], customer['primary_cust']], [JANE.computer, '1'])
  assert.match(String(customer['public_ip']), /^([\d.]+|\[[\da-f:]+\]):\d+$/)
  assert.deepEqual(customer['info'], { name: 'Jane Doe', company: 'Northwind Mills' })
  assert.deepEqual(
    reps.map((rep) => [rep['@id'], rep['username'], rep['session_owner'], rep['seconds_involved']]),
    [
      ['14', 'mokafor', '0', '60'],
      ['12', 'jsmith', '1', '60'],
    ],
  )
  assert.equal(session['file_transfer_count'], '1')

  const short = (event: Record<string, unknown>) => {
    const about = event['performed_by'] ?? event['destination']
    const who = about === undefined ? '' : String((about as Record<string, unknown>)['@gsnumber'])
    return `${Number(event['@timestamp']) - Number(NOW)} ${String(event['@event_type'])} ${who}`.trim()
  }
  assert.deepEqual(eventsOf(session).map(short), [
    '0 Session Start',
    '0 Conference Owner Changed 0',
    '0 Conference Owner Changed 0',
    `0 Conference Member Added ${String(cust)}`,
    `60 Conference Owner Changed ${String(first)}`,
    `60 Conference Member Added ${String(first)}`,
    `70 Chat Message ${String(cust)}`,
    `70 Chat Message ${String(first)}`,
    `70 Chat Message ${String(cust)}`,
    `70 File Upload ${String(first)}`,
    `70 Session Note Added ${String(first)}`,
    `120 Conference Owner Changed ${String(second)}`,
    `120 Conference Member Departed ${String(first)}`,
    `120 Conference Member Added ${String(second)}`,
    `180 Conference Member Departed ${String(cust)}`,
    `180 Conference Member Departed ${String(second)}`,
    '180 Session End',
  ])
  const [chat, answer, red, file] = eventsOf(session).slice(6)
  assert.equal(chat?.['body'], 'a < b & c')
  assert.equal(answer?.['body'], 'line 1\nline 2')
  assert.equal(red?.['body'], undefined)
  assert.equal(Buffer.from(String(red?.['encoded_body']), 'base64').toString(), 'red \u001b[31m')
  assert.deepEqual([file?.['filename'], file?.['filesize']], ['Büro <1>.zip', '4711'])
  const survey = (session['cust_survey_list'] as Record<string, Record<string, unknown>>)['cust_exit_survey']
  assert.deepEqual(survey?.['submitted_by'], { '#text': 'Jane Doe', '@type': 'customer' })
})

test('a running session has no end, and its report grows', async (t) => {
  const box = await startBox(t)
  const session = box.start('team:5')
  session.pickUp(findRepresentative(box.appliance.world, 12))
  const [early, count] = [await sessionOf(box, session.lsid), 6]
  assert.equal(early['end_time'], '')
  assert.equal(eventsOf(early).length, count)
  await box.clock.advance(120_000)
  const later = await sessionOf(box, session.lsid)
  assert.equal(later['duration'], '00:02:00')
  assert.ok(eventsOf(later).length > count, 'people talk')
  assert.equal('session_recording_download_url' in later, false)
  const listing = rootOf(
    await box.report('SupportSessionListing', { start_time: NOW, duration: '0' }),
    'session_summary_list',
  )
  assert.deepEqual(listing['session_summary'], { '@lsid': session.lsid, '@has_recording': '0' })
  const ended = await box.report('SupportSessionListing', { end_time: NOW, duration: '0' })
  assert.equal('session_summary' in rootOf(ended, 'session_summary_list'), false)
})

for (const [name, generation] of Object.entries(GENERATIONS)) {
  test(`${name} has its reports, in its namespace and layout`, async (t) => {
    const permissions = { perm_reporting_presentation: '1' }
    const box = await startBox(t, { generation: name as GenerationName, permissions, rateLimits: null })
    const window = { start_time: seconds(START - 100_000), duration: '0' }
    const session = box.start('team:5', { key: 'INC1' })
    const { lsid } = session
    session.pickUp(findRepresentative(box.appliance.world, 12))
    await box.clock.advance(300_000)
    session.end()
    session.survey('customer')
    session.survey('representative')
    const report = name === '2008' ? 'Session' : 'SupportSession'
    for (const [asked, root, parameters] of [
      [report, 'session_list', { lsid }],
      [`${report}Listing`, 'session_summary_list', window],
      [`${report}Summary`, 'summary_list', { ...window, report_type: 'team' }],
      ['SupportCustExitSurvey', 'exit_survey_list', { lsid, report_type: 'rep' }],
      ['SupportRepExitSurvey', 'exit_survey_list', { ...window, report_type: 'team', id: '5' }],
      ['SupportTeam', 'team_activity_list', { ...window, team_id: '5' }],
    ] as const) {
      const content = rootOf(await box.report(asked, parameters), root)
      assert.equal(content['@xmlns'], generation.reportingNamespace)
      assert.equal(Object.keys(content).length, 2, `${asked} has something to say`)
    }
    assert.match(errorOf(await box.report('AccessSession', { lsid })), /Unknown report/)
    const details = await sessionOf(box, lsid)
    const [rep] = listOf((details['rep_list'] as Record<string, unknown>)['representative'])
    assert.equal(rep?.[generation.ownerFlag], '1')
    assert.equal('public_display_name' in (rep ?? {}), generation.publicNames)
    assert.equal('custom_attributes' in details, generation.fullReports)
    const survey = (details['cust_survey_list'] as Record<string, Record<string, unknown>>)['cust_exit_survey']
    assert.equal('question_list' in (survey ?? {}), generation.surveyForm === 'questions')
    const presentation = box.appliance.presentations[0]?.lsid ?? ''
    const recording = name === '2008' ? 'PresentationRecording' : 'PresentationSessionRecording'
    assert.equal((await box.report(recording, { lsid: presentation })).type, 'video/mp4')
  })
}

test('exactly one selection, and a right one', async (t) => {
  const box = await startBox(t)
  const { lsid } = box.start('team:5')
  const window = { start_time: NOW, duration: '0' }
  for (const [report, parameters] of [
    ['SupportSession', {}],
    ['SupportSession', { lsid, ...window }],
    ['SupportSession', { lsid, lsids: lsid }],
    ['SupportSession', { start_time: NOW }],
    ['SupportSession', { ...window, start_date: '2019-11-24' }],
    ['SupportSession', { start_date: '2019-11-31x', duration: '1' }],
    ['SupportSession', { start_time: 'yesterday', duration: '1' }],
    ['SupportSession', { start_time: NOW, duration: '-1' }],
    ['SupportSessionListing', { lsid }],
    ['SupportSessionSummary', window],
    ['SupportSessionSummary', { ...window, report_type: 'toString' }],
    ['SupportCustExitSurvey', { lsid }],
    ['SupportCustExitSurvey', { ...window, report_type: 'rep' }],
    ['SupportTeam', { lsid }],
    ['SupportTeam', { ...window, team_id: 'all' }],
    ['SupportSessionRecording', {}],
    ['CommandShellRecording', { lsid }],
    ['', { lsid }],
  ] as const) {
    assert.ok(errorOf(await box.report(report, parameters)) !== '', `${report} ${JSON.stringify(parameters)}`)
  }
})

test('windows by start and by end, in days and in seconds', async (t) => {
  const box = await startBox(t)
  const early = box.start('team:5')
  await box.clock.advance(3_600_000)
  const late = box.start('team:7')
  early.end()
  await box.clock.advance(60_000)
  const found = async (parameters: Fields) => {
    const root = rootOf(await box.report('SupportSessionListing', parameters), 'session_summary_list')
    return listOf(root['session_summary']).map((line) => (line['@lsid'] === early.lsid ? 'early' : 'late'))
  }
  const HOUR = 3_600_000
  assert.deepEqual(await found({ start_time: NOW, duration: '0' }), ['early', 'late'])
  assert.deepEqual(await found({ start_time: NOW, duration: '3600' }), ['early'], 'the end is not part of a window')
  assert.deepEqual(await found({ start_time: seconds(START + 1000), duration: '86400' }), ['late'])
  assert.deepEqual(await found({ end_time: NOW, duration: '0' }), ['early'])
  assert.deepEqual(await found({ end_time: seconds(START + HOUR + 1000), duration: '0' }), [])
  assert.deepEqual(await found({ start_date: '2019-11-24', duration: '1' }), ['early', 'late'])
  assert.deepEqual(await found({ end_date: '2019-11-24', duration: '0' }), ['early'])
  assert.deepEqual(await found({ start_date: '2019-11-25', duration: '1' }), [])
  const both = await box.report('SupportSession', { lsids: `${late.lsid},${early.lsid}, ${late.lsid},unknown` })
  assert.deepEqual(
    listOf(rootOf(both, 'session_list')['session']).map((session) => session['@lsid']),
    [late.lsid, early.lsid],
  )
})

test('nothing found is an empty list, or an error on a box of that kind', async (t) => {
  const empty = await startBox(t)
  assert.equal('session' in rootOf(await empty.report('SupportSession', { lsid: 'x' }), 'session_list'), false)
  const error = await startBox(t, { noMatch: 'error' })
  errorOf(await error.report('SupportSession', { lsid: 'x' }))
  errorOf(await error.report('SupportSessionListing', { start_time: NOW, duration: '0' }))
})

test('a report lags its event by some seconds', async (t) => {
  const box = await startBox(t, { reportLag: { ms: 10_000 } })
  const session = box.start('team:5', { key: 'INC1' })
  const see = async () =>
    listOf(rootOf(await box.report('SupportSession', { lsid: session.lsid }), 'session_list')['session'])
  assert.deepEqual(await see(), [])
  await box.clock.advance(9_000)
  session.end()
  assert.deepEqual(await see(), [])
  await box.clock.advance(1000)
  assert.equal((await see())[0]?.['end_time'], '')
  await box.clock.advance(9000)
  assert.notEqual((await see())[0]?.['end_time'], '')
})

test('a report lags its event by some calls', async (t) => {
  const box = await startBox(t, { reportLag: { calls: 2 } })
  const session = box.start('team:5')
  const see = async () => {
    const root = rootOf(await box.report('SupportSession', { lsid: session.lsid }), 'session_list')
    return listOf(root['session']).map((seen) => [seen['external_key'], seen['end_time'] !== ''])
  }
  assert.deepEqual([await see(), await see(), await see()], [[], [], [['', false]]])
  rootOf(
    await box.command('set_session_attributes', { lsid: session.lsid, 'session.custom.external_key': 'INC1' }),
    'success',
  )
  assert.deepEqual([await see(), await see(), await see()], [[['', false]], [['', false]], [['INC1', false]]])
  session.end()
  assert.deepEqual([await see(), await see(), await see()], [[['INC1', false]], [['INC1', false]], [['INC1', true]]])
})
