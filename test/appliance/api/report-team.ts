import { createRandom } from '../random.ts'
import { findRepresentative, type Representative, type SupportTeam, type World } from '../world.ts'
import { listOf } from './report-sessions.ts'
import type { ReportHandler } from './reports.ts'
import { readSelection } from './selection.ts'
import { bodyElement } from './session-events.ts'
import { element, type XmlElement } from './xml.ts'

const DAY_MS = 86_400_000
const MINUTE_MS = 60_000

/** Days that the box remembers. */
const DAYS = 90

/** Who came to the team and left it, and what was said among its members. It is invented, and the same each time. */
export const supportTeam: ReportHandler = (context, parameters) => {
  const { world } = context.appliance
  const now = context.horizon.now
  const selection = readSelection(parameters, now, false)
  const wanted = parameters.get('team_id')
  if (wanted !== null && !/^\d+$/.test(wanted)) throw new Error('Invalid team_id')
  const teams = world.teams.filter(({ id }) => wanted === null || String(id) === wanted)
  const [from, to] = selection.by === 'lsids' ? [now, now] : [selection.from, Math.min(selection.to, now)]
  return listOf('team_activity_list', context, teams, (team) => {
    const { id, name } = team
    const members = team.members.map((each) => element('representative', nameOf(world, each), { id: each }))
    return element(
      'team_activity',
      [element('members', members), element('events', activity(team, world, from, to, now))],
      {
        id,
        name,
      },
    )
  })
}

const nameOf = (world: World, id: number): string => findRepresentative(world, id).name

const CHAT = ['Who takes the next one?', 'I am at lunch.', 'Ticket <INC0010023> & the other one are the same.']

function* activity(team: SupportTeam, world: World, from: number, to: number, now: number): Generator<XmlElement> {
  const first = Math.max(Math.floor(from / DAY_MS), Math.floor(now / DAY_MS) - DAYS)
  for (let day = first; day * DAY_MS < to; day += 1) {
    if ([0, 6].includes(new Date(day * DAY_MS).getUTCDay())) continue
    const events = team.members.flatMap((id) => dayOf(findRepresentative(world, id), team, day))
    for (const [at, event] of events.toSorted(([one], [other]) => one - other)) if (at >= from && at < to) yield event
  }
}

/** What somebody did in a team on that day. */
function dayOf(rep: Representative, team: SupportTeam, day: number): readonly (readonly [at: number, XmlElement])[] {
  const random = createRandom(0).fork(`team ${team.id} ${rep.id} ${day}`)
  if (random.chance(0.2)) return []
  const start = day * DAY_MS + random.int(7 * 60, 9 * 60) * MINUTE_MS
  const event = (minutes: number, type: string, content: readonly XmlElement[]) => {
    const at = start + minutes * MINUTE_MS
    const by = element('performed_by', rep.name, { type: 'representative', id: rep.id })
    const attributes = { timestamp: at / 1000, event_type: type }
    return [at, element('event', [by, ...content], attributes)] as const
  }
  const data = (values: Readonly<Record<string, string>>) =>
    element(
      'data',
      Object.entries(values).map(([name, value]) => element('value', '', { name, value })),
    )
  return [
    event(0, 'Conference Member Added', [data({ private_name: rep.name, user_id: String(rep.id) })]),
    ...(random.chance(0.3)
      ? [
          event(random.int(1, 400), 'Chat Message', [
            element('destination', team.name, { type: 'team' }),
            bodyElement(random.pick(CHAT)),
          ]),
        ]
      : []),
    event(random.int(420, 540), 'Conference Member Departed', []),
  ]
}
