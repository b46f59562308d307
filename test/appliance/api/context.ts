import type { Appliance } from '../appliance.ts'
import type { Generation } from '../generation.ts'
import type { Horizon } from './horizon.ts'
import type { Permissions } from './permissions.ts'
import type { SessionKeys } from './session-keys.ts'

/** What `check_health` tells. */
export interface Health {
  /** Null: all is well. */
  readonly problem: string | null
  /** `single`: there is no second appliance, and nothing is said of one. */
  readonly failover: 'single' | 'primary' | 'backup'
}

/** What the parts of the API share. */
export interface ApiContext {
  readonly appliance: Appliance
  readonly generation: Generation
  /** When the appliance was switched on, in milliseconds since 1970. */
  readonly startedAt: number
  /** Where customers and representatives reach the site, without a slash at the end. */
  readonly publicUrl: () => string
  readonly permissions: () => Permissions
  readonly health: () => Health
  readonly keys: SessionKeys
  /** How much of each session the reports see. */
  readonly horizon: Horizon
  /** What a report says if nothing fits: its root without children, or `<error>`. */
  readonly noMatch: 'empty' | 'error'
  /** Bytes of a recording. */
  readonly recordingSize: number
}
