/** What the appliance kept while the workstation was off, and sends one after the other when it is there again. */
import { COURSE, lsidOf, takeNumber } from './client.ts'

const HOUR = 3_600_000

/** So many sessions go on at the same time. */
const AT_ONCE = 16

/** The events of a weekend, the oldest first; some of its last sessions are the rep's, and live. */
export function weekend(events: number): readonly string[] {
  const mark = takeNumber()
  const begin = Date.now() - 60 * HOUR
  return Array.from({ length: events }, (_, number) => {
    const session = Math.floor(number / (COURSE.length * AT_ONCE)) * AT_ONCE + (number % AT_ONCE)
    const step = COURSE[Math.floor(number / AT_ONCE) % COURSE.length] ?? {}
    const isMine = session % 40 === 0 && step['conference_id'] === 'rep:31'
    return new URLSearchParams({
      version: '1',
      timestamp: String(Math.floor((begin + (number / events) * 59 * HOUR) / 1000)),
      appliance_id: 'appliance.example.com',
      lsid: `${lsidOf(session).slice(0, 20)}${String(mark).padStart(12, '0')}`,
      external_key: `INC00${10_000 + (session % 90_000)}`,
      ...step,
      ...(isMine ? { conference_id: 'rep:12', conference_name: 'John Smith' } : {}),
    }).toString()
  })
}
