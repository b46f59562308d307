/** Who a workstation works for, and what that representative may see: the table of workstations, and the appliance's teams. */
import type { SupportTeam } from '../appliance/command-result.ts'
import type { Entitlement } from './audience.ts'
import type { Broker } from './broker.ts'
import { STREAMS, teamsSubject } from './subjects.ts'
import type { Workstations } from './workstations.ts'

/** The appliance asks to keep the list of teams rather than to ask often (ms). */
const ASK_EACH = 5 * 60_000

/** representative id → team ids */
type Teams = readonly (readonly [string, readonly string[]])[]

/** Keeps what was learned last, for a start while the appliance does not answer: nobody is to lose a team by that. */
export interface TeamsMemory {
  read(): Promise<Teams | null>
  write(teams: Teams): Promise<void>
}

/** In the broker, so that the relay keeps nothing itself. */
export function createTeamsMemory({ manager, client }: Pick<Broker, 'manager' | 'client'>, site: string): TeamsMemory {
  const subject = teamsSubject(site)
  return {
    read: async () => {
      const found = await manager.streams.getMessage(STREAMS.sessions, { last_by_subj: subject }).catch(() => null)
      return found === null ? null : found.json<Teams>()
    },
    write: async (teams) => void (await client().publish(subject, JSON.stringify(teams))),
  }
}

export interface EntitlementsOptions {
  readonly workstations: Workstations
  /** Teams from the configuration: team id → representative ids. */
  readonly fixed: Readonly<Record<string, readonly string[]>>
  /** The appliance's teams with their members; null: it is not to be asked. */
  readonly ask: (() => Promise<readonly SupportTeam[]>) | null
  readonly memory: TeamsMemory
  readonly onChange: () => void
  /** They could not be learned; those of before hold. */
  readonly onFailure: (error: unknown) => void
}

export interface Entitlements {
  of(workstation: string): Entitlement | null
  /** Knows again what was learned last. */
  recall(): Promise<void>
  /** Asks the appliance now. Never rejects. */
  refresh(): Promise<void>
  /** Asks again from time to time. */
  start(): void
  stop(): void
}

/** @see Entitlements */
export function createEntitlements(options: EntitlementsOptions): Entitlements {
  const { workstations, fixed, ask, memory, onChange, onFailure } = options
  let learned: ReadonlyMap<string, readonly string[]> = new Map()
  let timer: NodeJS.Timeout | null = null

  const teamsOf = (rep: string): readonly string[] => {
    const set = Object.entries(fixed).flatMap(([team, reps]) => (reps.includes(rep) ? [team] : []))
    return [...new Set([...set, ...(learned.get(rep) ?? [])])].toSorted()
  }

  function learn(next: Teams): boolean {
    const isOther = JSON.stringify(next) !== JSON.stringify([...learned])
    learned = new Map(next)
    return isOther
  }

  async function refresh(): Promise<void> {
    if (ask === null) return
    try {
      const next = new Map<string, string[]>()
      for (const { id, members } of await ask()) {
        for (const member of members) next.set(member.id, [...(next.get(member.id) ?? []), id])
      }
      const teams = [...next]
        .map(([rep, ids]) => [rep, ids.toSorted()] as const)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
      if (learn(teams)) onChange()
      await memory.write(teams)
    } catch (error) {
      onFailure(error)
    }
  }

  return {
    of: (workstation) => {
      const found = workstations.get(workstation)
      return found === null ? null : { rep: found.rep, teams: teamsOf(found.rep), general: found.general }
    },
    refresh,
    recall: async () => {
      const known = ask === null ? null : await memory.read()
      if (known !== null) learn(known)
    },
    start: () => {
      timer = setInterval(() => void refresh(), ASK_EACH)
      timer.unref()
    },
    stop: () => {
      if (timer !== null) clearInterval(timer)
    },
  }
}
