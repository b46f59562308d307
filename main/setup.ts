/** Setting Rep Tray up: who the user is, whether the listener is reached, settings from and to a file. */
import type { SetupCommand } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

const later = () => {
  throw new Unable('This is being built.')
}

export function createSetup(): Pick<Handlers, SetupCommand['type']> {
  return {
    'me.candidates': later,
    'me.choose': later,
    'listener.test': later,
    'settings.export': later,
    'settings.import': later,
  }
}
