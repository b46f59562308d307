import { EVENTS, SCHEMA_VERSION, valueOf, type Variables } from './event.ts'

/** What is known of a session from its events so far. */
interface Trace {
  ownerId: string | null
  readonly members: Set<string>
  readonly surveys: Set<string>
  served: boolean
  ended: boolean
}

const OWN_VARIABLES: Readonly<Record<string, readonly string[]>> = {
  [EVENTS.begin]: [],
  [EVENTS.end]: [],
  [EVENTS.ownerChanged]: ['conference_id', 'conference_name'],
  [EVENTS.memberAdded]: ['type', 'display_name'],
  [EVENTS.memberDeparted]: ['type', 'display_name'],
  [EVENTS.customerSurvey]: [],
  [EVENTS.representativeSurvey]: [],
}

/**
 * Checks that events, in this order, are what an appliance sends: the guide's variables in the guide's order, and for
 * each session a story that can be. Returns what is wrong; empty: nothing. Custom fields are let pass.
 */
export function auditEvents(events: readonly Variables[]): readonly string[] {
  const traces = new Map<string, Trace>()
  let latest = 0
  return events.flatMap((variables, index) => {
    const timestamp = Number(valueOf(variables, 'timestamp'))
    const problems = [...auditForm(variables), ...auditStory(variables, traces)]
    if (timestamp < latest) problems.push('is older than the one before')
    latest = timestamp
    return problems.map((problem) => `event ${index + 1} (${valueOf(variables, 'event')}): ${problem}`)
  })
}

function auditForm(variables: Variables): readonly string[] {
  const own = OWN_VARIABLES[valueOf(variables, 'event') ?? '']
  if (own === undefined) return ['is not one of the seven']
  const key = valueOf(variables, 'external_key') === undefined ? [] : ['external_key']
  const rep = valueOf(variables, 'type') === 'representative' ? ['user_id', 'username'] : []
  const wanted = ['event', 'version', 'timestamp', 'lsid', ...key, ...own, ...rep].join(' ')
  const names = variables.map(([name]) => name).filter((name) => !name.startsWith('session.custom.'))
  const checks: readonly (readonly [string, boolean])[] = [
    [`has ${names.join(' ')}, not ${wanted}`, names.join(' ') === wanted],
    ['has another version', valueOf(variables, 'version') === SCHEMA_VERSION],
    ['has a wrong timestamp', /^\d{9,10}$/.test(valueOf(variables, 'timestamp') ?? '')],
    ['has a wrong lsid', /^[0-9a-f]{32}$/.test(valueOf(variables, 'lsid') ?? '')],
    ['has an empty key', valueOf(variables, 'external_key') !== ''],
    ['has a wrong conference_id', /^(general|(rep|team):\d+)$/.test(valueOf(variables, 'conference_id') ?? 'general')],
    ['has a wrong type', /^(customer|representative)$/.test(valueOf(variables, 'type') ?? 'customer')],
  ]
  return checks.filter(([, right]) => !right).map(([problem]) => problem)
}

function auditStory(variables: Variables, traces: Map<string, Trace>): string[] {
  const lsid = valueOf(variables, 'lsid') ?? ''
  const event = valueOf(variables, 'event')
  const trace = traces.get(lsid)
  if (event === EVENTS.begin) {
    traces.set(lsid, { ownerId: null, members: new Set(), surveys: new Set(), served: false, ended: false })
    return trace === undefined ? [] : ['begins twice']
  }
  if (trace === undefined) return ['comes before its begin']
  const isSurvey = event === EVENTS.customerSurvey || event === EVENTS.representativeSurvey
  if (trace.ended && !isSurvey) return ['comes after the end']
  if (trace.ownerId === null && event !== EVENTS.ownerChanged) return ['comes before the first owner']
  if (isSurvey) return auditSurvey(event, trace)
  if (event === EVENTS.ownerChanged) {
    const id = valueOf(variables, 'conference_id') ?? ''
    const same = id === trace.ownerId
    trace.ownerId = id
    return same ? ['changes to the same owner'] : []
  }
  if (event === EVENTS.end) {
    trace.ended = true
    return trace.members.size > 0 ? [`ends with ${[...trace.members].join(', ')} in it`] : []
  }
  const member = `${valueOf(variables, 'type')} ${valueOf(variables, 'user_id') ?? ''}`
  if (event === EVENTS.memberDeparted) return trace.members.delete(member) ? [] : ['departs without having joined']
  trace.served ||= member.startsWith('representative')
  const twice = trace.members.has(member)
  trace.members.add(member)
  return twice ? ['joins twice'] : []
}

function auditSurvey(event: string, trace: Trace): string[] {
  const twice = trace.surveys.has(event)
  trace.surveys.add(event)
  if (twice) return ['is sent twice']
  return event === EVENTS.representativeSurvey && !trace.served ? ['comes from no representative'] : []
}
