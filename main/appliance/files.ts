/** What the appliance gives as a file: recordings, and the backup of its settings. */
import type { CallOptions, Connection } from './connection.ts'
import { download, type Downloaded, type Target } from './download.ts'
import type { Timeouts } from './exchange.ts'
import { invalid } from './errors.ts'
import { checkId, checkLsid, type Parameters } from './parameters.ts'
import type { SupportSession } from './report.ts'
import { compareVersions, parseVersion, type ApiInfo, type Feature, type Version } from './version.ts'

/** `session`: the screen. `commandShell`: one of its shells. `showMyScreen`: the representative's. `presentation`: of its own lsid. */
export type RecordingKind = 'session' | 'commandShell' | 'showMyScreen' | 'presentation'

/** A recording that the appliance has. */
export interface Recording {
  readonly kind: RecordingKind
  readonly lsid: string
  /** Command shells only: which one, counted from 0. */
  readonly instance: number | null
  /** For a browser; needs a login to the appliance. */
  readonly viewUrl: string | null
  readonly downloadUrl: string | null
}

export interface FilesApi {
  /** Asks for the session's report and names the recordings in it; null if the appliance does not know the session. */
  findRecordings(lsid: string, options?: CallOptions): Promise<readonly Recording[] | null>
  /** @param file where to write; what is there is left as it was if this fails */
  downloadRecording(
    recording: Pick<Recording, 'kind' | 'lsid' | 'instance'>,
    file: Target,
    options?: CallOptions,
  ): Promise<Downloaded>
  /**
   * Makes and downloads a backup of the appliance's settings and logged data, without recordings. The account needs the
   * permission for it. How older boxes than 16.1 behave here is not known.
   */
  backup(file: string, options?: CallOptions): Promise<Downloaded>
}

export interface FilesApiOptions {
  readonly connection: Connection
  readonly demand: (feature: Feature, options: CallOptions) => Promise<ApiInfo>
  /** What is known of the box. */
  readonly info: (options: CallOptions) => Promise<ApiInfo>
  readonly supportSessions: (
    selection: { readonly lsid: string },
    options: CallOptions,
  ) => Promise<readonly SupportSession[]>
}

/** The report that has the recording. That of a presentation had another name at first; when it changed is a guess. */
function reportOf(kind: RecordingKind, version: Version | null): Feature {
  if (kind === 'session') return 'SupportSessionRecording'
  if (kind === 'commandShell') return 'CommandShellRecording'
  if (kind === 'showMyScreen') return 'ShowMyScreenRecording'
  const old = version !== null && compareVersions(version, [1, 11]) < 0
  return old ? 'PresentationRecording' : 'PresentationSessionRecording'
}

/** A recording may take its time before the first byte, and any time after it as long as it keeps coming. */
const TIMEOUTS: Timeouts = { headers: 180_000, idle: 60_000, total: null }

/** The recordings that a session's report offers. */
export function recordingsOf(session: SupportSession): readonly Recording[] {
  const { lsid, recordingViewUrl, recordingDownloadUrl, shellRecordings } = session
  const offered = recordingViewUrl !== null || recordingDownloadUrl !== null
  const screen: Recording = {
    kind: 'session',
    lsid,
    instance: null,
    viewUrl: recordingViewUrl,
    downloadUrl: recordingDownloadUrl,
  }
  const shells = shellRecordings.map((each, index): Recording => ({
    ...each,
    kind: 'commandShell',
    lsid,
    instance: each.instance ?? index,
  }))
  return [...(offered ? [screen] : []), ...shells]
}

/** @see FilesApi */
export function createFilesApi({ connection, demand, info, supportSessions }: FilesApiOptions): FilesApi {
  return {
    findRecordings: async (lsid, options = {}) => {
      const [session] = await supportSessions({ lsid }, options)
      return session === undefined ? null : recordingsOf(session)
    },
    downloadRecording: async ({ kind, lsid, instance }, file, options = {}) => {
      if (kind === 'commandShell' && instance === null) throw invalid('Which command shell it is must be said.')
      const lsidGiven = checkLsid(lsid)
      const name = reportOf(kind, parseVersion((await info(options)).version))
      const parameters: Parameters = [
        ['generate_report', name],
        ['lsid', lsidGiven],
        ...(kind === 'commandShell' ? [['instance', checkId(instance ?? 0, 'The shell’s number')] as const] : []),
      ]
      await demand(name, options)
      return connection.send(
        { api: 'reporting', name, parameters, safe: true, timeouts: TIMEOUTS, ...options },
        async (exchange) => download(exchange, { name, file, onProgress: options.onProgress }),
      )
    },
    backup: async (file, options = {}) => {
      await demand('backup', options)
      return connection.send(
        // Making one is work for the appliance, so it is not asked for twice by itself.
        { api: 'backup', name: 'backup', parameters: [], safe: false, ...options },
        async (exchange) => download(exchange, { name: 'backup', file, onProgress: options.onProgress }),
      )
    },
  }
}
