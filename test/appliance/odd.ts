import { EVENTS, valueOf, type BodyForm, type Draft, type Variables } from './event.ts'
import type { Random } from './random.ts'
import { differsInWindows1252 } from './windows-1252.ts'

interface Oddity {
  readonly help: string
  /** What is sent in place of the event; null: this one cannot be made odd in this way. */
  make(draft: Draft, random: Random): readonly Draft[] | null
}

/** A value that is far longer than anything in the guide, yet in a body of less than 1 MiB. */
const LONG_VALUE = 300_000

/** Names of no event of schema 1: a later schema, the vendor's other product line, a stranger. */
const UNKNOWN_EVENTS = [
  'support_conference_note_added',
  'support_conference_customer_waiting',
  'access_session_begin',
  'support_presentation_begin',
]

/** Owners beyond the three forms of the guide; the first is the system's queue before the first real one. */
const UNKNOWN_OWNERS: readonly (readonly [id: string, name: string])[] = [
  ['system:0', 'Pre-start Conference'],
  ['embassy:3', 'Partner Desk'],
  ['issue:printer', 'Printer'],
  ['queue:a:b', 'With two colons'],
  ['persistent', ''],
]

const MEMBER_EVENTS: ReadonlySet<string> = new Set([EVENTS.memberAdded, EVENTS.memberDeparted])

const inForm = (form: BodyForm) => (draft: Draft) => [{ ...draft, form }]

/** Replaces values or names; null if nothing changed. */
function mapped(
  draft: Draft,
  change: (name: string, value: string) => readonly [string, string],
): readonly Draft[] | null {
  const variables = draft.variables.map(([name, value]) => change(name, value))
  const same = variables.every(
    ([name, value], index) => name === draft.variables[index]?.[0] && value === draft.variables[index]?.[1],
  )
  return same ? null : [{ ...draft, variables }]
}

const renamed = (draft: Draft, from: string, to: string) =>
  mapped(draft, (name, value) => [name === from ? to : name, value])

const added = (draft: Draft, extra: Variables): readonly Draft[] => [
  { ...draft, variables: [...draft.variables, ...extra] },
]

/** The standard variables and the session of an event, under another event's name. */
function stranger(draft: Draft, event: string, own: Variables): Draft {
  const kept = draft.variables.filter(([name]) => ['version', 'timestamp', 'lsid', 'external_key'].includes(name))
  return { form: 'urlencoded', variables: [['event', event], ...kept, ...own] }
}

/** No event at all; the body is the text as it is. */
const rawBody = (text: string): Draft => ({ form: 'raw', variables: [['', text]] })

