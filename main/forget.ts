/** Forgetting somebody: what is kept of them, and its removal. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of forgetting. */
export type ForgetCommand = 'data.find' | 'data.forget'

const later = () => {
  throw new Unable('This is being built.')
}

export function createForget(): Pick<Handlers, ForgetCommand> {
  return {
    'data.find': later,
    'data.forget': later,
  }
}
