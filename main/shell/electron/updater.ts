/** electron-updater behind our seam. A bundle of its own, loaded when it is needed. */
import { AppImageUpdater, MacUpdater, NsisUpdater } from 'electron-updater'
import type { Release, Updater } from '../../updates.ts'

export interface UpdaterOptions {
  readonly platform: NodeJS.Platform
  /** Is asked when the program ends: may what was downloaded be installed now? */
  readonly mayInstall: () => boolean
}

type Real = AppImageUpdater | MacUpdater | NsisUpdater

/** Notes of a release, of several versions perhaps, as plain text. */
function plain(notes: unknown): string {
  const parts = Array.isArray(notes) ? (notes as { note?: unknown }[]).map(({ note }) => note) : [notes]
  const text = parts.filter((part) => typeof part === 'string').join('\n\n')
  return text
    .replaceAll(/<[^>]*>/g, '')
    .trim()
    .slice(0, 4000)
}

/** Makes ready whichever kind this is. @param updater electron-updater's own; tests have one without Electron */
export function wrapUpdater(updater: Real, { mayInstall }: Pick<UpdaterOptions, 'mayInstall'>): Updater {
  let downloaded: string | null = null
  updater.logger = null
  updater.autoDownload = false
  updater.allowDowngrade = false
  updater.disableWebInstaller = true
  // It looks at this when a download is complete, to listen for the end, and again at the end.
  Object.defineProperty(updater, 'autoInstallOnAppQuit', { get: () => downloaded === null || mayInstall() })
  return {
    fetch: async (url) => {
      updater.setFeedURL({ provider: 'generic', url })
      const found = await updater.checkForUpdates()
      if (found === null || !found.isUpdateAvailable) return null
      const { version, releaseNotes } = found.updateInfo
      const release: Release = { version, notes: plain(releaseNotes) }
      if (downloaded === version) return release
      await updater.downloadUpdate()
      downloaded = version
      return release
    },
  }
}

/** @see Updater */
export function createUpdater(options: UpdaterOptions): Updater {
  const Kind = { win32: NsisUpdater, darwin: MacUpdater }[options.platform as string] ?? AppImageUpdater
  return wrapUpdater(new Kind(), options)
}
