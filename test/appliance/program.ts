import { readFileSync, writeFileSync } from 'node:fs'

import type { ApiProgramOptions } from './api-options.ts'
import { createApi, type Api } from './api.ts'
import { createAppliance, type Appliance } from './appliance.ts'
import { createCertificate } from './certificate.ts'
import { aborted, wait } from './clock.ts'
import { helpText } from './help.ts'
import { parseOptions, type ProgramOptions } from './options.ts'
import { createReport, type Report } from './report.ts'
import { loadScenario, runScenario } from './scenario.ts'
import { createTraffic } from './traffic.ts'
import { findRepresentative } from './world.ts'

/** What the program needs of the process. */
export interface ProgramPorts {
  readonly out: (line: string) => void
  readonly err: (line: string) => void
  /** Aborts when the program is to end. */
  readonly signal: AbortSignal
}

/** What is in flight when a signal comes may still get its answer within this time. */
const GRACE_MS = 1000

/** Runs the program; resolves with its exit code. */
export async function runProgram(args: readonly string[], ports: ProgramPorts): Promise<number> {
  try {
    const options = parseOptions(args)
    if (options !== 'help') return await runWith(options, ports)
    ports.out(helpText())
    return 0
  } catch (error) {
    ports.err(`appliance: ${error instanceof Error ? error.message : String(error)} (--help tells more)`)
    return 2
  }
}

async function runWith(options: ProgramOptions, { out, signal }: ProgramPorts): Promise<number> {
  const report = createReport({ json: options.json, quiet: options.quiet, print: out })
  const appliance = createAppliance({
    ...options.times,
    ...(options.seed === null ? {} : { seed: options.seed }),
    lostReply: options.lostReply,
    odd: options.odd,
    customFields: options.customFields,
    historyLimit: 0,
    pastSessions: options.api?.history ?? 0,
    // Nobody can ask.
    ...(options.api === null ? { archiveLimit: 0 } : {}),
    onAttempt: report.attempt,
    onSettled: report.settled,
  })
  const send = prepare(options, appliance)
  const names = addRecipients(options, appliance)
  const api = options.api === null ? null : prepareApi(options.api, appliance, report)
  const startedAt = appliance.clock.now()
  const over = new AbortController()
  const cancel = options.forMs === null ? null : appliance.clock.after(options.forMs, () => over.abort())
  try {
    if (api !== null && options.api !== null) {
      const url = await api.listen(options.api.port, options.api.address)
      if (options.json) out(JSON.stringify({ type: 'api', url }))
      else out(`api: ${url}`)
    }
    report.start(appliance.seed, names)
    await send(AbortSignal.any([signal, over.signal]))
    await drain(appliance, signal)
    report.summary({
      posted: appliance.posted,
      queued: new Map(names.map((name) => [name, appliance.queueLength(name)])),
      tookMs: appliance.clock.now() - startedAt,
    })
    return appliance.dropped === 0 && appliance.queueLength() === 0 ? 0 : 1
  } finally {
    cancel?.()
    await Promise.all([appliance.close(), api?.close()])
  }
}

function prepareApi({ settings, certificateFile }: ApiProgramOptions, appliance: Appliance, report: Report): Api {
  const tls = certificateFile === null ? null : createCertificate()
  if (tls !== null && certificateFile !== null) writeFileSync(certificateFile, tls.cert)
  return createApi({ ...settings, appliance, onRequest: report.request, ...(tls === null ? {} : { tls }) })
}

/** Checks all that the options name, and returns what sends it: until the signal aborts, or nothing is left to send. */
function prepare(options: ProgramOptions, appliance: Appliance): (signal: AbortSignal) => Promise<void> {
  const { you, rate, live, sessions, events, backlog } = options
  if (you !== null) findRepresentative(appliance.world, you)
  const scenario = options.scenario === null ? null : loadScenario(options.scenario)
  const traffic = createTraffic(appliance, {
    live,
    ...(sessions === null ? {} : { sessions }),
    ...(you === null ? {} : { you }),
  })
  return async (signal) => {
    if (backlog > 0) traffic.backlog(backlog, options.ageMs)
    const jobs: Promise<void>[] = []
    if (options.random) jobs.push(traffic.run({ rate, signal, ...(events === null ? {} : { events }) }))
    if (scenario !== null) {
      const repeat = options.forMs !== null
      jobs.push(
        runScenario(appliance, scenario, { speed: options.speed, signal, repeat, ...(you === null ? {} : { you }) }),
      )
    }
    await Promise.all(jobs)
    // The API has no end of its own.
    const sends = backlog > 0 || jobs.length > 0
    if (options.api !== null && (options.forMs !== null || !sends)) await aborted(signal)
  }
}

function addRecipients(options: ProgramOptions, appliance: Appliance): readonly string[] {
  const { only, caFile, keepAlive } = options
  const ca = caFile === null ? null : readFileSync(caFile)
  return options.recipients.map((url) =>
    appliance.addRecipient(url, {
      keepAlive,
      ...(only.length === 0 ? {} : { events: only }),
      ...(ca === null ? {} : { ca }),
    }),
  )
}

/** Waits until each event was answered or dropped; after the signal, only a moment. */
async function drain(appliance: Appliance, signal: AbortSignal): Promise<void> {
  const idle = new AbortController()
  void appliance.idle().then(() => idle.abort())
  await aborted(AbortSignal.any([signal, idle.signal]))
  if (signal.aborted) await wait(appliance.clock, GRACE_MS, idle.signal)
}
