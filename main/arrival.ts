/** What follows when something has come in and is stored, be it through the listener or from the site's relay. */
import type { Problem } from '../preload/contract.ts'
import type { ListenerOptions, Received } from './events/listener.ts'
import type { Intake } from './intake.ts'
import * as problems from './problems.ts'
import type { Store } from './store.ts'

export interface ArrivalOptions {
  readonly store: Pick<Store, 'get' | 'change'>
  readonly intake: Pick<Intake, 'take' | 'takeHistory'>
  readonly report: (problem: Omit<Problem, 'since'>) => void
  readonly solve: (id: string) => void
  /** Hears of an error that may come from the journal. */
  readonly heed: (error: unknown) => void
  /** There is more in quarantine. */
  readonly onHeld: () => void
}

export interface Arrival extends Pick<
  ListenerOptions,
  'onEvent' | 'onQuarantine' | 'onStoreFailure' | 'onProcessingFailure'
> {
  /** An event from before the rep could see its session. */
  readonly onHistory: (received: Received) => void
}

/** @see Arrival */
export function createArrival({ store, intake, report, solve, heed, onHeld }: ArrivalOptions): Arrival {
  function count({ appended, receivedAt }: Received): void {
    const { stored, repeated } = store.get().health
    const counts = appended.repeated ? { repeated: repeated + 1 } : { stored: stored + 1 }
    store.change({ type: 'health', health: { lastEventAt: receivedAt, ...counts } })
    solve('journal.write')
  }

  return {
    onEvent: (received) => {
      count(received)
      if (!received.appended.repeated) intake.take(received)
    },
    onHistory: (received) => {
      count(received)
      if (!received.appended.repeated) intake.takeHistory(received)
    },
    onQuarantine: (reason, isRepeated) => {
      if (isRepeated) return
      const quarantined = store.get().health.quarantined + 1
      store.change({ type: 'health', health: { quarantined } })
      report(problems.quarantined(reason, quarantined))
      onHeld()
    },
    onStoreFailure: (error) => {
      report(problems.cannotStore(error))
      heed(error)
    },
    onProcessingFailure: (error) => report(problems.processingFailed(error)),
  }
}
