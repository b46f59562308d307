/** Pictures of the window for a quick lookup. */
import { monday } from '../test/renderer/monday.ts'
import { hit, lookup, state } from '../test/renderer/states.ts'
import type { Shot } from './screens.ts'

const QUERY = 'INC0010471'

const HITS = [
  hit(4, { customer: 'Priya Natarajan', externalKey: QUERY, computer: 'KIEL-H4-0117', endedAt: null }),
  hit(31, { customer: 'Priya Natarajan', externalKey: 'inc0010471', match: 'anyCase', computer: 'KIEL-H4-0117' }),
  hit(32, { customer: null, externalKey: 'INC00104711', match: 'prefix', computer: null }),
  hit(33, { customer: 'Margarethe Fürstenberg-Liechtenstein', externalKey: null, match: 'words' }),
]

const given = { seq: 1, query: QUERY }

function shot(name: string, own: Parameters<typeof monday>[0], hits: readonly (typeof HITS)[number][] = HITS): Shot {
  return {
    name,
    state: monday({ quick: given, ...own }),
    options: {
      quick: true,
      viewport: { width: 520, height: 420 },
      answer: (command) => (command.type === 'lookup.search' ? { ok: true, value: hits } : undefined),
    },
    prepare: async ({ page }) => {
      await page.getByRole('status').filter({ hasText: /./ }).waitFor()
    },
  }
}

export const QUICK_SHOTS: readonly Shot[] = [
  shot('quick', {}),
  shot('quick-none', {}, []),
  shot('quick-asking', { lookup: lookup(QUERY, { hits: HITS.slice(0, 2) }) }),
  shot('quick-cannot', { appliance: { ...state().appliance, status: 'unset' } }),
]
