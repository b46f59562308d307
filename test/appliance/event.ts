import { encodeWindows1252 } from './windows-1252.ts'

/** The seven events of schema 1. */
export const EVENTS = {
  begin: 'support_conference_begin',
  end: 'support_conference_end',
  ownerChanged: 'support_conference_owner_changed',
  memberAdded: 'support_conference_member_added',
  memberDeparted: 'support_conference_member_departed',
  customerSurvey: 'support_conference_customer_exit_survey_completed',
  representativeSurvey: 'support_conference_representative_exit_survey_completed',
} as const

/** Value of `version`: the vendor's internal number of the schema. */
export const SCHEMA_VERSION = '1'

/** Variables in the order in which they are sent. */
export type Variables = readonly (readonly [name: string, value: string])[]

/**
 * How the variables become a body. The vendor names no encoding; `urlencoded` in UTF-8 is what every known recipient
 * reads. The others are for trying out what a recipient bears.
 */
export type BodyForm =
  | 'urlencoded'
  /** A blank as `%20`, not `+`. */
  | 'percent-blanks'
  /** Urlencoded, with `; charset=UTF-8` behind the media type. */
  | 'charset-parameter'
  /** Urlencoded, but no Content-Type at all. */
  | 'no-content-type'
  /** Urlencoded bytes of Windows-1252. */
  | 'windows-1252'
  | 'multipart'
  /** No form: the value of the only variable is the whole body. */
  | 'raw'

/** What is to be sent, before it has its number. */
export interface Draft {
  readonly variables: Variables
  readonly form: BodyForm
}

/** One outbound event in the queues. `id` rises, and is never sent. */
export interface OutboundEvent extends Draft {
  readonly id: number
}

/** A body as it goes over the wire. */
export interface EncodedBody {
  readonly contentType: string | null
  readonly body: Buffer
}

const FORM_TYPE = 'application/x-www-form-urlencoded'

/** The standard variables, then the event's own, in the order of the vendor's guide. `at` in milliseconds. */
export function compose(event: string, at: number, variables: Variables): Variables {
  return [['event', event], ['version', SCHEMA_VERSION], ['timestamp', String(Math.floor(at / 1000))], ...variables]
}

/** Value of the first variable of that name. */
export function valueOf(variables: Variables, name: string): string | undefined {
  return variables.find(([candidate]) => candidate === name)?.[1]
}

/** Encodes an event; the same event always gives the same bytes. */
export function encode(event: OutboundEvent): EncodedBody {
  const form = new URLSearchParams(event.variables.map(([name, value]): [string, string] => [name, value])).toString()
  const encoders: Record<BodyForm, () => EncodedBody> = {
    urlencoded: () => formBody(FORM_TYPE, form),
    'percent-blanks': () => formBody(FORM_TYPE, form.replaceAll('+', '%20')),
    'charset-parameter': () => formBody(`${FORM_TYPE}; charset=UTF-8`, form),
    'no-content-type': () => formBody(null, form),
    'windows-1252': () => formBody(FORM_TYPE, windows1252Form(event.variables)),
    multipart: () => multipart(event),
    raw: () => formBody(FORM_TYPE, event.variables[0]?.[1] ?? ''),
  }
  return encoders[event.form]()
}

const formBody = (contentType: string | null, text: string): EncodedBody => ({ contentType, body: Buffer.from(text) })

function windows1252Form(variables: Variables): string {
  const text = (value: string) =>
    Array.from(encodeWindows1252(value), (byte) => {
      const character = String.fromCharCode(byte)
      if (character === ' ') return '+'
      if (/[A-Za-z0-9*._-]/.test(character)) return character
      return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    }).join('')
  return variables.map(([name, value]) => `${text(name)}=${text(value)}`).join('&')
}

function multipart(event: OutboundEvent): EncodedBody {
  const boundary = `----------------------------${event.id.toString(16).padStart(12, '0')}`
  const parts = event.variables.map(
    ([name, value]) => `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: Buffer.from(`${parts.join('')}--${boundary}--\r\n`),
  }
}
