/** What the appliance has kept of a session: its report, its pages, its recordings. */
import type { ReportCommand } from '../preload/contract.ts'
import type { Handlers } from './command.ts'
import { Unable } from './unable.ts'

const later = () => {
  throw new Unable('This is being built.')
}

export function createReports(): Pick<Handlers, ReportCommand['type']> {
  return {
    'report.get': later,
    'report.open': later,
    'recording.download': later,
    'download.cancel': later,
    'download.show': later,
    'download.dismiss': later,
    'ticket.open': later,
  }
}
