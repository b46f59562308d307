/** What is to be entered at the appliance so that its events come here: the fields of a recipient, in its own words. */
import type { NetworkInterfaceInfo } from 'node:os'
import type { CertificateInfo, LocalAddress, RecipientField } from '../preload/contract.ts'

/** Where in the appliance's web interface they are entered. */
const PLACE = '/login › Management › Outbound Events'

export interface RecipientFacts {
  /** Name of this computer. */
  readonly computer: string
  readonly url: string
  /** Of the listener; null: plain HTTP. */
  readonly certificate: CertificateInfo | null
}

/** The fields of the form for an HTTP recipient that matter here, in its order. */
export function recipientFields({ computer, url, certificate }: RecipientFacts): readonly RecipientField[] {
  return [
    { label: 'Name', value: recipientName(computer), help: 'Any will do.' },
    { label: 'URL', value: url, help: 'Cloud sites take https addresses alone.' },
    ...(certificate === null ? [] : [certificateField(certificate)]),
    { label: 'Send Custom Fields', value: 'as you like', help: 'They are kept and shown with the session.' },
    {
      label: 'Events to Send',
      value: 'all',
      help: 'Sessions that start and end, owners that change, members who join and leave, both exit surveys.',
    },
    {
      label: 'Retry Interval',
      value: 'the shortest',
      help: 'While this computer is away, only its own recipient waits.',
    },
    {
      label: 'Retry Duration',
      value: 'a weekend or longer',
      help: 'After that the appliance drops what it could not deliver.',
    },
    { label: 'Email Contact(s)', value: 'none', help: 'Else somebody gets mail whenever this computer sleeps.' },
  ]
}

function certificateField({ own }: CertificateInfo): RecipientField {
  return {
    label: 'Use a CA certificate',
    value: own ? 'yes' : 'if your own CA issued it',
    help: own
      ? 'Upload the root certificate of this computer: Settings › Receiving events saves it as a file.'
      : 'Then upload the root certificate of that CA.',
  }
}

/** A name for the recipient that tells it from those of other computers. */
export function recipientName(computer: string): string {
  return `Rep Tray on ${computer}`
}

/** All of it as text, for whoever administers the appliance. */
export function recipientText(fields: readonly RecipientField[]): string {
  return [
    `Please add an HTTP recipient under ${PLACE}:`,
    '',
    ...fields.map(({ label, value, help }) =>
      label === 'URL' ? `${label}: ${value}` : `${label}: ${value} (${help})`,
    ),
    '',
    'The URL holds a secret: please treat it like a password.',
    '',
  ].join('\n')
}

/** Addresses by which others may reach this computer: not its own loop, nor those that hold on one cable alone. */
export function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): readonly LocalAddress[] {
  const all = Object.entries(interfaces).flatMap(([name, infos = []]) => infos.map((info) => ({ name, ...info })))
  return all
    .filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
    .toSorted((one, other) => one.family.localeCompare(other.family))
    .map(({ address, name }) => ({ address, name }))
}
