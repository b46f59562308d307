import { isSame, type Connection, type Entry, type LogEntry, type Party, type Snapshot } from '../archive/record.ts'
import type { Owner } from '../world.ts'
import { element, isForbidden, type XmlElement } from './xml.ts'

/** What a note becomes in the report, apart from its time: the type of the event and what is inside. */
type Event = readonly [type: string, content: readonly XmlElement[]]

/** The `event` elements of a report's `session_details`. What has no event there (a key, a field) is left out. */
export function eventElements(entries: readonly Entry[], snapshot: Snapshot): readonly XmlElement[] {
  return entries.flatMap((entry) =>
    eventsOf(entry, snapshot).map(([type, content]) =>
      element('event', content, { timestamp: Math.floor(entry.at / 1000), event_type: type }),
    ),
  )
}

function eventsOf(entry: Entry, snapshot: Snapshot): readonly Event[] {
  switch (entry.kind) {
    case 'begin':
      return [
        ['Session Start', []],
        ['Conference Owner Changed', ownerContent({ id: 'system', name: 'Pre-start Conference' }, entry, snapshot)],
      ]
    case 'owner':
      return [['Conference Owner Changed', ownerContent(entry.owner, entry, snapshot)]]
    case 'joined':
      return [['Conference Member Added', [party('performed_by', entry.who, entry.at, snapshot)]]]
    case 'left':
      return [['Conference Member Departed', [party('performed_by', entry.who, entry.at, snapshot)]]]
    case 'end':
      return [['Session End', []]]
    case 'log':
      return [[entry.entry.type, logContent(entry.entry, entry.at, snapshot)]]
    case 'key':
    case 'attribute':
    case 'survey':
      return []
  }
}

function ownerContent({ id, name }: Owner, { at }: Entry, snapshot: Snapshot): readonly XmlElement[] {
  const [kind, number] = id.split(':')
  const rep = snapshot.connections.find(({ who }) => who !== 'customer' && id === `rep:${who.id}`)
  const type = kind === 'rep' ? 'representative' : kind === 'team' ? 'team' : 'system'
  const gsnumber = rep === undefined ? 0 : connectionOf(rep.who, at, snapshot)
  return [
    element('destination', name, {
      type,
      gsnumber,
      ...(kind === 'team' && number !== undefined ? { id: number } : {}),
    }),
    values({ owner: name }),
  ]
}

function logContent(entry: LogEntry, at: number, snapshot: Snapshot): readonly XmlElement[] {
  const by = party('performed_by', entry.by, at, snapshot)
  if ('body' in entry) return [by, bodyElement(entry.body)]
  if ('filename' in entry) return [by, element('filename', entry.filename), element('filesize', entry.filesize)]
  if (entry.type !== 'System Information Retrieved') return [by, values(entry.data)]
  const rows = Object.entries(entry.data).map(([name, value]) => element('field', value, { name }))
  const category = [element('description', [element('field', 'General')]), element('data', [element('row', rows)])]
  return [by, element('system_information', [element('category', category, { name: 'General' })])]
}

/** Text that XML cannot write goes in base64. */
export const bodyElement = (body: string): XmlElement =>
  isForbidden(body) ? element('encoded_body', Buffer.from(body).toString('base64')) : element('body', body)

const values = (data: Readonly<Record<string, string>>): XmlElement =>
  element(
    'data',
    Object.entries(data).map(([name, value]) => element('value', '', { name, value })),
  )

function party(name: string, who: Party, at: number, snapshot: Snapshot): XmlElement {
  const gsnumber = connectionOf(who, at, snapshot)
  return who === 'customer'
    ? element(name, snapshot.customer.name, { type: 'customer', gsnumber })
    : element(name, who.name, { type: 'representative', gsnumber })
}

/** Number of the connection that somebody had at that time, or else of their next one; 0: none. */
function connectionOf(who: Party, at: number, { connections }: Snapshot): number {
  const theirs = connections.filter((connection) => isSame(connection.who, who))
  const open = ({ joinedAt, leftAt }: Connection) => joinedAt <= at && (leftAt === null || at <= leftAt)
  return (theirs.find(open) ?? theirs.find(({ joinedAt }) => joinedAt >= at) ?? theirs.at(-1))?.gsnumber ?? 0
}