const ODDITIES = {
  'unknown-event': {
    help: 'an event that schema 1 does not know, after the real one',
    make: (draft, random) => [draft, stranger(draft, random.pick(UNKNOWN_EVENTS), [['note', 'seen by nobody yet']])],
  },
  'unknown-variables': {
    help: 'variables that the guide does not have',
    make: (draft, random) =>
      added(draft, [
        ['event_id', random.hex(16)],
        ['session.custom.asset_no', `PC-${random.int(1000, 9999)}`],
        ['a[b][]', '<&>"\'=+%'],
      ]),
  },
  'no-lsid': {
    help: 'an event without a session, before the real one',
    make: (draft) => [{ ...draft, variables: draft.variables.filter(([name]) => name !== 'lsid') }, draft],
  },
  'windows-1252': {
    help: 'the body in Windows-1252 instead of UTF-8',
    make: (draft) =>
      draft.variables.some(([, value]) => differsInWindows1252(value)) ? inForm('windows-1252')(draft) : null,
  },
  multipart: { help: 'the body as multipart/form-data', make: inForm('multipart') },
  'percent-blanks': { help: 'a blank as %20 instead of +', make: inForm('percent-blanks') },
  'charset-parameter': { help: 'a charset behind the media type', make: inForm('charset-parameter') },
  'no-content-type': { help: 'no Content-Type', make: inForm('no-content-type') },
  'misspelt-lsid': {
    help: 'Isid (capital i) for lsid, as the guide prints it',
    make: (d) => renamed(d, 'lsid', 'Isid'),
  },
  'rep-survey': {
    help: 'support_conference_rep_exit_survey_completed, the spelling of an old integration',
    make: (draft) =>
      mapped(draft, (name, value) => [
        name,
        value === EVENTS.representativeSurvey ? 'support_conference_rep_exit_survey_completed' : value,
      ]),
  },
  name: { help: 'name instead of display_name', make: (draft) => renamed(draft, 'display_name', 'name') },
  'appliance-id': { help: 'an appliance_id', make: (draft) => added(draft, [['appliance_id', 'Default']]) },
  'other-version': {
    help: 'a version other than 1',
    make: (draft) => mapped(draft, (name, value) => [name, name === 'version' ? '2.0-beta' : value]),
  },
  'empty-key': {
    help: 'external_key without a value, where none is assigned',
    make: (draft) =>
      valueOf(draft.variables, 'external_key') === undefined ? added(draft, [['external_key', '']]) : null,
  },
  'unknown-owner': {
    help: 'an owner of an unknown kind, before the real one',
    make: (draft, random) => {
      if (valueOf(draft.variables, 'event') !== EVENTS.ownerChanged) return null
      const [id, name] = random.pick(UNKNOWN_OWNERS)
      const own: Variables = [
        ['conference_id', id],
        ['conference_name', name],
      ]
      return [stranger(draft, EVENTS.ownerChanged, own), draft]
    },
  },
  'unknown-member': {
    help: 'a member that is neither customer nor representative, before the real one',
    make: (draft) => {
      const event = valueOf(draft.variables, 'event') ?? ''
      if (!MEMBER_EVENTS.has(event)) return null
      const own: Variables = [
        ['type', 'observer'],
        ['display_name', 'Recorder'],
      ]
      return [stranger(draft, event, own), draft]
    },
  },
  'long-value': {
    help: `a value of ${LONG_VALUE} characters`,
    make: (draft) => added(draft, [['session.custom.notes', 'Lorem ipsum '.repeat(LONG_VALUE / 12)]]),
  },
  'no-event': {
    help: 'a form without an event, before the real one',
    make: (draft) => [{ ...draft, variables: draft.variables.filter(([name]) => name !== 'event') }, draft],
  },
  'empty-body': { help: 'an empty body, before the real one', make: (draft) => [rawBody(''), draft] },
  'no-form': {
    help: 'a body that is no form, before the real one',
    make: (draft) => [rawBody('{"event":"support_conference_begin"}\u0000'), draft],
  },
} satisfies Record<string, Oddity>

/** A way in which an event can be odd: what a recipient may meet, and must not choke on. */
export type OddKind = keyof typeof ODDITIES

/** Each kind with what it does. */
export const ODD_KINDS: readonly (readonly [kind: OddKind, help: string])[] = Object.entries(ODDITIES).map(
  ([kind, { help }]) => [kind as OddKind, help],
)

export const isOddKind = (text: string): text is OddKind => Object.hasOwn(ODDITIES, text)

/**
 * What to send in place of the event, oddly. Kinds that would lose or change what the event says send it as it is too.
 * Null if the event cannot be odd in this way.
 */
export function makeOdd(kind: OddKind, draft: Draft, random: Random): readonly Draft[] | null {
  const oddity: Oddity = ODDITIES[kind]
  return oddity.make(draft, random)
}

/** As `makeOdd`, in a way drawn at random from those that fit the event. */
export function makeOddAtRandom(draft: Draft, random: Random): readonly Draft[] {
  for (;;) {
    const [kind] = random.pick(ODD_KINDS)
    const drafts = makeOdd(kind, draft, random)
    if (drafts !== null) return drafts
  }
}
