import type { SessionRecord } from '../archive/record.ts'
import type { ApiContext } from './context.ts'

/** Which sessions a report is to have. Times in milliseconds since 1970; `to` is not part of the window. */
export type Selection =
  | { readonly by: 'lsids'; readonly lsids: readonly string[] }
  | { readonly by: 'start' | 'end'; readonly from: number; readonly to: number }

const WINDOWS = ['start_date', 'start_time', 'end_date', 'end_time'] as const

const DAY_MS = 86_400_000

/**
 * Reads the selection; throws unless exactly one was given. The zone of dates is not known: here UTC.
 *
 * @param takesIds whether `lsid` and `lsids` are among the selections of the report
 */
export function readSelection(parameters: URLSearchParams, now: number, takesIds: boolean): Selection {
  const names = [...WINDOWS, ...(takesIds ? (['lsid', 'lsids'] as const) : [])]
  const given = names.filter((name) => parameters.has(name))
  const [name] = given
  if (name === undefined || given.length > 1) throw new Error(`Exactly one of ${names.join(', ')} must be given`)
  const value = parameters.get(name) ?? ''
  if (name === 'lsid') return { by: 'lsids', lsids: [value] }
  if (name === 'lsids') return { by: 'lsids', lsids: [...new Set(value.split(',').map((lsid) => lsid.trim()))] }
  const [by, unit] = name.split('_') as ['start' | 'end', 'date' | 'time']
  const from = unit === 'date' ? readDate(value) : readNumber(name, value) * 1000
  const duration = readNumber('duration', parameters.get('duration') ?? '')
  return { by, from, to: duration === 0 ? now + 1 : from + duration * (unit === 'date' ? DAY_MS : 1000) }
}

function readDate(text: string): number {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  if (Number.isNaN(time)) throw new Error(`Invalid date: ${text}`)
  return time
}

function readNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new Error(`Invalid ${name}: ${text}`)
  return Number(text)
}

/** The records that fit as the reports see them now. Windows by the start have running sessions too, others only ended ones. */
export function* select({ appliance }: ApiContext, selection: Selection): Generator<SessionRecord> {
  if (selection.by === 'lsids') {
    for (const lsid of selection.lsids) {
      const record = appliance.archive.find(lsid)
      if (record !== undefined) yield record
    }
    return
  }
  const { by, from, to } = selection
  for (const record of appliance.archive.records()) {
    const time = by === 'start' ? record.startedAt : record.endedAt
    if (time !== null && time >= from && time < to) yield record
  }
}
