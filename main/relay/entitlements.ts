/** Who a workstation works for, and what that representative may see: the table of workstations, and the appliance's teams. */
import type { SupportTeam } from '../appliance/command-result.ts'
import type { Entitlement } from './audience.ts'
import type { Workstations } from './workstations.ts'

/** The appliance asks to keep the list of teams rather than to ask often (ms). */
const ASK_EACH = 5 * 60_000

export interface EntitlementsOptions {
  readonly workstations: Workstations
  /** Teams from the configuration: team id → representative ids. */
  readonly fixed: Readonly<Record<string, readonly string[]>>
  /** The appliance's teams with their members; null: it is not to be asked. */
  readonly ask: (() => Promise<readonly SupportTeam[]>) | null
  readonly onChange: () => void
  /** They could not be learned; those of before hold. */
  readonly onFailure: (error: unknown) => void
}

export interface Entitlements {
  of(workstation: string): Entitlement | null
  /** Asks the appliance now. Never rejects. */
  refresh(): Promise<void>
  /** Asks again from time to time. */
  start(): void
  stop(): void
}

/** @see Entitlements */
export function createEntitlements(options: EntitlementsOptions): Entitlements {
  const { workstations, fixed, ask, onChange, onFailure } = options
  let learned: ReadonlyMap<string, readonly string[]> = new Map()
  let timer: NodeJS.Timeout | null = null

  const teamsOf = (rep: string): readonly string[] => {
    const set = Object.entries(fixed).flatMap(([team, reps]) => (reps.includes(rep) ? [team] : []))
    return [...new Set([...set, ...(learned.get(rep) ?? [])])].toSorted()
  }

  async function refresh(): Promise<void> {
    if (ask === null) return
    try {
      const next = new Map<string, string[]>()
      for (const { id, members } of await ask()) {
        for (const member of members) next.set(member.id, [...(next.get(member.id) ?? []), id])
      }
      const before = JSON.stringify([...learned])
      learned = next
      if (JSON.stringify([...next]) !== before) onChange()
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
    start: () => {
      timer = setInterval(() => void refresh(), ASK_EACH)
      timer.unref()
    },
    stop: () => {
      if (timer !== null) clearInterval(timer)
    },
  }
}
