/** Bodies that were no event: shown, read again, saved, deleted. */
import { basename } from 'node:path'
import { LIMITS, type SavedFile } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { eventDigest, timeOf } from './events/event.ts'
import { interpret } from './events/interpret.ts'
import type { Journal } from './events/journal.ts'
import type { Received } from './events/listener.ts'
import type { HeldBody } from './events/quarantine.ts'
import type { Intake } from './intake.ts'
import { legible } from './legible.ts'
import { save } from './saved.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

/** Commands of the quarantine. */
export type QuarantineCommand =
  | 'quarantine.list'
  | 'quarantine.get'
  | 'quarantine.reread'
  | 'quarantine.save'
  | 'quarantine.delete'

export interface QuarantineOptions {
  readonly store: Store
  readonly journal: () => Journal
  readonly intake: Pick<Intake, 'takeLate'>
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
}

export interface QuarantineWork {
  readonly handlers: Pick<Handlers, QuarantineCommand>
  /** Tells State how many there are now. @throws if the journal is not open */
  tell(): void
}

/** Bodies that are read again in one turn of the event loop. */
const AT_ONCE = 50

/** @see QuarantineWork */
export function createQuarantine(options: QuarantineOptions): QuarantineWork {
  const { store, journal, intake, shell } = options

  function tell(): void {
    const held = journal().held.count()
    store.change({ type: 'health', health: { held } })
    if (held === 0) store.change({ type: 'solved', id: 'quarantine' })
  }

  /** Makes an event of it, if it is one by now; null: it stays. */
  async function reread(held: HeldBody): Promise<Received | 'repeated' | null> {
    if (held.isCut) return null
    const event = await interpret(held.parameters, held.body, held.contentType)
    if ('malformed' in event) return null
    const { receivedAt, source } = held
    const { event: name, lsid, variables } = event
    const digest = eventDigest(variables)
    const at = timeOf(event.at, receivedAt)
    const appended = journal().held.release(held.id, { digest, receivedAt, at, event: name, lsid, source, variables })
    if (appended === null) return null
    return appended.repeated ? 'repeated' : { event, appended, receivedAt }
  }

  async function rereadAll(ids: readonly number[]): Promise<{ read: number; left: number }> {
    let read = 0
    let left = 0
    const understood: Received[] = []
    try {
      for (const [index, id] of ids.entries()) {
        if (index % AT_ONCE === AT_ONCE - 1) await new Promise((resume) => setImmediate(resume))
        const held = journal().held.get(id)
        if (held === null) continue
        const became = await reread(held)
        if (became === null) left += 1
        else read += 1
        if (became !== null && became !== 'repeated') understood.push(became)
      }
    } finally {
      // What is among the events by now is worked in, also if the rest could not be read.
      intake.takeLate(understood)
      tell()
    }
    return { read, left }
  }

  async function saveBody(id: number): Promise<SavedFile> {
    const held = journal().held.get(id)
    if (held === null) throw new Unable('It is no longer in quarantine.')
    const { body, isCut, ...facts } = held
    const { file } = await save(shell, `rep-tray-quarantine-${id}.bin`, body)
    const about = { ...facts, receivedAt: new Date(held.receivedAt).toISOString(), isCut }
    const beside = { downloads: () => shell.downloads(), reveal: () => {} }
    await save(beside, `${basename(file, '.bin')}.json`, `${JSON.stringify(about, null, 2)}\n`)
    return { file }
  }

  return {
    tell,
    handlers: {
      'quarantine.list': ({ before }) => journal().held.list(before, LIMITS.list),
      'quarantine.get': ({ id }) => {
        const held = journal().held.get(id)
        if (held === null) return null
        const { body, parameters: _, isCut, ...item } = held
        const shown = legible(body, held.contentType)
        return { ...item, ...shown, cut: shown.cut || isCut }
      },
      'quarantine.reread': ({ ids }) => {
        const all = journal().held.ids()
        return rereadAll(ids === 'all' ? all : all.filter((id) => ids.includes(id)))
      },
      'quarantine.save': ({ id }) => saveBody(id),
      'quarantine.delete': ({ ids }) => {
        const { held } = journal()
        const removed = held.remove(ids === 'all' ? held.ids() : ids)
        tell()
        return removed
      },
    },
  }
}
