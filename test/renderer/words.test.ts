/** The window's pure parts: words, times, filter, order, layout of lists, sharing of what has not changed. */
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { share } from '../../renderer/share.ts'
import {
  alertsSpoken,
  customerOf,
  eventName,
  groupTitle,
  isLoopback,
  isolate,
  lateness,
  ownerName,
  ownerOf,
  sourceLine,
  statusLine,
  timelineLine,
  valueText,
} from '../../renderer/text.ts'
import { beginning, bytesText, downloadLine, fileName, recordingName } from '../../renderer/text-report.ts'
import { looksLikeTicket } from '../../renderer/ticket.ts'
import { createTimes, duration } from '../../renderer/time.ts'
import { matches } from '../../renderer/match.ts'
import { layOut, rowAt, scrollFor, visibleRows } from '../../renderer/ui/geometry.ts'
import { download } from './report-states.ts'
import { activity, ago, GENERAL, ME, NOW, OTHER_REP, session, state, TEAM } from './states.ts'

describe('words', () => {
  it('writes spans in at most two units', () => {
    const spans: readonly (readonly [ms: number, words: string])[] = [
      [-5000, 'a moment'],
      [4999, 'a moment'],
      [5000, '5 s'],
      [59_999, '55 s'],
      [60_000, '1 min'],
      [3_599_999, '59 min'],
      [3_600_000, '1 h 00 min'],
      [5_100_000, '1 h 25 min'],
      [86_400_000 * 2 + 3_600_000 * 3, '2 d 3 h'],
    ]
    for (const [ms, words] of spans) assert.equal(duration(ms), words)
  })

  it('writes times as short as can be', () => {
    const times = createTimes()
    const noon = new Date(2026, 10, 23, 12, 0, 0).getTime()
    const at = (...parts: [number, number, number, number, number]): number => new Date(...parts).getTime()
    assert.match(times.short(at(2026, 10, 23, 9, 5), noon), /^0?9:05/)
    assert.match(times.short(at(2026, 10, 22, 9, 5), noon), /^22 Nov, 0?9:05/)
    assert.match(times.short(at(2025, 10, 23, 9, 5), noon), /^23 Nov 2025, 0?9:05/)
    assert.match(times.exact(at(2026, 10, 23, 9, 5), noon), /^0?9:05:00/)
  })

  it('knows a ticket, and is not held up by a pattern that never ends', () => {
    assert.equal(looksLikeTicket('INC0010471', String.raw`^(INC|RITM)\d{7}$`), true)
    assert.equal(looksLikeTicket('0010471', String.raw`^(INC|RITM)\d{7}$`), false)
    assert.equal(looksLikeTicket('anything', ''), true)
    assert.equal(looksLikeTicket('anything', '('), true, 'no regular expression says nothing')
    for (const pattern of ['^(a+)+$', '^(a|a|aa)*b$', '(.*a){25}b', 'a*a*a*a*a*=']) {
      const from = performance.now()
      looksLikeTicket(`${'a'.repeat(1000)}!`, pattern)
      const took = performance.now() - from
      assert.ok(took < 1000, `${pattern} takes ${took.toFixed(0)} ms`)
    }
  })

  it('writes amounts of bytes, names of recordings, and how far a download is', () => {
    const amounts = [0, 999, 1000, 48_213, 24_117_248, 1e9, 99_950_000, 1e15].map(bytesText)
    assert.deepEqual(amounts, ['0 bytes', '999 bytes', '1.0 kB', '48.2 kB', '24.1 MB', '1.0 GB', '100.0 MB', '1000 TB'])
    assert.equal(recordingName({ kind: 'session', instance: null }), 'Session recording')
    assert.equal(recordingName({ kind: 'commandShell', instance: 0 }), 'Command shell 1')
    assert.equal(downloadLine(download(1)), '12.4 MB of 40.1 MB')
    assert.equal(downloadLine(download(1, { totalBytes: null })), 'Downloading: 12.4 MB')
    assert.equal(downloadLine(download(1, { status: 'failed', message: 'No room.' })), 'Not downloaded: No room.')
    assert.equal(fileName('C:\\\\Users\\\\dana\\\\a.mp4'), 'a.mp4')
    assert.equal(fileName('/home/dana/b c.mp4'), 'b c.mp4')
    assert.equal(beginning('short', 10), null)
    assert.equal(beginning('😀😀😀', 3), '😀', 'never half a letter')
  })

  it('says whose a session is', () => {
    assert.equal(ownerOf({ owner: ME, relation: 'mine' }), 'You')
    assert.equal(ownerOf({ owner: TEAM, relation: 'mine' }), 'Network')
    assert.equal(ownerOf({ owner: OTHER_REP, relation: 'team' }), 'Jonas Weber')
    assert.equal(ownerName({ ...GENERAL, name: '' }), 'General queue')
    assert.equal(ownerName({ ...TEAM, name: '' }), 'Team 5')
    assert.equal(ownerName({ ...ME, name: '' }), 'Representative 12')
    assert.equal(ownerName({ id: 'embassy:3', kind: 'other', ref: '3', name: '' }), 'embassy:3')
    assert.equal(ownerName(null), 'No owner yet')
  })

  it('says what a session does, even if half of it is unknown', () => {
    const none = { startedAt: null, ownerSince: null, updatedAt: ago(3) }
    const stamp = (): string => '10:00'
    assert.equal(statusLine(session(1, { status: 'waiting', ownerSince: ago(2) }), NOW, stamp), 'Waiting 2 min')
    assert.equal(statusLine(session(1, { status: 'waiting', ...none }), NOW, stamp), 'Waiting 3 min')
    assert.equal(statusLine(session(1, { ...none }), NOW, stamp), 'Active 3 min')
    assert.equal(statusLine(session(1, { status: 'ended' }), NOW, stamp), 'Ended 10:00')
    assert.equal(customerOf({ customer: ' ', status: 'active' }), 'Customer not there yet')
    assert.equal(customerOf({ customer: null, status: 'ended' }), 'No customer joined')
  })

  it('tells the story of a session', () => {
    const entry = { seq: 1, at: 1 }
    assert.equal(timelineLine({ ...entry, kind: 'owner', owner: TEAM }), 'Queue: Network')
    assert.equal(timelineLine({ ...entry, kind: 'owner', owner: ME }), 'Owner: Dana Reyes')
    assert.equal(timelineLine({ ...entry, kind: 'key', from: null, to: 'A' }), 'Key set: A')
    assert.equal(timelineLine({ ...entry, kind: 'key', from: 'A', to: 'B' }), 'Key changed: A → B')
    assert.equal(timelineLine({ ...entry, kind: 'key', from: 'A', to: null }), 'Key removed: A')
    assert.equal(timelineLine({ ...entry, kind: 'left', member: { type: 'other', name: 'X' } }), 'Member X left')
    assert.equal(timelineLine({ ...entry, kind: 'joined', member: { type: 'customer', name: '' } }), 'Customer joined')
    assert.equal(timelineLine({ ...entry, kind: 'survey', by: 'customer' }), 'Customer sent the exit survey')
    assert.match(timelineLine({ ...entry, kind: 'unknown', event: 'new_thing' }), /new_thing/)
  })

  it('puts names that run the other way between isolates, and leaves all others alone', () => {
    assert.equal(isolate('Søren Kjær'), 'Søren Kjær')
    assert.equal(isolate('דנה'), '\u2068דנה\u2069')
    assert.equal(isolate('\u202Ex'), '\u2068\u202Ex\u2069')
  })

  it('names events, late ones and unknown ones', () => {
    assert.equal(
      eventName({ event: 'support_conference_rep_exit_survey_completed', known: true }),
      'Representative survey',
    )
    assert.equal(eventName({ event: 'support_conference_begin', known: false }), 'support_conference_begin')
    assert.equal(eventName({ event: 'known_to_main_only', known: true }), 'known_to_main_only')
    assert.equal(lateness(activity(1)), null)
    assert.equal(lateness({ at: NOW, receivedAt: NOW + 121_000 }), 'came 2 min late')
  })

  it('says several alerts in one sentence', () => {
    assert.equal(alertsSpoken([]), '')
    assert.equal(alertsSpoken([{ title: 'T', body: '' }]), 'T')
    assert.equal(
      alertsSpoken([
        { title: 'T', body: 'B' },
        { title: 'U', body: '' },
      ]),
      '2 new alerts. The latest: T: B',
    )
  })

  it('says what there is to say of health and settings', () => {
    const listener = state().health.listener
    assert.equal(sourceLine({ listener, relay: null }), 'Listening on 127.0.0.1:8180')
    assert.equal(sourceLine({ listener: { ...listener, addresses: [] }, relay: null }), 'Listening on this computer')
    assert.equal(sourceLine({ listener: { ...listener, status: 'starting' }, relay: null }), 'Starting to listen')
    assert.equal(sourceLine({ listener: { ...listener, status: 'stopped' }, relay: null }), 'Listening is stopped')
    const relay = { status: 'attached', server: '192.0.2.1:4222', retryAt: null } as const
    assert.equal(sourceLine({ listener, relay }), 'Events come from the site’s relay')
    assert.equal(sourceLine({ listener, relay: { ...relay, status: 'failed' } }), 'The relay cannot be reached')
    for (const address of ['127.0.0.1:8180', '127.3.2.1:1', '[::1]:8180', 'localhost:80'])
      assert.ok(isLoopback(address))
    for (const address of ['0.0.0.0:8180', '[::]:8180', '192.0.2.1:1', '[2001:db8::1]:1'])
      assert.ok(!isLoopback(address))
    assert.equal(groupTitle('me'), 'Who you are')
    assert.equal(groupTitle('brandnew'), 'Brandnew')
    assert.deepEqual([true, 0, '', [], ['a', 'b']].map(valueText), ['on', '0', 'empty', 'empty', 'a, b'])
  })
})

