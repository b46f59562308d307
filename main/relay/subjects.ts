/** Names in the broker: streams, and the subjects by which a message finds those who may see it. */

/** The streams of a site. `raw`: as the appliance sent it. `events`: for each who may see it. `sessions`: the router's memory. */
export const STREAMS = { raw: 'RAW', events: 'EV', sessions: 'SESSIONS' } as const

/** Letters that need no care in a subject. */
const PLAIN = /^[A-Za-z0-9_-]{1,64}$/

/**
 * One token of a subject for any text: itself where its letters allow that, else `~` and its bytes in base64url, so
 * that no two texts share a token and none reaches beyond it.
 */
export function tokenOf(text: string): string {
  return PLAIN.test(text) ? text : `~${Buffer.from(text).toString('base64url')}`
}

export const rawEvent = (site: string): string => `raw.${tokenOf(site)}.event`
export const rawQuarantine = (site: string): string => `raw.${tokenOf(site)}.quarantine`

/** Where what concerns this audience (`rep.12`, `team.5`, `queue.general`) is published. No session id is ever in it. */
export const eventSubject = (site: string, audience: string): string => `ev.${tokenOf(site)}.${audience}`

/** The latest state of a session, for the router alone. */
export const sessionSubject = (site: string, lsid: string): string => `sessions.${tokenOf(site)}.${tokenOf(lsid)}`

/** All that is remembered of a site. */
export const allSessions = (site: string): string => `sessions.${tokenOf(site)}.>`

/** How far the router has come, and the teams that the appliance told of. */
export const progressSubject = (site: string): string => `sessions.${tokenOf(site)}.~`
export const teamsSubject = (site: string): string => `sessions.${tokenOf(site)}.~.teams`

/** What a workstation may ask the relay for. */
export type Service = 'attach' | 'api'

export const serviceSubject = (service: Service, workstation: string): string =>
  `relay.${service}.${tokenOf(workstation)}`

/** Subject prefix of what a workstation may receive as answers. */
export const inboxOf = (workstation: string): string => `_INBOX_${tokenOf(workstation)}`

/** Prefix under which workstations reach what they may of the broker's streams: reading from their own consumer. */
export const READING = 'relay.js'

/** By which a relay asks the one that routes to publish what somebody may see only now. Workstations do not reach it. */
export const GAIN = 'router.gain'
