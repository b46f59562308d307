/** What can go wrong, in words: a sentence for the rep, and the detail for whoever can mend it. */
import type { Problem } from '../preload/contract.ts'
import type { Misfit } from './events/listener.ts'
import type { Failure } from './events/listening.ts'

/** A problem that is about to be told. */
export type Words = Omit<Problem, 'since'>

const CODE_SENTENCES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'Another program has this port. Close it, or choose another port under Settings › Receiving events.',
  EADDRNOTAVAIL:
    'This computer does not have this address now. Check the network, or choose another address under Settings › Receiving events.',
  NO_CERTIFICATE: 'There is no certificate to answer with.',
  EACCES: 'The system does not let Rep Tray use this port. Choose one above 1023.',
}

function detailOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

/** Nothing can come in at some addresses, or at any. `listening`: those where it can. */
export function cannotListen(failures: readonly Failure[], listening: readonly string[]): Words {
  const lines = failures.map(({ where, error }) => {
    const advice = CODE_SENTENCES[error.code ?? ''] ?? detailOf(error)
    return `Listening on ${where} fails (${error.code ?? 'unknown'}). ${advice}`
  })
  const places = failures.map(({ where }) => where).join(', ')
  return {
    id: 'listener.listen',
    severity: 'error',
    title: listening.length === 0 ? 'No events can come in' : `No events can come in at ${places}`,
    detail: [...lines, 'It is tried again by itself.'].join(' '),
    dismissible: false,
  }
}

/** Somebody connected who did not fit: perhaps the appliance, perhaps a scanner. */
export function misfit(kind: Misfit): Words {
  const [title, detail] = {
    plain: [
      'Somebody spoke plain HTTP to the HTTPS listener',
      'If that is the appliance, its recipient URL has to begin with https.',
    ],
    tls: [
      'Somebody spoke HTTPS to the plain listener',
      'If that is the appliance, its recipient URL has to begin with http, or HTTPS has to be switched on here.',
    ],
    untrusted: [
      'Somebody does not trust the certificate',
      'If that is the appliance, upload the root certificate there: Settings › Receiving events saves an own one as a file.',
    ],
  }[kind] as [string, string]
  return { id: 'listener.misfit', severity: 'warning', title, detail, dismissible: true }
}

/** The journal cannot be opened. */
export function cannotOpenJournal(file: string, error: unknown): Words {
  return {
    id: 'journal.open',
    severity: 'error',
    title: 'The event journal cannot be opened',
    detail: `${file}: ${detailOf(error)} The appliance keeps its events meanwhile, and sends them again. It is tried again by itself.`,
    dismissible: false,
  }
}

/** The journal was damaged and is called `aside` now. */
export function journalDamaged(aside: string): Words {
  return {
    id: 'journal.damaged',
    severity: 'warning',
    title: 'The event journal was damaged',
    detail: `Events come in all the same, into a new one. What can be read of the damaged one is being taken over. It is kept: ${aside}`,
    dismissible: true,
  }
}

/** What could be read of a damaged journal is in the new one. */
export function journalMended(aside: string, taken: { readonly events: number; readonly lost: number }): Words {
  const words = journalDamaged(aside)
  const kept = `The damaged one is kept: ${aside}`
  if (taken.events === 0) {
    const advice = 'If there is a backup, it can be put back.'
    return {
      ...words,
      severity: 'error',
      detail: `A new one was begun, but nothing could be taken over. ${advice} ${kept}`,
    }
  }
  const lost = taken.lost === 0 ? '' : `, ${taken.lost} could not be read`
  return { ...words, detail: `A new one was begun, and ${taken.events} events were taken over${lost}. ${kept}` }
}

/** An event could not be stored. */
export function cannotStore(error: unknown): Words {
  return {
    id: 'journal.write',
    severity: 'error',
    title: 'Events cannot be stored',
    detail: `${detailOf(error)} Is the disk full? The appliance keeps its events meanwhile, and sends them again.`,
    dismissible: false,
  }
}

/** The session index could not be brought up to date. */
export function cannotIndex(error: unknown): Words {
  return {
    id: 'journal.index',
    severity: 'warning',
    title: 'The session index is behind',
    detail: `${detailOf(error)} Events are safe; the index is brought up to date as soon as that works again.`,
    dismissible: false,
  }
}

/** Something came from the appliance that is no event. */
export function quarantined(reason: string, count: number): Words {
  return {
    id: 'quarantine',
    severity: 'warning',
    title:
      count === 1
        ? 'The appliance sent something that is no event'
        : `The appliance sent ${count} things that are no events`,
    detail: `It was kept as it came. ${reason}`,
    dismissible: true,
  }
}

/** The appliance used a host name that is not this computer's, or an address that may not send. */
export function refused(reason: 'name' | 'address', detail: string): Words {
  const shown = detail.slice(0, 100)
  return reason === 'name'
    ? {
        id: 'listener.name',
        severity: 'error',
        title: 'Events are refused: unknown host name',
        detail: `They are sent to the host name “${shown}”. If that is this computer, add it under Settings › Receiving events › Names of this computer.`,
        dismissible: true,
      }
    : {
        id: 'listener.address',
        severity: 'error',
        title: 'Events are refused: sender not allowed',
        detail: `They come with the right token from ${shown}. If that is the appliance, add it under Settings › Receiving events › Allowed senders.`,
        dismissible: true,
      }
}

