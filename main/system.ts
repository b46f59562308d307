/** This computer and what runs on it, in names and numbers, for whoever has to help. */
import { availableParallelism, freemem, release, totalmem, version } from 'node:os'

const MEGABYTE = 1024 * 1024
const megabytes = (bytes: number) => Math.round(bytes / MEGABYTE)

/** Versions of Electron and Chromium are there in Electron alone. */
export function systemFacts(): Readonly<Record<string, unknown>> {
  const { electron, chrome, node, v8, sqlite, openssl } = process.versions
  return {
    platform: process.platform,
    architecture: process.arch,
    release: release(),
    system: version(),
    desktop: process.env['XDG_CURRENT_DESKTOP'] ?? null,
    session: process.env['XDG_SESSION_TYPE'] ?? null,
    versions: { electron: electron ?? null, chromium: chrome ?? null, node, v8, sqlite, openssl },
    processors: availableParallelism(),
    memory: { total: megabytes(totalmem()), free: megabytes(freemem()), used: megabytes(process.memoryUsage.rss()) },
    upFor: `${Math.round(process.uptime())} s`,
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
  }
}
