/** Values as the appliance writes them, read without ever failing: what is not there or not to be read is null. */
import type { XmlElement } from './xml.ts'

/** A whole number, or null. */
export function wholeNumber(text: string | null | undefined): number | null {
  return text !== null && text !== undefined && /^\s*[+-]?\d{1,15}\s*$/.test(text) ? Number(text) : null
}

/** The latest second that a JavaScript date can hold. */
const MAX_SECONDS = 8_640_000_000_000

/** Unix seconds as ms; null if it is none. 0 is how some boxes write "never". */
export function unixTime(text: string | null | undefined): number | null {
  const seconds = wholeNumber(text)
  return seconds === null || seconds <= 0 || seconds > MAX_SECONDS ? null : seconds * 1000
}

/** ISO 8601 text as ms, `2019-10-07T00:32:50.877+0000` included. Without a zone it would be a guess, so it is null. */
export function isoTime(text: string | null | undefined): number | null {
  const found = /^\s*(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)\s?(?:(Z)|([+-]\d\d):?(\d\d))\s*$/.exec(
    text ?? '',
  )
  if (found === null) return null
  const [, date, clock, zulu, hours, minutes] = found
  const time = Date.parse(`${date}T${clock}${zulu ?? `${hours}:${minutes}`}`)
  return Number.isNaN(time) ? null : time
}

/** Time of an element: unix seconds in `timestamp` (or `ts`), else its text. Running sessions have an empty `end_time`. */
export function timeOf(element: XmlElement | null): number | null {
  if (element === null) return null
  return unixTime(element.attr('timestamp')) ?? unixTime(element.attr('ts')) ?? isoTime(element.text)
}

/** `1`/`0` and their like. */
export function flag(text: string | null | undefined): boolean | null {
  const value = text?.trim().toLowerCase()
  if (value === '1' || value === 'true' || value === 'yes') return true
  return value === '0' || value === 'false' || value === 'no' ? false : null
}

/** `HH:MM:SS` in seconds; the hours may have more digits. */
export function secondsOf(text: string | null | undefined): number | null {
  const found = /^\s*(\d{1,6}):([0-5]?\d):([0-5]?\d)\s*$/.exec(text ?? '')
  return found === null ? null : Number(found[1]) * 3600 + Number(found[2]) * 60 + Number(found[3])
}

/** Text, or null where there is none or only blanks. */
export function textOrNull(text: string | null | undefined): string | null {
  return text === null || text === undefined || text.trim() === '' ? null : text
}

/** A link of the appliance; null unless it is one of http or https. */
export function link(text: string | null | undefined): string | null {
  const given = text?.trim() ?? ''
  if (!URL.canParse(given)) return null
  return /^https?:$/.test(new URL(given).protocol) ? given : null
}

/** One for all empty lists: a report has hundreds of thousands of them. */
const NOTHING: readonly never[] = []

/** What `read` makes of each of the elements. */
export function listOf<Value>(
  elements: readonly XmlElement[] | undefined,
  read: (element: XmlElement) => Value,
): readonly Value[] {
  return elements === undefined || elements.length === 0 ? NOTHING : elements.map((element) => read(element))
}

/** The leaves below an element whose names are not in `known`, by name: what this version does not know. */
export function otherLeaves(element: XmlElement, known: ReadonlySet<string>): Readonly<Record<string, string>> {
  const others = element
    .children()
    .filter((child) => !known.has(child.name) && child.children().length === 0 && child.text !== '')
    .map((child): [string, string] => [child.name, child.text])
  return Object.fromEntries(others)
}

/** Any element as plain data, for what this version has no type for. */
export interface Tree {
  readonly name: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly text?: string
  readonly children?: readonly Tree[]
}

export function treeOf(element: XmlElement): Tree {
  const { name, text } = element
  const attributes = element.attrs()
  const children = element.children()
  return {
    name,
    ...(attributes.length > 0 ? { attributes: Object.fromEntries(attributes) } : {}),
    ...(text === '' ? {} : { text }),
    ...(children.length > 0 ? { children: children.map(treeOf) } : {}),
  }
}
