import { recordingsOf } from '../archive/details.ts'
import type { SessionRecord, Snapshot } from '../archive/record.ts'
import type { ApiContext } from './context.ts'
import type { ReportHandler } from './reports.ts'
import { readSelection, select, type Selection } from './selection.ts'
import { sessionElement } from './session-element.ts'
import { element, type XmlElement } from './xml.ts'

/** Everything about the sessions that were selected. They are written one after the other: there may be thousands. */
export const supportSession: ReportHandler = (context, parameters) => {
  const selection = readSelection(parameters, context.horizon.now, true)
  return listOf('session_list', context, seen(context, selection), (snapshot) => sessionElement(snapshot, context))
}

/** Ids and keys alone. */
export const supportSessionListing: ReportHandler = (context, parameters) => {
  const selection = readSelection(parameters, context.horizon.now, false)
  return listOf('session_summary_list', context, lines(context, selection), (written) => written)
}

/** A list, or an `<error>` if it would be empty and the box is one of that kind. */
export function listOf<Item>(
  root: string,
  { noMatch }: Pick<ApiContext, 'noMatch'>,
  items: Iterable<Item>,
  write: (item: Item) => XmlElement,
): XmlElement {
  const iterator = items[Symbol.iterator]()
  const first = iterator.next()
  if (first.done === true && noMatch === 'error') throw new Error('No sessions found for the given search criteria.')
  function* children() {
    for (let next = first; next.done !== true; next = iterator.next()) yield write(next.value)
  }
  return element(root, children())
}

/** What the reports see of the sessions that were selected. */
export function* seen(context: ApiContext, selection: Selection): Generator<Snapshot> {
  for (const record of select(context, selection)) {
    const snapshot = context.horizon.look(record)
    if (snapshot !== null && (selection.by !== 'end' || snapshot.endedAt !== null)) yield snapshot
  }
}

function* lines(context: ApiContext, selection: Selection): Generator<XmlElement> {
  for (const record of select(context, selection)) {
    // Of past sessions the plan says enough; to replay them by the thousand would take seconds.
    const known = record.isPast ? record : context.horizon.look(record)
    if (known !== null && (selection.by !== 'end' || known.endedAt !== null)) yield line(known, context)
  }
}

function line(session: SessionRecord | Snapshot, { generation, horizon }: ApiContext): XmlElement {
  const { lsid, externalKey } = session
  const { screen } = recordingsOf(session, horizon.now)
  return element('session_summary', '', {
    lsid,
    ...(externalKey === null || !generation.listingKeys ? {} : { external_key: externalKey }),
    has_recording: screen ? 1 : 0,
  })
}
