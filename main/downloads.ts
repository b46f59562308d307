/** Recordings on their way into the user's folder for downloads: a few at a time, told in State, cancelled at the end. */
import { access, rm } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Download, ReportRecording } from '../preload/contract.ts'
import type { Offer } from './appliance/download.ts'
import { isApplianceError } from './appliance/errors.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { reserve } from './saved.ts'
import { clip } from './sessions/session.ts'
import type { Shell } from './shell/port.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

/** So many come in at the same time; the others wait for their turn. */
const AT_ONCE = 2
/** Downloads in State, the waiting ones included. */
const MOST = 50
/** Progress is told this often (ms). */
const PACE = 200

/** Which recording, and what its file is called by. */
export interface WantedRecording {
  readonly lsid: string
  readonly kind: ReportRecording['kind']
  readonly instance: number | null
  readonly externalKey: string | null
  /** When its session began; null: not known. */
  readonly startedAt: number | null
}

export interface Downloads {
  /** @throws an {@link Unable} if there are too many; none if this recording is on its way already */
  start(wanted: WantedRecording): void
  cancel(id: number): void
  show(id: number): Promise<void>
  dismiss(id: number): void
  /** Cancels all of them; resolves when no unfinished file is left. */
  stop(): Promise<void>
}

export interface DownloadsOptions {
  readonly store: Store
  readonly shell: Pick<Shell, 'downloads' | 'reveal'>
  readonly link: Pick<ApplianceLink, 'client'>
  readonly now: () => number
}

/** By what the appliance says of a file. Nothing that a computer would run is among them. */
const ENDINGS: ReadonlyMap<string, string> = new Map([
  ['video/mp4', '.mp4'],
  ['video/webm', '.webm'],
  ['video/x-flv', '.flv'],
  ['video/x-msvideo', '.avi'],
  ['video/quicktime', '.mov'],
  ['video/ogg', '.ogv'],
  ['application/zip', '.zip'],
  ['text/plain', '.txt'],
])
const KNOWN_ENDINGS: ReadonlySet<string> = new Set([...ENDINGS.values(), '.mkv', '.m4v', '.mpg', '.swf'])

function endingOf({ suggestedName, contentType }: Offer): string {
  const suggested = extname(suggestedName ?? '').toLowerCase()
  if (KNOWN_ENDINGS.has(suggested)) return suggested
  const type = (contentType ?? '').replace(/;.*/s, '').trim().toLowerCase()
  return ENDINGS.get(type) ?? '.bin'
}

/**
 * `Recording INC0010023 2026-11-22.mp4`, `Recording session 0f3c5a7e 2026-11-22 shell 1.mp4`: a name that every file
 * system takes, and that names no customer.
 */
export function recordingName(wanted: WantedRecording, now: number, offer: Offer): string {
  const { lsid, kind, instance, externalKey, startedAt } = wanted
  const safe = (text: string, most: number) =>
    clip(text.normalize('NFC').replaceAll(/[^\p{L}\p{M}\p{N}_-]+/gu, '-'), most)
      .replace('…', '')
      .replaceAll(/^-+|-+$/g, '')
  const key = safe(externalKey ?? '', 40)
  const day = new Date(startedAt ?? now)
  const two = (value: number) => String(value).padStart(2, '0')
  const parts = [
    'Recording',
    key === '' ? `session ${safe(lsid, 9)}` : key,
    `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`,
    ...(kind === 'commandShell' ? [`shell ${(instance ?? 0) + 1}`] : []),
  ]
  return `${parts.join(' ')}${endingOf(offer)}`
}

/** @see Downloads */
export function createDownloads({ store, shell, link, now }: DownloadsOptions): Downloads {
  const running = new Map<number, { readonly stop: AbortController; readonly done: Promise<void> }>()
  const waiting: { readonly id: number; readonly wanted: WantedRecording }[] = []

  const find = (id: number) => store.get().downloads.find((each) => each.id === id)

  function change(id: number, changes: Partial<Download>): void {
    const known = find(id)
    if (known !== undefined) store.change({ type: 'download', download: { ...known, ...changes } })
  }

  async function fetchOne(id: number, wanted: WantedRecording, signal: AbortSignal): Promise<void> {
    let file: string | null = null
    let toldAt = Number.NEGATIVE_INFINITY
    try {
      const target = async (offer: Offer) =>
        (file ??= await reserve(shell.downloads(), recordingName(wanted, now(), offer)))
      const done = await link.client().downloadRecording(wanted, target, {
        signal,
        onProgress: ({ bytes, totalBytes }) => {
          const at = performance.now()
          if (at - toldAt < PACE) return
          toldAt = at
          change(id, { bytes, totalBytes })
        },
      })
      change(id, { status: 'done', bytes: done.bytes, totalBytes: done.bytes, file: done.file })
    } catch (error) {
      // It was made to have the name; of the recording it holds nothing.
      if (file !== null) await rm(file, { force: true }).catch(() => undefined)
      if (signal.aborted) change(id, { status: 'cancelled' })
      else {
        const isSaid = isApplianceError(error) || error instanceof Unable
        change(id, { status: 'failed', message: isSaid ? error.message : 'The recording could not be downloaded.' })
      }
    }
  }

  function startNext(): void {
    while (running.size < AT_ONCE) {
      const next = waiting.shift()
      if (next === undefined) return
      const { id, wanted } = next
      const stop = new AbortController()
      const done = fetchOne(id, wanted, stop.signal).finally(() => {
        running.delete(id)
        startNext()
      })
      running.set(id, { stop, done })
    }
  }

  /** Room for one more: the oldest that is over goes. */
  function makeRoom(): void {
    const { downloads } = store.get()
    if (downloads.length < MOST) return
    const oldest = downloads.findLast(({ status }) => status !== 'running')
    if (oldest === undefined) throw new Unable('There are too many downloads already; wait for some of them.')
    store.change({ type: 'downloadGone', id: oldest.id })
  }

  function cancel(id: number): void {
    running.get(id)?.stop.abort()
    const at = waiting.findIndex((each) => each.id === id)
    if (at < 0) return
    waiting.splice(at, 1)
    change(id, { status: 'cancelled' })
  }

  return {
    start: (wanted) => {
      const { lsid, kind, instance } = wanted
      const { downloads } = store.get()
      const isSame = (each: Download) => each.lsid === lsid && each.kind === kind && each.instance === instance
      if (downloads.some((each) => each.status === 'running' && isSame(each))) return
      makeRoom()
      // Rising from run to run, too: a page that outlives this process must not take one for another.
      const id = Math.max(now(), ...downloads.map((each) => each.id + 1))
      const asked = { id, lsid, kind, instance }
      const download = { ...asked, status: 'running', bytes: 0, totalBytes: null, file: null, message: null } as const
      store.change({ type: 'download', download })
      waiting.push({ id, wanted })
      startNext()
    },
    cancel,
    show: async (id) => {
      const { file = null } = find(id) ?? {}
      if (file === null) throw new Unable('This file is not there yet.')
      try {
        await access(file)
      } catch {
        throw new Unable('The file is no longer where it was saved.')
      }
      shell.reveal(file)
    },
    dismiss: (id) => {
      if (find(id)?.status === 'running') throw new Unable('It is still on its way; cancel it first.')
      store.change({ type: 'downloadGone', id })
    },
    stop: async () => {
      for (const { id } of waiting.toReversed()) cancel(id)
      for (const { stop } of running.values()) stop.abort()
      await Promise.all([...running.values()].map(({ done }) => done))
    },
  }
}
