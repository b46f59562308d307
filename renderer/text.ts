/**
 * All that the window says, in one place. Names that come from outside are put between Unicode isolates where they
 * could turn the direction of the sentence around them (https://www.w3.org/TR/unicode-xml/#Suitable).
 */
import type {
  Ability,
  ActivityEntry,
  Alert,
  AlertKind,
  ApplianceState,
  Health,
  KeyEdit,
  LookupState,
  Owner,
  RelayHealth,
  SessionRow,
  TimelineEntry,
} from '../preload/contract.ts'
import { LABELS } from './labels.ts'
import { duration } from './time.ts'

/** Letters and marks that run from right to left, and the invisible controls of direction. */
const DIRECTED = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/

/** A name for use within a sentence. */
export function isolate(name: string): string {
  return DIRECTED.test(name) ? `\u2068${name}\u2069` : name
}

/** `1 problem`, `2 problems`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString('en')} ${amount === 1 ? one : many}`
}

/** Which sessions the board shows. */
export type Scope = 'mine' | 'team' | 'all'

// ---------------------------------------------------------------------------------------------------- sessions

/** Whose a session is, in a word or two. */
export function ownerName(owner: Owner | null): string {
  if (owner === null) return 'No owner yet'
  if (owner.name !== '') return isolate(owner.name)
  if (owner.kind === 'general') return 'General queue'
  if (owner.kind === 'team') return `Team ${owner.ref}`
  if (owner.kind === 'representative') return `Representative ${owner.ref}`
  return isolate(owner.id)
}

/** Whose a session is, said to the rep. */
export function ownerOf(row: Pick<SessionRow, 'owner' | 'relation'>): string {
  return row.relation === 'mine' && row.owner?.kind === 'representative' ? 'You' : ownerName(row.owner)
}

/** The customer's name, or what stands in for it. */
export function customerOf(row: Pick<SessionRow, 'customer' | 'status'>): string {
  if (row.customer !== null && row.customer.trim() !== '') return row.customer
  return row.status === 'ended' ? 'No customer joined' : 'Customer not there yet'
}

/** Addresses that no other computer can reach. */
export function isLoopback(address: string): boolean {
  return /^(127\.|\[?::1\]?(:|$)|localhost)/.test(address)
}

/** What a session is doing and for how long: `Waiting 3 min`. `stamp` writes the time at which it ended. */
export function statusLine(row: SessionRow, now: number, stamp: (at: number) => string): string {
  const started = row.startedAt ?? row.ownerSince ?? row.updatedAt
  if (row.status === 'waiting') return `Waiting ${duration(now - (row.ownerSince ?? started))}`
  if (row.status === 'active') return `Active ${duration(now - started)}`
  return `Ended ${stamp(row.endedAt ?? row.updatedAt)}`
}

/** One entry of a session's timeline as a sentence without its full stop. */
export function timelineLine(entry: TimelineEntry): string {
  switch (entry.kind) {
    case 'started':
      return 'Session started'
    case 'ended':
      return 'Session ended'
    case 'owner':
      return ownerLine(entry.owner)
    case 'joined':
    case 'left':
      return `${memberType(entry.member.type)} ${isolate(entry.member.name)} ${entry.kind}`.replaceAll('  ', ' ')
    case 'survey':
      return `${memberType(entry.by)} sent the exit survey`
    case 'key':
      return keyLine(entry.from, entry.to)
    case 'unknown':
      return `Event that this version does not know: ${isolate(entry.event)}`
  }
}

function ownerLine(owner: Owner): string {
  return `${owner.kind === 'team' || owner.kind === 'general' ? 'Queue' : 'Owner'}: ${ownerName(owner)}`
}

function keyLine(from: string | null, to: string | null): string {
  if (to === null) return `Key removed: ${isolate(from ?? '')}`
  return from === null ? `Key set: ${isolate(to)}` : `Key changed: ${isolate(from)} → ${isolate(to)}`
}

/** `Customer`, `Representative`, or `Member` for a kind that the appliance added later. */
export function memberType(type: 'customer' | 'representative' | 'other'): string {
  return { customer: 'Customer', representative: 'Representative', other: 'Member' }[type]
}

// --------------------------------------------------------------------------------------------- alerts, activity

/** What kind of alert it is, for those who cannot see its icon. */
export function alertKind(kind: AlertKind): string {
  const words: Record<AlertKind, string> = {
    transferred: 'Transferred to you',
    started: 'Started with you',
    teamQueue: 'Team queue',
    generalQueue: 'General queue',
    customerJoined: 'Customer joined',
    customerLeft: 'Customer left',
    ended: 'Ended',
    survey: 'Survey',
    digest: 'Summary',
    test: 'Test',
  }
  return words[kind]
}

/** What a screen reader says of alerts that have just come, newest first. */
export function alertsSpoken(alerts: readonly Pick<Alert, 'title' | 'body'>[]): string {
  const [latest] = alerts
  if (latest === undefined) return ''
  const said = [latest.title, latest.body].filter((part) => part !== '').join(': ')
  return alerts.length === 1 ? said : `${count(alerts.length, 'new alert')}. The latest: ${said}`
}

const EVENTS: Readonly<Record<string, string>> = {
  support_conference_begin: 'Session started',
  support_conference_end: 'Session ended',
  support_conference_owner_changed: 'Owner changed',
  support_conference_member_added: 'Joined',
  support_conference_member_departed: 'Left',
  support_conference_customer_exit_survey_completed: 'Customer survey',
  support_conference_representative_exit_survey_completed: 'Representative survey',
  support_conference_rep_exit_survey_completed: 'Representative survey',
}