describe('parts', () => {
  it('matches all words anywhere, whatever their case', () => {
    assert.ok(matches('', []))
    assert.ok(matches('  ', ['x']))
    assert.ok(matches('LIND inc', ['Hannah Lindqvist', null, 'INC001']))
    assert.ok(!matches('lind ritm', ['Hannah Lindqvist', 'INC001']))
    assert.ok(!matches('hannahinc', ['Hannah', 'INC']), 'not across two texts')
  })

  it('knows which rows are in sight', () => {
    const geometry = layOut([true, ...Array.from({ length: 100 }, () => false)], 50, 20)
    assert.equal(geometry.total, 5020)
    assert.deepEqual(
      [0, 19, 20, 69, 70, 99_999].map((y) => rowAt(geometry, y)),
      [0, 0, 1, 1, 2, 100],
    )
    const [from, to] = visibleRows(geometry, 1020, 500)
    assert.ok(from <= 21 && to >= 31 && to - from < 30, `${from} ${to}`)
    assert.equal(scrollFor(geometry, 21, 50, 1020, 500), 1020)
    assert.equal(scrollFor(geometry, 20, 50, 1020, 500), 970)
    assert.equal(scrollFor(geometry, 31, 50, 1020, 500), 1070)
    assert.deepEqual(visibleRows(layOut([], 50, 20), 0, 500), [0, 0])
    assert.equal(rowAt(layOut([], 50, 20), 10), 0)
  })

  it('shares all that has not changed, wherever it has moved to', () => {
    const first = state({ sessions: [session(1), session(2), session(3)] })
    assert.equal(share(first, structuredClone(first)), first)
    const changed = {
      ...structuredClone(first),
      sessions: structuredClone([session(3), session(1, { revision: 99 }), session(4)]),
    }
    const shared = share(first, changed)
    assert.deepEqual(shared, changed)
    assert.equal(shared.sessions[0], first.sessions[2])
    assert.notEqual(shared.sessions[1], first.sessions[0])
    assert.equal(shared.sessions[1]?.owner, first.sessions[0]?.owner)
    assert.equal(shared.settings, first.settings)
    assert.deepEqual(share({ a: 1, b: 2 }, { a: 1 }), { a: 1 })
    assert.deepEqual(share({ a: [1, 2] }, { a: [1] }), { a: [1] })
    assert.equal(share([1], null), null)
    assert.deepEqual(share(null, [{ id: 'x' }]), [{ id: 'x' }])
  })
})
