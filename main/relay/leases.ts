/**
 * One live session for each workstation name. Two with the same name (a copied folder, a second login) would take each
 * other's consumer away for ever; so the newer one has the lease, and the older is told to keep away.
 */

/** A lease that is not renewed ends by itself after this (ms). */
export const LEASE = 60_000

interface Lease {
  /** Drawn by the workstation at its start. */
  readonly instance: string
  /** When that workstation process started (ms, by its own clock). */
  readonly startedAt: number
  /** By the clock that nobody sets. */
  readonly until: number
}

export interface Leases {
  /** Takes or renews the lease. False: a newer session of this workstation has it. */
  take(workstation: string, holder: Pick<Lease, 'instance' | 'startedAt'>): boolean
  /** Workstations with a lease now. */
  count(): number
  /** Takes it away, for a workstation whose credential was revoked. */
  end(workstation: string): void
}

/**
 * @see Leases
 * @param elapsed a clock that nobody sets (ms)
 */
export function createLeases(elapsed: () => number): Leases {
  const leases = new Map<string, Lease>()

  function isLive(lease: Lease | undefined): lease is Lease {
    return lease !== undefined && lease.until > elapsed()
  }

  return {
    take: (workstation, { instance, startedAt }) => {
      const held = leases.get(workstation)
      if (isLive(held) && held.instance !== instance && held.startedAt > startedAt) return false
      leases.set(workstation, { instance, startedAt, until: elapsed() + LEASE })
      return true
    },
    count: () => {
      for (const [workstation, lease] of leases) if (!isLive(lease)) leases.delete(workstation)
      return leases.size
    },
    end: (workstation) => leases.delete(workstation),
  }
}
