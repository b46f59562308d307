import { answersOf } from '../archive/details.ts'
import type { Snapshot } from '../archive/record.ts'
import { element, type XmlElement } from './xml.ts'

/** A survey with its questions, under the name that its place gives it. `at` in milliseconds since 1970. */
export function surveyElement(
  name: string,
  { lsid, customer, primaryCustomer, primaryRep }: Snapshot,
  by: 'customer' | 'representative',
  at: number,
): XmlElement {
  const rep = primaryRep === null || primaryRep.who === 'customer' ? null : primaryRep.who
  const questions = answersOf(lsid, by).map(({ name: question, type, label, header, value }, index) =>
    element(
      'question',
      [
        element('type', type),
        element('name', question),
        element('label', label),
        element('report_header', header),
        element('answer_list', value === null ? [] : [element('answer', value)]),
      ],
      { id: index + 1 },
    ),
  )
  return element(
    name,
    [
      element('submitted_by', (by === 'customer' ? customer.name : rep?.name) ?? '', {
        type: by === 'customer' ? 'customer' : 'rep',
      }),
      ...(primaryRep === null || rep === null
        ? []
        : [element('primary_rep', rep.name, { gsnumber: primaryRep.gsnumber, id: rep.id })]),
      ...(primaryCustomer === null
        ? []
        : [element('primary_customer', customer.name, { gsnumber: primaryCustomer.gsnumber })]),
      element('question_list', questions),
    ],
    { lsid, timestamp: Math.floor(at / 1000) },
  )
}
