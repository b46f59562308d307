/** What a request of the appliance says: the event of its URL and its body, or why it is none. */
import { decodeBody, parseEvent, type Malformed, type OutboundEvent, type Variables } from './event.ts'

/** Parameters of the recipient URL that are ours and no variables of the event. The second is the name that the vendor's ServiceNow integration uses. */
export const TOKEN_PARAMETERS = ['token', 'outbound_event_token'] as const

/** The variables of a URL, without what lets the request in. */
export function parametersOf(query: URLSearchParams): Variables {
  const parameters = Object.assign(Object.create(null), Object.fromEntries(query)) as Record<string, string>
  for (const name of TOKEN_PARAMETERS) delete parameters[name]
  return parameters
}

/** The event of a request: variables of the URL and the body together, the body's winning. Never rejects. */
export async function interpret(
  parameters: Variables,
  body: Uint8Array,
  contentType: string,
): Promise<OutboundEvent | Malformed> {
  let posted: Variables
  try {
    posted = await decodeBody(body, contentType)
  } catch {
    return { malformed: 'The body says that it is multipart/form-data, but cannot be read as that.' }
  }
  return parseEvent(Object.assign(Object.create(null), parameters, posted) as Variables)
}