/** What a received event is called; an unknown one by the name that the appliance sent. */
export function eventName(entry: Pick<ActivityEntry, 'event' | 'known'>): string {
  return (entry.known ? EVENTS[entry.event] : undefined) ?? entry.event
}

/** Later than this is late: the event raised no notification of its own. */
const LATE_MS = 2 * 60_000

/** `came 12 min late`, or null if it came in time. */
export function lateness(entry: Pick<ActivityEntry, 'at' | 'receivedAt'>): string | null {
  const late = entry.receivedAt - entry.at
  return late > LATE_MS ? `came ${duration(late)} late` : null
}

// ------------------------------------------------------------------------------------------------------- health

/** Where events come in, in as few words as will do. */
function listenerLine(listener: Health['listener']): string {
  const [first, ...others] = listener.addresses
  switch (listener.status) {
    case 'listening':
      return `Listening on ${first ?? 'this computer'}${others.length === 0 ? '' : ` +${others.length}`}`
    case 'starting':
      return 'Starting to listen'
    case 'failed':
      return 'Not listening'
    case 'stopped':
      return 'Listening is stopped'
  }
}

const RELAY_LINES: Readonly<Record<RelayHealth['status'], string>> = {
  attached: 'Events come from the site’s relay',
  connecting: 'Reaching for the relay',
  failed: 'The relay cannot be reached',
  displaced: 'Events go to another program',
  refused: 'The relay does not accept this workstation',
  stopped: 'The relay is not used',
}

/** Where events come from. */
export function sourceLine({ listener, relay }: Pick<Health, 'listener' | 'relay'>): string {
  return relay === null ? listenerLine(listener) : RELAY_LINES[relay.status]
}

/** Can events come in? */
export function isReceiving({ listener, relay }: Pick<Health, 'listener' | 'relay'>): boolean {
  return relay === null ? listener.status === 'listening' : relay.status === 'attached'
}

/** When the last event came. */
export function lastEventLine(lastEventAt: number | null, now: number): string {
  return lastEventAt === null ? 'No event yet' : `Last event ${duration(now - lastEventAt)} ago`
}

// ---------------------------------------------------------------------------------------------------- appliance

/** Why the appliance cannot do this for us now, or null if it can. */
export function whyNot(appliance: ApplianceState, ability: Ability): string | null {
  switch (appliance.status) {
    case 'unset':
      return LABELS.appliance.unset
    case 'checking':
      return LABELS.appliance.checking
    case 'failed':
      return appliance.problem?.title ?? LABELS.appliance.failed
    case 'ready':
      return appliance.cannot[ability] ?? null
  }
}

/** Why the key of a session cannot be edited here, or null if it can. */
export function whyNotKey(row: Pick<SessionRow, 'status' | 'relation'>, appliance: ApplianceState): string | null {
  if (row.status === 'ended') return LABELS.key.ended
  if (row.relation !== 'mine' && row.relation !== 'team') return LABELS.key.notYours
  return whyNot(appliance, 'editKey')
}

/** What came of an edit of keys. */
export function keyEditLine({ status, key, lsids, failures }: KeyEdit): string {
  const all = count(lsids.length, 'session')
  const done = count(lsids.length - failures.length, 'session')
  const to = key === null ? 'cleared' : `set to ${isolate(shortened(key))}`
  switch (status) {
    case 'sending':
      return `Key of ${all} is being ${to}`
    case 'set':
      return `Key of ${done} ${to}`
    case 'undoing':
      return `Undoing: the key of ${all}`
    case 'undone':
      return `Undone: the key of ${all} is what it was`
    case 'notUndone':
      return `Not undone: the key of ${count(failures.length, 'session')} is still ${key === null ? 'cleared' : isolate(shortened(key))}`
    case 'failed':
      return `The key of ${count(failures.length, 'session')} could not be changed`
  }
}

/** The beginning of a text that would fill the window. */
function shortened(text: string): string {
  const letters = Array.from(text)
  return letters.length <= 60 ? text : `${letters.slice(0, 59).join('')}…`
}

/** How far the lookup at the appliance is, or what it came to. */
export function lookupLine(lookup: LookupState): string {
  const found = lookup.hits.length === 0 ? LABELS.lookup.nothing : `${count(lookup.hits.length, 'session')} found`
  switch (lookup.status) {
    case 'running':
      return `${LABELS.lookup.asking}: ${lookup.done} of ${count(lookup.total, 'day')}`
    case 'done':
      return `${found}, the appliance’s reports included`
    case 'cancelled':
      return LABELS.lookup.cancelled
    case 'failed':
      return lookup.message ?? LABELS.appliance.failed
  }
}

// ----------------------------------------------------------------------------------------------------- settings

/** The heading of a group of settings; a group that this version does not know gets its own name. */
export function groupTitle(group: string): string {
  const titles: Readonly<Record<string, string>> = {
    me: 'Who you are',
    notify: 'Notifications',
    window: 'Window',
    tray: 'Tray',
    listener: 'Receiving events',
    relay: 'Relay',
    browser: 'Browser mode',
    journal: 'Journal',
    appliance: 'Appliance',
    ticket: 'Tickets',
    lookup: 'Lookup',
    link: 'Links for customers',
    setup: 'Set-up',
  }
  return titles[group] ?? group.slice(0, 1).toUpperCase() + group.slice(1)
}

/** A setting's value in words. */
export function valueText(value: boolean | number | string | readonly string[]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return value === '' ? 'empty' : isolate(value)
  return value.length === 0 ? 'empty' : value.map(isolate).join(', ')
}

/** `Same as the system` for `system`; others with a capital letter. */
export function choiceText(choice: string): string {
  return choice === 'system' ? 'System' : choice.slice(0, 1).toUpperCase() + choice.slice(1)
}
