/**
 * The API gateway: carries out a workstation's requests with the relay's one account, if they are that representative's
 * to make. Each workstation has its turn: nobody's long report keeps the others waiting.
 */
import type { ApplianceClient } from '../appliance/client.ts'
import type { CallOptions } from '../appliance/connection.ts'
import { ApplianceError, cancelled } from '../appliance/errors.ts'
import type { SupportSession } from '../appliance/report.ts'
import type { Session } from '../sessions/session.ts'
import { REMOTE_METHODS, type RemoteMethod } from './api.ts'
import { maySee, type Entitlement } from './audience.ts'

/** Requests to the appliance under way at a time, and of one workstation. */
const AT_ONCE = { all: 4, each: 2 } as const
/** Requests of one workstation that wait; more are refused. */
const WAITING = 20
/** Sessions whose participants are remembered. */
const KNOWN = 200_000

export interface GatewayOptions {
  readonly client: ApplianceClient
  readonly entitlement: (workstation: string) => Entitlement | null
  /** A session as the router knows it; null: it is too long ago. */
  readonly session: (lsid: string) => Session | null
}

export interface Gateway {
  /** Carries out a request. Rejects with an ApplianceError. */
  call(workstation: string, method: unknown, parameter: unknown, options: CallOptions): Promise<unknown>
  /** Requests carried out so far. */
  readonly calls: number
}

const refuse = (message: string) => new ApplianceError('forbidden', message, { code: 'relay' })

type Fields = Readonly<Record<string, unknown>>

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {}
}

/** Was this representative in the session, or one of their teams? */
function wasInvolved({ rep, teams, general }: Entitlement, session: SupportSession): boolean {
  if (session.reps.some(({ id }) => id === rep) || session.primaryRep?.id === rep) return true
  if (session.teams.some(({ id }) => id !== null && teams.includes(id))) return true
  // It waited in the general queue, and nobody took it.
  return general && session.reps.length === 0 && session.teams.length === 0
}

/** @see Gateway */
export function createGateway({ client, entitlement, session: sessionOf }: GatewayOptions): Gateway {
  interface Job {
    readonly run: () => Promise<void>
  }
  const waiting = new Map<string, Job[]>()
  const running = new Map<string, number>()
  let underWay = 0
  let calls = 0
  /** Whose a session was, by lsid, as a report told: who may find it. */
  const participants = new Map<string, Pick<SupportSession, 'reps' | 'primaryRep' | 'teams'>>()

  /** The next workstation in turn that has something waiting and may have more under way. */
  function next(): void {
    while (underWay < AT_ONCE.all) {
      const turn = [...waiting].find(([workstation]) => (running.get(workstation) ?? 0) < AT_ONCE.each)
      if (turn === undefined) return
      const [workstation, jobs] = turn
      const job = jobs.shift()
      // To the end of the line.
      waiting.delete(workstation)
      if (jobs.length > 0) waiting.set(workstation, jobs)
      if (job === undefined) continue
      underWay += 1
      running.set(workstation, (running.get(workstation) ?? 0) + 1)
      void job.run().finally(() => {
        underWay -= 1
        const left = (running.get(workstation) ?? 1) - 1
        if (left === 0) running.delete(workstation)
        else running.set(workstation, left)
        next()
      })
    }
  }

  function inTurn<Value>(workstation: string, signal: AbortSignal | undefined, work: () => Promise<Value>) {
    const jobs = waiting.get(workstation) ?? []
    if (jobs.length >= WAITING) throw new ApplianceError('rateLimited', 'Too much at once. Try again in a moment.')
    return new Promise<Value>((resolve, reject) => {
      const run = async () => {
        if (signal?.aborted === true) {
          reject(cancelled())
          return
        }
        calls += 1
        await work().then(resolve, reject)
      }
      waiting.set(workstation, [...jobs, { run }])
      next()
    })
  }

  /** A session that this representative may act on now. */
  function demandSession(who: Entitlement, parameter: unknown): void {
    const { lsid } = fieldsOf(parameter)
    const session = typeof lsid === 'string' ? sessionOf(lsid) : null
    if (session === null) throw refuse('The relay does not know this session.')
    if (!maySee(who, session)) throw refuse('This session is neither yours nor your teams’.')
  }

  function demandQueue(who: Entitlement, queue: unknown): void {
    const own = [`rep:${who.rep}`, ...who.teams.map((team) => `team:${team}`), ...(who.general ? ['general'] : [])]
    if (typeof queue !== 'string' || !(own.includes(queue) || queue.startsWith('issue:'))) {
      throw refuse('Session keys can be made for yourself, your teams and issues only.')
    }
  }

  /** Reports of sessions that this representative had to do with. */
  async function reports(who: Entitlement, parameter: unknown, options: CallOptions) {
    const found = await client.supportSessions(parameter as Parameters<ApplianceClient['supportSessions']>[0], options)
    for (const { lsid, reps, primaryRep, teams } of found) {
      if (participants.size >= KNOWN) participants.delete(participants.keys().next().value ?? '')
      participants.set(lsid, { reps, primaryRep, teams })
    }
    return found.filter((session) => wasInvolved(who, session))
  }

  /** A listing names neither teams nor representatives, so that reports are asked for what is not known yet. */
  async function listing(who: Entitlement, parameter: unknown, options: CallOptions) {
    const rows = await client.listSessions(parameter as Parameters<ApplianceClient['listSessions']>[0], options)
    const unknown = rows.map(({ lsid }) => lsid).filter((lsid) => !participants.has(lsid) && sessionOf(lsid) === null)
    if (unknown.length > 0) await reports(who, { lsids: unknown }, options)
    return rows.filter(({ lsid }) => {
      const live = sessionOf(lsid)
      if (live !== null && maySee(who, live)) return true
      const known = participants.get(lsid)
      return known !== undefined && wasInvolved(who, known as SupportSession)
    })
  }

  function carryOut(who: Entitlement, method: RemoteMethod, parameter: unknown, options: CallOptions) {
    const fields = fieldsOf(parameter)
    switch (method) {
      case 'info':
      case 'getApiInfo':
        return client[method](options)
      case 'can':
        return client.can(parameter as Parameters<ApplianceClient['can']>[0], options)
      case 'getLoggedInReps':
        return client.getLoggedInReps(options).then((reps) => reps.filter(({ id }) => id === who.rep))
      case 'getSupportTeams':
        return client.getSupportTeams({ members: fields['members'] === true }, options)
      case 'supportSessions':
        return reports(who, parameter, options)
      case 'listSessions':
        return listing(who, parameter, options)
      case 'generateSessionKey':
        demandQueue(who, fields['queue'])
        return client.generateSessionKey(parameter as Parameters<ApplianceClient['generateSessionKey']>[0], options)
      case 'setSessionAttributes':
      case 'getSessionAttributes':
      case 'transferSession':
      case 'joinSession':
      case 'leaveSession':
      case 'terminateSession':
        demandSession(who, parameter)
        return (client[method] as (parameter: unknown, options: CallOptions) => Promise<unknown>)(parameter, options)
    }
  }

  return {
    call: async (workstation, method, parameter, options) => {
      const who = entitlement(workstation)
      if (who === null) throw refuse('The relay does not know this workstation (any more).')
      const known = REMOTE_METHODS.find((each) => each === method)
      if (known === undefined) throw refuse('The relay does not do this.')
      return inTurn(workstation, options.signal, async () => carryOut(who, known, parameter, options))
    },
    get calls() {
      return calls
    },
  }
}
