import type { Random } from '../random.ts'
import { DRAWN_KINDS, type OddFigures, type OddReplyKind } from './odd-reply.ts'

/** What makes requests alike: which part of the API, and the command or report. */
export interface Subject {
  readonly route: 'command' | 'reporting' | 'backup' | 'token' | 'health' | 'start'
  /** `action` or `generate_report`; empty: neither. */
  readonly name: string
}

export interface NextOptions extends OddFigures {
  /** A route, or the name of a command or report; left out: command, reporting and backup. */
  readonly on?: string
  /** For so many requests; 1 if left out. */
  readonly times?: number
}

/** Decides which replies are odd. */
export interface Oddness {
  /** The next request that fits is answered oddly. Orders are carried out one after the other. */
  readonly next: (kind: OddReplyKind, options?: NextOptions) => void
  /** Takes back all orders. */
  readonly clear: () => void
  /** Orders that were not carried out yet. */
  readonly pending: number
  readonly take: (subject: Subject) => { readonly kind: OddReplyKind; readonly figures: OddFigures } | null
}

interface Order {
  readonly kind: OddReplyKind
  readonly options: NextOptions
  left: number
}

const USUAL_ROUTES: ReadonlySet<string> = new Set(['command', 'reporting', 'backup'])

/** @param share probability, 0 to 1, of an odd reply to a command, a report or a backup without an order */
export function createOddness(random: Random, share: number): Oddness {
  let orders: readonly Order[] = []

  const fits = ({ options: { on } }: Order, { route, name }: Subject) =>
    on === undefined ? USUAL_ROUTES.has(route) : on === route || on === name

  return {
    next: (kind, options = {}) => {
      orders = [...orders, { kind, options, left: options.times ?? 1 }]
    },
    clear: () => {
      orders = []
    },
    get pending() {
      return orders.reduce((sum, { left }) => sum + left, 0)
    },
    take: (subject) => {
      const order = orders.find((candidate) => fits(candidate, subject))
      if (order !== undefined) {
        order.left -= 1
        orders = orders.filter(({ left }) => left > 0)
        return { kind: order.kind, figures: order.options }
      }
      if (!USUAL_ROUTES.has(subject.route) || !random.chance(share)) return null
      return { kind: random.pick(DRAWN_KINDS), figures: {} }
    },
  }
}
