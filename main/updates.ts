/**
 * Updates from the site's own server: looked for now and then, never while a session of the rep is going on, and put in
 * place when the program ends.
 */
import type { State } from '../preload/contract.ts'
import * as problems from './problems.ts'
import type { UserSettings } from './settings/settings.ts'

/** What is new in a version. */
export interface Release {
  readonly version: string
  /** Plain text; may be empty. */
  readonly notes: string
}

/** What gets and installs updates. */
export interface Updater {
  /**
   * Gets what is newer than this, checked against the server's checksum (and its signature, where there is one), to be
   * installed when the program ends; null: there is nothing newer. @throws if it cannot be had or is not what it should be
   */
  fetch(url: string): Promise<Release | null>
}

/** What the entry gives: null where updates are someone else's business. */
export interface UpdatePort {
  /** @param mayInstall is asked when the program ends */
  readonly load: (mayInstall: () => boolean) => Promise<Updater>
  /** Keeps the notes of a version until it runs. */
  readonly file: UserSettings
}

export interface UpdatesOptions {
  readonly port: UpdatePort | null
  readonly version: string
  /** `update.url`; empty: off. */
  readonly url: () => string
  /** Is a session of the rep going on? */
  readonly isBusy: () => boolean
  readonly change: (update: Partial<State['update']>) => void
  readonly report: (problem: ReturnType<typeof problems.updateFailed>) => void
  readonly solve: (id: string) => void
  readonly log: (line: string) => void
}

export interface Updates {
  start(): void
  stop(): void
  /** What was told of updates was read. */
  seen(): void
}

/** A minute after the start, then four times a day; during a session it is put off, and tried again soon (ms). */
const FIRST = 60_000
const EVERY = 6 * 3_600_000
const AGAIN = 5 * 60_000

export function createUpdates(options: UpdatesOptions): Updates {
  const { port } = options
  let timer: NodeJS.Timeout | undefined
  let updater: Promise<Updater> | undefined
  let ready: string | null = null
  let stopped = false

  function later(wait: number): void {
    if (!stopped) timer = setTimeout(() => void look(), wait).unref()
  }

  async function look(): Promise<void> {
    const url = options.url()
    if (port === null || url === '') return later(EVERY)
    if (options.isBusy()) return later(AGAIN)
    try {
      // It is large, and most starts end without it.
      updater ??= port.load(() => options.url() !== '' && !options.isBusy())
      const release = await (await updater).fetch(url)
      options.solve('update')
      if (release !== null && release.version !== ready && !stopped) {
        ready = release.version
        port.file.write({ ...release })
        options.change({ ready: release.version })
        options.log(`update: ${release.version} is installed when this program ends`)
      }
    } catch (error) {
      options.report(problems.updateFailed(error))
    }
    later(EVERY)
  }

  return {
    start() {
      if (port === null) return
      const { version, notes } = port.file.read()
      if (version === options.version && typeof notes === 'string') options.change({ news: { version, notes } })
      later(FIRST)
    },
    stop() {
      stopped = true
      clearTimeout(timer)
    },
    seen() {
      // The notes of a version that waits are still to be told.
      if (port?.file.read()['version'] === options.version) port.file.write({})
      options.change({ ready: null, news: null })
    },
  }
}
