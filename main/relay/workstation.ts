/** All that a workstation needs of the relay, in a bundle of its own: it is loaded only where a site has one. */
import type { ApplianceClient } from '../appliance/client.ts'
import { ApplianceError } from '../appliance/errors.ts'
import { readCredential } from './credential.ts'
import { dial, type SocketFactory } from './dial.ts'
import { createFeed, type FeedOptions } from './feed.ts'
import { createRemoteClient } from './remote.ts'

export type { FeedStatus } from './feed.ts'

export interface Workstation {
  start(): void
  retry(): void
  /** The appliance's client through the relay. */
  readonly client: ApplianceClient
  stop(): Promise<void>
}

export interface WorkstationOptions extends Omit<FeedOptions, 'credential' | 'dial' | 'random'> {
  /** File that `enrol` has made. */
  readonly credentialFile: string
  readonly makeSocket?: SocketFactory | undefined
}

const REFUSAL = 'The relay does not hand out files; watch recordings on the appliance’s page.'

/** What goes through the relay, and for all the rest a sentence that says so. */
function wholeClient(remote: Partial<ApplianceClient>, origin: () => string): ApplianceClient {
  const refuse = () => Promise.reject(new ApplianceError('unsupported', REFUSAL, { code: 'relay' }))
  const isRecording = (feature: string) => /Recording$|^backup$/.test(feature)
  const rest: Partial<ApplianceClient> = {
    forget: () => undefined,
    requests: () => 0,
    findRecordings: refuse,
    downloadRecording: refuse,
    backup: refuse,
    supportSessionOnce: refuse,
    summarizeSessions: refuse,
    customerSurveys: refuse,
    repSurveys: refuse,
    teamActivity: refuse,
    report: refuse,
    checkHealth: refuse,
    getConnectedClients: refuse,
    command: refuse,
  }
  const can: ApplianceClient['can'] = async (feature, options) =>
    isRecording(feature)
      ? { ok: false, kind: 'unsupported', reason: REFUSAL, detail: 'relay' }
      : (remote.can?.(feature, options) ?? refuse())
  return {
    ...rest,
    ...remote,
    can,
    get origin() {
      return origin()
    },
  } as ApplianceClient
}

/** @see Workstation */
export function createWorkstation(options: WorkstationOptions): Workstation {
  const { credentialFile, makeSocket, onStatus, ...rest } = options
  // Known once it has been read; until then nothing can be asked.
  let name = ''
  let origin = ''
  const feed = createFeed({
    ...rest,
    onStatus: (status) => {
      if (status.kind === 'attached') origin = status.appliance ?? ''
      onStatus(status)
    },
    random: Math.random,
    credential: () => {
      const credential = readCredential(credentialFile)
      name = credential.workstation
      return credential
    },
    dial: (credential) => dial(credential, makeSocket),
  })
  return {
    start: () => feed.start(),
    retry: () => feed.retry(),
    client: wholeClient(
      createRemoteClient(
        () => feed.connection(),
        () => name,
      ),
      () => origin,
    ),
    stop: () => feed.stop(),
  }
}
