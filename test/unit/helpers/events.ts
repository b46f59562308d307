/** Outbound events as the appliance sends them, and what the reducer makes of a row of them. */
import assert from 'node:assert/strict'
import { parseEvent, type Variables } from '../../../main/events/event.ts'
import { applyEvent, type NumberedEvent, type Session } from '../../../main/sessions/session.ts'

export const LSID = '0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'
/** When the first event of a row happens (ms), and how long after it each next one. */
export const START = Date.UTC(2026, 10, 23, 9)
export const STEP = 1_000

type Own = Record<string, string>

export const begin = (own: Own = {}): Own => ({ event: 'support_conference_begin', ...own })
export const end = (own: Own = {}): Own => ({ event: 'support_conference_end', ...own })
export const owner = (id: string, name: string, own: Own = {}): Own => ({
  event: 'support_conference_owner_changed',
  conference_id: id,
  conference_name: name,
  ...own,
})
export const joins = (who: Own, own: Own = {}): Own => ({ event: 'support_conference_member_added', ...who, ...own })
export const leaves = (who: Own, own: Own = {}): Own => ({
  event: 'support_conference_member_departed',
  ...who,
  ...own,
})
export const customerSurvey = (own: Own = {}): Own => ({
  event: 'support_conference_customer_exit_survey_completed',
  ...own,
})
export const repSurvey = (own: Own = {}): Own => ({
  event: 'support_conference_representative_exit_survey_completed',
  ...own,
})

export const customer = (name: string): Own => ({ type: 'customer', display_name: name })
export const representative = (id: string, username: string, name: string): Own => ({
  type: 'representative',
  display_name: name,
  user_id: id,
  username,
})
export const JANE = customer('Jane Doe')
/** The rep whose application this is, and a colleague. */
export const ME = representative('12', 'jsmith', 'John Smith')
export const MIRIAM = representative('14', 'mokafor', 'Miriam Okafor')
export const TO_ME = owner('rep:12', 'John Smith')
export const TO_MIRIAM = owner('rep:14', 'Miriam Okafor')
export const TO_TEAM = owner('team:5', 'Troubleshooting')
export const TO_GENERAL = owner('general', 'General')

export type SessionEvent = NumberedEvent & { readonly lsid: string }

/** An event with its number; its time follows from that unless it states another. */
export function numbered(own: Variables, seq: number, lsid = LSID): SessionEvent {
  const event = parseEvent({ version: '1', lsid, ...own })
  assert.ok(!('malformed' in event))
  const time = event.at ?? START + (seq - 1) * STEP
  return { ...event, lsid: event.lsid ?? lsid, seq, time }
}

/** Each step of a row of events: the session before and after it. */
export function steps(events: readonly Variables[], from: Session | null = null, lsid = LSID) {
  let before = from
  return events.map((own, index) => {
    const event = numbered(own, (from?.revision ?? 0) + index + 1, lsid)
    const after = applyEvent(before, event)
    const step = { before, event, after }
    before = after
    return step
  })
}

/** The session after a row of events. */
export function play(events: readonly Variables[], from: Session | null = null, lsid = LSID): Session {
  const session = steps(events, from, lsid).at(-1)?.after ?? from
  assert.ok(session !== null)
  return session
}
