/** The words of links for customers; part of LABELS. */
import type { ConnectorChoice } from '../preload/contract.ts'

export const LINK_LABELS = {
  open: 'Link for the customer…',
  title: 'Link for the customer',
  kind: 'Kind of link',
  kinds: { issue: 'Link with an issue', key: 'Session key' },
  help: {
    issue: 'Who opens it starts a session with these entries.',
    key: 'Good for a while: as a link, as a picture, or as digits that the customer types.',
  },
  issue: 'Issue',
  noIssue: 'Choose an issue',
  noIssues: 'The appliance lists no issue for a link. A session key needs none.',
  fields: {
    customerName: 'Customer’s name',
    externalKey: 'External key',
    company: 'Company',
    companyCode: 'Company code',
    description: 'Description',
  } satisfies Record<Exclude<keyof ConnectorChoice, 'issueId'>, string>,
  preview: 'Link',
  copy: 'Copy link',
  copyMail: 'Copy mail text',
  mail: 'Mail text',

  qr: 'QR code of the link',
  enlarge: 'Enlarge QR code',

  queue: 'For whom',
  me: 'Me',
  myTeams: 'My teams',
  team: 'Team',
  general: 'General queue',
  issues: 'Teams by issue',
  life: 'Good for',
  /** Minutes; an empty one is the appliance’s own. */
  lives: { '': 'As the appliance has it', 15: '15 minutes', 60: '1 hour', 480: '8 hours', 1440: '1 day' },
  make: 'Make session key',
  making: 'Making',
  another: 'Make another',
  shortKey: 'Short key',
  typedAt: (host: string): string => `The customer types it at ${host}`,
  copyShortKey: 'Copy short key',
  lost: 'The appliance did not take the external key: sessions of this key will not carry it. Set it once the session is there.',
  nobodyThere: 'Nobody is there to take the session right now.',
  goodUntil: 'Good until',
  expired: 'No longer good since',
  noTicket: 'no external key',
} as const