/** This computer's clock is ahead of the appliance's by so much (ms); behind it, if that is negative. */
export function clocksDiffer(difference: number): Words {
  const minutes = Math.round(Math.abs(difference) / 60_000)
  return {
    id: 'clock',
    severity: 'warning',
    title: `This computer’s clock is ${minutes} minutes ${difference > 0 ? 'ahead of' : 'behind'} the appliance’s`,
    detail:
      'One of the two is wrong. You are told of events as they come all the same, but times and ages are those of the appliance.',
    dismissible: true,
  }
}

/** Without an identity nothing can be "mine". */
export function unknownRep(): Words {
  return {
    id: 'me.unknown',
    severity: 'warning',
    title: 'Rep Tray does not know who you are',
    detail:
      'Enter your representative ID or your username under Settings › Who you are, so that it can tell which sessions are yours.',
    dismissible: false,
  }
}

/** The administrator's policy has mistakes; what is right in it holds. */
export function badPolicy(file: string, problems: readonly string[]): Words {
  return {
    id: 'policy',
    severity: 'warning',
    title: 'The administrator’s policy has mistakes',
    detail: `${file}\n${problems.slice(0, 20).join('\n')}`,
    dismissible: false,
  }
}

/** There may be an update, but it cannot be had. */
export function updateFailed(error: unknown): Words {
  const { code } = error as { code?: string }
  const tampered = code === 'ERR_CHECKSUM_MISMATCH'
  return {
    id: 'update',
    severity: 'warning',
    title: tampered ? 'An update was refused: it is not what it should be' : 'Updates cannot be looked for',
    detail: `${detailOf(error).split('\n')[0]?.slice(0, 300)} It is tried again by itself; nothing else depends on it.`,
    dismissible: true,
  }
}

/** The system does not start it at login as it was set. */
export function loginRefused(wanted: boolean, error: unknown): Words {
  return {
    id: 'login',
    severity: 'warning',
    title: wanted ? 'Rep Tray will not start at login' : 'Rep Tray will still start at login',
    detail: `${detailOf(error)} On macOS, look under System Settings › General › Login Items; on Windows, under Settings › Apps › Startup.`,
    dismissible: true,
  }
}

/** The site's relay does not deliver. */
export function relayFailed(
  status:
    | { readonly kind: 'failed'; readonly error: unknown }
    | { readonly kind: 'displaced' }
    | { readonly kind: 'refused'; readonly message: string },
): Words {
  const common = { id: 'relay', severity: 'error', dismissible: false } as const
  switch (status.kind) {
    case 'displaced':
      return {
        ...common,
        title: 'Another program has taken your place at the relay',
        detail:
          'Rep Tray runs somewhere else with the same credential, and events go there. Quit it there; this one then goes on by itself.',
      }
    case 'refused':
      return {
        ...common,
        title: 'The relay no longer accepts this workstation',
        detail: `${status.message} Ask your administrator for a new credential (Settings › Relay).`,
      }
    case 'failed':
      return {
        ...common,
        title: 'The site’s relay cannot be reached',
        detail: `${detailOf(status.error)} Nothing is lost: what happens meanwhile comes when it is back. It is tried again by itself.`,
      }
  }
}

/** The relay no longer has all that happened while this workstation was away. */
export function relayIncomplete(): Words {
  return {
    id: 'relay.incomplete',
    severity: 'warning',
    title: 'Some of what happened while you were away is missing',
    detail:
      'This workstation was away longer than the relay keeps events. Ended sessions are found by the lookup in the appliance’s reports.',
    dismissible: true,
  }
}

/** Work after the answer failed; the event is in the journal. */
export function processingFailed(error: unknown): Words {
  return {
    id: 'processing',
    severity: 'warning',
    title: 'An event could not be worked in',
    detail: `It is safe in the journal. ${detailOf(error)}`,
    dismissible: true,
  }
}

/** The shell failed to show an alert, or to take one back. */
export function cannotNotify(error: unknown): Words {
  return {
    id: 'notification.failed',
    severity: 'warning',
    title: 'Notifications cannot be shown',
    detail: `${detailOf(error)} Alerts are still collected here.`,
    dismissible: true,
  }
}

/** The user's settings could not be read; `copy` is what was there. */
export function settingsDamaged(copy: string): Omit<Words, 'id'> {
  return {
    severity: 'warning',
    title: 'Your settings could not be read',
    detail: `Rep Tray starts with the defaults. The damaged file is kept: ${copy}`,
    dismissible: true,
  }
}

/** The system's vault for secrets failed. */
export function cannotUseVault(action: 'read' | 'write'): Words {
  const advice =
    'Enter the secret again under Settings › Appliance; until the vault works it lasts until Rep Tray ends.'
  return {
    id: 'secrets',
    severity: 'warning',
    title: action === 'read' ? 'The appliance’s secret could not be read' : 'The appliance’s secret could not be kept',
    detail: `The system’s vault did not answer, is locked, or has changed. ${advice}`,
    dismissible: true,
  }
}
