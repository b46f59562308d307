/** Random traffic for property-based tests: mostly what happens, now and then what should not. */
import * as fc from 'fast-check'
import { customer, representative } from './events.ts'

type Own = Record<string, string>

const NAMES = [
  'support_conference_begin',
  'support_conference_end',
  'support_conference_owner_changed',
  'support_conference_member_added',
  'support_conference_member_departed',
  'support_conference_customer_exit_survey_completed',
  'support_conference_representative_exit_survey_completed',
  'support_conference_rep_exit_survey_completed',
  'support_conference_note_added',
] as const

/** Text of any length, with characters of two units, and none that is cut in half. */
export const anyText = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', minLength: 100, maxLength: 1200 }) },
  { weight: 1, arbitrary: fc.constantFrom('__proto__', 'constructor', 'toString', '', ' ', '\u202eevil', '\n') },
)

const member = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom(
      customer('Jane Doe'),
      customer('Amir Rahmani'),
      customer(''),
      representative('12', 'jsmith', 'John Smith'),
      representative('14', 'mokafor', 'Miriam Okafor'),
      representative('', '', 'No Ids'),
      { type: 'observer', display_name: 'Recorder' },
      {},
    ),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constantFrom('customer', 'representative', ''), display_name: anyText }),
  },
)

const ownership = fc
  .oneof(
    {
      weight: 6,
      arbitrary: fc.constantFrom('rep:12', 'rep:14', 'team:5', 'team:7', 'general', 'system:0', 'rep:', ''),
    },
    { weight: 1, arbitrary: anyText },
  )
  .chain((id) =>
    fc.constantFrom('', 'A name', 'Ein Name').map((name): Own => ({ conference_id: id, conference_name: name })),
  )

const key = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Own>({}) },
  {
    weight: 4,
    arbitrary: fc.constantFrom('INC0010023', 'INC0010024', '').map((value): Own => ({ external_key: value })),
  },
  { weight: 1, arbitrary: anyText.map((value): Own => ({ external_key: value })) },
)

const unknown = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Own>({}) },
  { weight: 1, arbitrary: fc.dictionary(anyText, anyText, { maxKeys: 4 }) },
)

/** Variables of one event but lsid and timestamp. */
export const anyEvent: fc.Arbitrary<Own> = fc
  .tuple(fc.constantFrom(...NAMES), ownership, member, key, unknown)
  .map(([event, owner, who, external, more]) => {
    const own = event.endsWith('owner_changed') ? owner : event.includes('_member_') ? who : {}
    return { ...more, event, ...own, ...external }
  })
