/** Says on the terminal where events come in, for scripts and for whoever sets up the appliance. */
import type { App } from './app.ts'

/**
 * Tells each time that events can come in, where.
 * @param withToken false: what is printed may end in a log of the system's
 */
export function announceListening(app: App, print: (line: string) => void, withToken = true): void {
  let told = ''
  let relayTold: string | null = null
  const tell = () => {
    const { health, problems } = app.getState()
    const server = health.relay?.status === 'attached' ? health.relay.server : null
    if (server !== relayTold && server !== null) print(`relay: ${server}`)
    relayTold = server
    const isReady = health.listener.status === 'listening' && !problems.some((problem) => problem.id === 'journal.open')
    const where = isReady ? health.listener.addresses.join(' ') : ''
    if (where === told) return
    told = where
    // The token is in it only while it is known in clear text: set from outside, or new.
    const scheme = health.listener.certificate === null ? 'http' : 'https'
    const url = withToken ? app.recipientUrl() : null
    if (where !== '') print(`listening: ${url ?? `${scheme}://${where}/events?token=…`}`)
  }
  app.subscribe(tell)
  tell()
}
