/** What main answers about links, for the window's tests and pictures. */
import { qrOf } from '../../main/appliance/qr.ts'
import type { Command, MadeSessionKey, Reply, State, SupportTeamInfo } from '../../preload/contract.ts'
import { ago, state } from './states.ts'

export const TEAMS: readonly SupportTeamInfo[] = [
  { id: '5', name: 'Network', issues: [{ id: '3', name: 'VPN', codeName: null }] },
  { id: '6', name: 'Empty', issues: [] },
  { id: '9', name: 'Licences', issues: [{ id: '7', name: 'Office', codeName: 'office' }] },
]

/** An appliance that can make links, changed by `over`. */
export function linkable(over: Partial<State['appliance']> = {}): State['appliance'] {
  return { ...state().appliance, teams: TEAMS, ...over }
}

export const KEY_URL = 'https://support.example.com/?ak=0f3c5a7e9b1d4c6f8a0b2c4d6e8f0a1b'

/** A session key, changed by `over`. */
export function madeKey(over: Partial<MadeSessionKey> = {}): MadeSessionKey {
  return {
    id: 1,
    shortKey: '4071952',
    url: KEY_URL,
    qr: qrOf(KEY_URL),
    expiresAt: ago(-60),
    mailSubject: 'Remote Support Invitation',
    mailBody: `\nPlease open the link below to start the session.\n\n${KEY_URL}\n\t`,
    available: true,
    externalKeyLost: false,
    ...over,
  }
}

/** Answers as main would where all goes well; undefined to what concerns no link. */
export function answerLinks(command: Command): Reply | undefined {
  if (command.type === 'connector.last') return { ok: true, value: null }
  if (command.type === 'sessionKey.make') return { ok: true, value: madeKey() }
  if (command.type === 'connector.copy' || command.type === 'sessionKey.copy')
    return { ok: true, value: { text: 'copied text', copied: true } }
  if (command.type !== 'connector.build') return undefined
  const { issueId, company, externalKey } = command.choice
  if (issueId === '') {
    const message = 'Choose an issue: it says where the customer goes.'
    return { ok: true, value: { url: null, qr: null, problems: [{ field: 'issueId', message }] } }
  }
  const url = `https://support.example.com/?i=${issueId}&c=${company}&k=${externalKey}`
  return { ok: true, value: { url, qr: qrOf(url), problems: [] } }
}

/** A QR code as it is drawn, module by module with the room around it. Runs in the page. */
export function drawnCode(svg: Element) {
  const size = (svg as unknown as SVGSVGElement).viewBox.baseVal.width
  const [path, ground] = [svg.querySelector('path'), svg.querySelector('rect')]
  const box = svg.getBoundingClientRect()
  const canvas = document.createElement('canvas').getContext('2d')
  const dark = new Path2D(path?.getAttribute('d') ?? '')
  const line = (y: number) =>
    Array.from({ length: size }, (_, x) => (canvas?.isPointInPath(dark, x + 0.5, y + 0.5) === true ? '1' : '0'))
  return {
    rows: Array.from({ length: size }, (_, y) => line(y).join('')),
    colours: [path, ground].map((one) => one && getComputedStyle(one).fill),
    ground: [ground?.getAttribute('width'), ground?.getAttribute('height')],
    perModule: box.width / size,
  }
}
