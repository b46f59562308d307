/** Parameters that we are given, checked before they are sent: a sentence instead of whatever the box would make of them. */
import { invalid } from './errors.ts'

/** Characters of an external key, and of any custom field. */
export const MAX_ATTRIBUTE = 1024
/** Bytes of all attributes that one call sets. */
export const MAX_ATTRIBUTES = 10 * 1024

/** The code name of the ticket among a session's fields. */
export const EXTERNAL_KEY = 'external_key'

export type Parameters = readonly (readonly [string, string])[]

/** A session's id. Opaque, but nothing that could mean more than one, or something else, in a parameter. */
export function checkLsid(lsid: string): string {
  const given = lsid.trim()
  if (/^[\w.-]{1,255}$/.test(given)) return given
  throw invalid('This is no session ID.')
}

/** `rep:12`, `team:5`, `general`, `rep_username:name`, `issue:code_name`, `embassy:3`. */
export function checkQueue(queue: string, kinds: readonly string[]): string {
  const given = queue.trim()
  const colon = given.indexOf(':')
  const kind = colon < 0 ? given : given.slice(0, colon)
  const ref = colon < 0 ? '' : given.slice(colon + 1)
  const numbered = ['rep', 'team', 'embassy'].includes(kind)
  const fits = kind === 'general' ? colon < 0 : numbered ? /^\d{1,15}$/.test(ref) : ref !== '' && ref.length <= 255
  if (kinds.includes(kind) && fits) return given
  const forms = kinds.map((each) => (each === 'general' ? each : `${each}:…`)).join(', ')
  throw invalid(`This is no queue: it must be one of ${forms}.`)
}

/** A number that the appliance gave to something, as text or number. */
export function checkId(id: string | number, what: string): string {
  const given = String(id).trim()
  if (/^\d{1,15}$/.test(given)) return given
  throw invalid(`${what} must be a number.`)
}

/** Text that is sent as it is. */
export function checkText(text: string, what: string, max = MAX_ATTRIBUTE): string {
  if (text.length <= max) return text
  throw invalid(`${what} has ${text.length} characters; at most ${max} are possible.`)
}

/** Custom fields as parameters: `session.custom.CODE_NAME`. */
export function customFields(fields: Readonly<Record<string, string>>): Parameters {
  return Object.entries(fields).map(([codeName, value]) => {
    if (!/^[\w-]{1,100}$/.test(codeName))
      throw invalid('The code name of a custom field has letters, digits and _ only.')
    const what = codeName === EXTERNAL_KEY ? 'The external key' : `The field ${codeName}`
    return [`session.custom.${codeName}`, checkText(value, what)]
  })
}

/** Names of an API's own: `get_support_teams`, `SupportSession`. */
export function checkName(name: string): string {
  if (/^[A-Za-z][\w.]{0,60}$/.test(name)) return name
  throw invalid('This is no command and no report.')
}
