/** The text of a mail with a link, from the user's own words. */

/** What is filled in, by the name that stands between braces. */
export interface MailEntries {
  readonly link: string
  readonly customer: string
  readonly ticket: string
}

const ENTRY = /\{(link|customer|ticket)\}/g
const LINE = /\r\n|[\r\n]/

/**
 * What would break a line, or turn the direction of what stands after it: a name comes from outside.
 * https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
 */
const UNFIT = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu

const isBlank = (line: string | undefined) => line === undefined || line.trim() === ''

/**
 * Fills in a template, each entry once, so that braces in a name mean nothing. A line whose entries are all empty is
 * left out, and a blank line with it where two would meet. Without `{link}` the link comes last: it is what the mail is for.
 */
export function mailOf(template: string, entries: MailEntries): string {
  const clean = {
    link: entries.link,
    customer: entries.customer.replaceAll(UNFIT, ' ').trim(),
    ticket: entries.ticket.replaceAll(UNFIT, ' ').trim(),
  }
  const valueOf = (name: string | undefined) => clean[name as keyof MailEntries]
  const lines: string[] = []
  let isAfterGap = false
  for (const line of template.split(LINE)) {
    const names = Array.from(line.matchAll(ENTRY), ([, name]) => name)
    if (names.length > 0 && names.every((name) => valueOf(name) === '')) {
      isAfterGap = true
      continue
    }
    if (isAfterGap && isBlank(line) && isBlank(lines.at(-1))) continue
    isAfterGap = false
    lines.push(line.replaceAll(ENTRY, (_, name: string) => valueOf(name)))
  }
  const text = lines.join('\n').trimEnd()
  if (template.includes('{link}')) return text
  return isBlank(text) ? clean.link : `${text}\n\n${clean.link}`
}

/** The mail that the appliance proposes: its subject, a blank line, its text. */
export function proposedMail(subject: string | null, body: string | null): string {
  const parts = [subject, body].map((part) => (part ?? '').split(LINE).join('\n').trim())
  return parts.filter((part) => part !== '').join('\n\n')
}
