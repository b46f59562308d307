/** What is kept here, and done with it: quarantine, what a customer leaves behind, and the file of diagnostics. */
import { createDiagnostics, type DiagnosticsOptions } from './diagnostics.ts'
import { createForget, type ForgetOptions } from './forget.ts'
import { createQuarantine, type QuarantineOptions, type QuarantineWork } from './quarantine.ts'
import { systemFacts } from './system.ts'

export interface Kept {
  readonly handlers: QuarantineWork['handlers'] & ReturnType<typeof createForget> & ReturnType<typeof createDiagnostics>
  /** Says how much is in quarantine now. */
  readonly tell: () => void
}

export function createKept(
  options: Omit<QuarantineOptions & ForgetOptions & DiagnosticsOptions, 'onRemoved' | 'system'>,
): Kept {
  const quarantine = createQuarantine(options)
  return {
    handlers: {
      ...quarantine.handlers,
      ...createForget({ ...options, onRemoved: () => quarantine.tell() }),
      ...createDiagnostics({ ...options, system: systemFacts }),
    },
    tell: () => quarantine.tell(),
  }
}
