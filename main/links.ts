/** Links for customers: connector URLs and session keys, with what was chosen last. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of links. */
export type LinkCommand = 'connector.last' | 'sessionKey.make' | 'sessionKey.copy'

const later = () => {
  throw new Unable('This is being built.')
}

export function createLinks(): Pick<Handlers, LinkCommand> {
  return {
    'connector.last': later,
    'sessionKey.make': later,
    'sessionKey.copy': later,
  }
}
