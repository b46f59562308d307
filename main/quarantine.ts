/** Bodies that were no event: shown, read again, saved, deleted. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of the quarantine. */
export type QuarantineCommand =
  | 'quarantine.list'
  | 'quarantine.get'
  | 'quarantine.reread'
  | 'quarantine.save'
  | 'quarantine.delete'

const later = () => {
  throw new Unable('This is being built.')
}

export function createQuarantine(): Pick<Handlers, QuarantineCommand> {
  return {
    'quarantine.list': later,
    'quarantine.get': later,
    'quarantine.reread': later,
    'quarantine.save': later,
    'quarantine.delete': later,
  }
}
