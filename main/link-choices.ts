/**
 * What was chosen for links, ticket by ticket, so that the second link of a ticket is one click. Kept in the journal's
 * notes, since it names customers: whoever is forgotten there is forgotten here, for nothing is held in memory.
 */
import type { ConnectorChoice } from '../preload/contract.ts'
import { isConnectorChoice } from './command-check.ts'
import type { Journal } from './events/journal.ts'

/** The note's name. */
const NOTE = 'links'
/** Tickets that are remembered; the one that was used longest ago leaves first. */
export const MOST_CHOICES = 200

export interface LinkChoices {
  /** Takes note of what a link was just made of. Without a ticket nothing is kept of the customer. Never throws. */
  remember(choice: ConnectorChoice): void
  /** What was chosen last for this ticket; failing that, issue and company of the last link; null: there was none. */
  last(externalKey: string): ConnectorChoice | null
  /** Of how many tickets the choices are meant. @throws if the journal is not open */
  count(isMeant: (choice: ConnectorChoice) => boolean): number
}

/** What of a choice says nothing about the customer as a person. */
function impersonal({ issueId, company }: ConnectorChoice): ConnectorChoice {
  return { issueId, customerName: '', company, companyCode: '', description: '', externalKey: '' }
}

/** @see LinkChoices */
export function createLinkChoices(journal: () => Pick<Journal, 'note' | 'keep'>): LinkChoices {
  /** The latest first. What somebody damaged counts as empty: it is a help, no record. */
  function read(): readonly ConnectorChoice[] {
    const note = journal().note(NOTE) ?? '[]'
    try {
      const kept: unknown = JSON.parse(note)
      return Array.isArray(kept) ? kept.filter(isConnectorChoice) : []
    } catch {
      return []
    }
  }

  const write = (choices: readonly ConnectorChoice[]) => journal().keep(NOTE, JSON.stringify(choices))

  return {
    remember: (choice) => {
      const { externalKey } = choice
      const latest = externalKey === '' ? impersonal(choice) : choice
      try {
        const others = read().filter((each) => each.externalKey !== externalKey)
        write([latest, ...others].slice(0, MOST_CHOICES))
      } catch {
        // The journal is away, which is told elsewhere; the link itself is good.
      }
    },
    last: (externalKey) => {
      try {
        const choices = read()
        const known = externalKey === '' ? undefined : choices.find((each) => each.externalKey === externalKey)
        const [latest] = choices
        return known ?? (latest === undefined ? null : impersonal(latest))
      } catch {
        return null
      }
    },
    count: (isMeant) => read().filter(isMeant).length,
  }
}
