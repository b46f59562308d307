/** What helps IT to help, in one file without secrets and without anybody's data. */
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

/** Commands of diagnostics. */
export type DiagnosticsCommand = 'diagnostics.save'

const later = () => {
  throw new Unable('This is being built.')
}

export function createDiagnostics(): Pick<Handlers, DiagnosticsCommand> {
  return {
    'diagnostics.save': later,
  }
}
