/** Links for customers: connector URLs and session keys, with what was chosen last. */
import type { ConnectorChoice, ConnectorUrl, Copied, MadeSessionKey, SessionKeyChoice } from '../preload/contract.ts'
import type { ApplianceLink } from './appliance/link.ts'
import { qrOf } from './appliance/qr.ts'
import { buildConnectorUrl, proposeGeneration } from './appliance/url.ts'
import { parseVersion } from './appliance/version.ts'
import type { Handlers } from './command.ts'
import type { LinkChoices } from './link-choices.ts'
import { mailOf, proposedMail } from './link-mail.ts'
import type { Store } from './store.ts'
import { Unable } from './unable.ts'

/** Commands of links. */
export type LinkCommand =
  | 'connector.build'
  | 'connector.copy'
  | 'connector.last'
  | 'sessionKey.make'
  | 'sessionKey.copy'

/** Session keys of this run that can still be copied. */
const MOST_KEYS = 50

/** There is no way round an issue here. */
const NO_ISSUE = { field: 'issueId', message: 'Choose an issue: it says where the customer goes.' } as const

export interface LinksOptions {
  readonly store: Pick<Store, 'get'>
  readonly link: Pick<ApplianceLink, 'client'>
  readonly choices: LinkChoices
  readonly now: () => number
  readonly toClipboard: (text: string) => Promise<Copied>
}

/**
 * The fields of a choice, without blanks around them, and no others: a window may send more, which would go into the
 * link and into the journal.
 */
function plain(choice: ConnectorChoice): ConnectorChoice {
  return {
    issueId: choice.issueId.trim(),
    customerName: choice.customerName.trim(),
    company: choice.company.trim(),
    companyCode: choice.companyCode.trim(),
    description: choice.description.trim(),
    externalKey: choice.externalKey.trim(),
  }
}

/** @see LinkCommand */
export function createLinks(options: LinksOptions): Pick<Handlers, LinkCommand> {
  const { store, choices, now, toClipboard } = options
  /** In memory alone: whoever has a key gets a session. The oldest first. */
  const keys = new Map<number, MadeSessionKey>()

  function connectorUrl(choice: ConnectorChoice): ConnectorUrl {
    const { settings, appliance } = store.get()
    const form = settings['appliance.urlForm']
    // Where a relay asks the appliance, it is the one who knows where that is.
    const host = settings['appliance.host'] || (appliance.origin ?? '')
    if (host === '') throw new Unable('Enter the appliance’s host name under Settings › Appliance first.')
    const version = appliance.apiVersion === null ? null : parseVersion(appliance.apiVersion)
    const { issueId, ...fields } = choice
    const built = buildConnectorUrl(form === 'auto' ? proposeGeneration(version) : form, {
      host,
      destination: issueId === '' ? null : { issueId },
      ...fields,
    })
    const problems = built.problems.map((each) => (each.field === 'destination' ? NO_ISSUE : each))
    return { url: built.url, qr: built.url === null ? null : qrOf(built.url), problems }
  }

  async function makeKey({ queue, externalKey, minutes }: SessionKeyChoice): Promise<MadeSessionKey> {
    const { cannot } = store.get().appliance
    if (cannot.sessionKey !== undefined) throw new Unable(cannot.sessionKey)
    const made = await options.link.client().generateSessionKey({
      queue,
      externalKey: externalKey.trim(),
      ...(minutes === null ? {} : { ttl: minutes * 60 }),
    })
    const { shortKey, url, expiresAt, mailSubject, mailBody, available, externalKeyLost } = made
    // A window may outlive this process, so a number must not mean another key in the next one.
    const id = Math.max(now(), ...[...keys.keys()].map((each) => each + 1))
    const key: MadeSessionKey = {
      id,
      shortKey,
      url,
      qr: url === null ? null : qrOf(url),
      expiresAt,
      mailSubject,
      mailBody,
      available,
      externalKeyLost,
    }
    keys.set(id, key)
    for (const oldest of [...keys.keys()].slice(0, -MOST_KEYS)) keys.delete(oldest)
    return key
  }

  return {
    'connector.build': ({ choice }) => connectorUrl(plain(choice)),
    'connector.copy': ({ choice: given, as }) => {
      const choice = plain(given)
      const { url, problems } = connectorUrl(choice)
      if (url === null) throw new Unable(problems[0]?.message ?? 'The link cannot be built.')
      choices.remember(choice)
      if (as === 'url') return toClipboard(url)
      const template = store.get().settings['link.mail']
      return toClipboard(mailOf(template, { link: url, customer: choice.customerName, ticket: choice.externalKey }))
    },
    'connector.last': ({ externalKey }) => choices.last(externalKey.trim()),
    'sessionKey.make': ({ choice }) => makeKey(choice),
    'sessionKey.copy': ({ id, what }) => {
      const key = keys.get(id)
      if (key === undefined) throw new Unable('This session key is no longer kept here. Make a new one.')
      const text = what === 'mail' ? proposedMail(key.mailSubject, key.mailBody) : key[what]
      if (text === null || text === '') throw new Unable('The appliance gave none.')
      return toClipboard(text)
    },
  }
}
