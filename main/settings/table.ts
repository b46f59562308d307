/** All settings in one table: type, default, check, and the words that the window shows. */
import { isIP } from 'node:net'
import { LIMITS, type SettingKey, type Settings } from '../../preload/contract.ts'
import { choice, file, flag, isNetwork, lines, list, text, whole, type Definition } from './kinds.ts'

/** Names as DNS has them; also what a single label looks like. */
const HOST_NAME = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*\.?$/i
const DIGITS = /^\d{1,18}$/

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u').unicode
  } catch {
    return false
  }
}

/** With the key where it belongs: in the path, the query or the fragment, where it can change nothing else. */
function isTicketUrl(template: string): boolean {
  const url = URL.parse(template.replaceAll('{key}', 'key'))
  const host = URL.parse(template.replaceAll('{key}', 'other'))?.host
  return (
    url !== null && url.protocol === 'https:' && url.username === '' && url.host === host && template.includes('{key}')
  )
}

/** Encrypted, or on this computer itself. */
function isUpdateUrl(given: string): boolean {
  const url = URL.parse(given)
  if (url === null || url.username !== '') return false
  return (
    url.protocol === 'https:' || (url.protocol === 'http:' && /^(127\.0\.0\.1|localhost|\[::1\])$/.test(url.hostname))
  )
}

/** As Electron writes accelerators: at least one modifier beside Shift, and one key. */
function isShortcut(given: string): boolean {
  const modifiers = '(CommandOrControl|CmdOrCtrl|Command|Cmd|Control|Ctrl|Alt|Option|AltGr|Super|Meta)'
  return new RegExp(
    `^(?=.*\\b${modifiers}\\+)((${modifiers}|Shift)\\+){1,4}([A-Z0-9]|F([1-9]|1\\d|2[0-4])|Space|Plus)$`,
  ).test(given)
}

/** The table. A new setting is one line here and one in the contract. */
export const SETTINGS: { readonly [Key in SettingKey]: Definition<Settings[Key]> } = {
  'me.repId': text(
    {
      label: 'Representative ID',
      help: 'Your number on the appliance: the 12 in rep:12. Sessions of this owner are yours.',
    },
    { fits: (given) => DIGITS.test(given), shape: 'a number' },
  ),
  'me.username': text({
    label: 'Username',
    help: 'Your username on the appliance. Your representative ID is learned from it when you join a session.',
  }),
  'me.name': text({ label: 'Name', help: 'How you are called here. For display only.' }),
  'me.teams': list(
    { label: 'Teams', help: 'IDs of your support teams: the 5 in team:5. Their queues are watched for you.' },
    (item) => DIGITS.test(item),
    'the number of a team',
  ),
  'notify.transferred': flag(
    { label: 'Session transferred to me', help: 'A session of a queue or of someone else became yours.' },
    true,
  ),
  'notify.started': flag({ label: 'Session started with me', help: 'A customer came straight to you.' }, true),
  'notify.teamQueue': flag(
    { label: 'Customer waits in my team’s queue', help: 'A session came into the queue of one of your teams.' },
    true,
  ),
  'notify.generalQueue': flag(
    { label: 'Customer waits in the general queue', help: 'A session came into the queue that everybody shares.' },
    false,
  ),
  'notify.customerJoined': flag(
    { label: 'Customer joined', help: 'The customer of a session of yours came late, or came back.' },
    true,
  ),
  'notify.customerLeft': flag({ label: 'Customer left', help: 'The customer of a session of yours went away.' }, true),
  'notify.ended': flag({ label: 'Session ended', help: 'A session of yours came to its end.' }, true),
  'notify.survey': flag(
    { label: 'Survey arrived', help: 'The customer of a session of yours answered the exit survey.' },
    true,
  ),
  'notify.details': flag(
    {
      label: 'Show customer and ticket',
      help: 'Off: notifications name neither the customer nor the ticket, for shared or locked screens.',
    },
    true,
  ),
  'notify.quiet': flag({ label: 'Quiet', help: 'Nothing pops up; alerts are still collected in the window.' }, false),
  'window.theme': choice({ label: 'Theme', help: 'Colours of the window.' }, ['system', 'light', 'dark']),
  'window.startAtLogin': flag(
    {
      label: 'Start at login',
      help: 'As the system has it. Installed with Electron only: in browser mode and development there is nothing to start.',
    },
    false,
  ),
  'tray.icon': choice(
    { label: 'Tray icon', help: 'Light or dark icon, if the system’s choice cannot be seen on your panel.' },
    ['system', 'light', 'dark'],
  ),
  'listener.addresses': list(
    {
      label: 'Listen on',
      help: 'Addresses of this computer at which the appliance’s events come in. 127.0.0.1 is reached from this computer only, 0.0.0.0 and :: from everywhere.',
    },
    (item) => isIP(item) !== 0,
    'an address such as 127.0.0.1, 0.0.0.0 or ::',
    ['127.0.0.1'],
  ),
  'listener.port': whole(
    { label: 'Port', help: 'TCP port for the appliance’s events. 0 takes any free one.' },
    0,
    65535,
    8180,
  ),
  'listener.names': list(
    {
      label: 'Names of this computer',
      help: 'Host names by which the appliance calls this computer, besides its own name and its addresses.',
    },
    (item) => HOST_NAME.test(item),
    'a host name',
  ),
  'listener.allow': list(
    {
      label: 'Allowed senders',
      help: 'Addresses or networks that may send events (192.0.2.10, 2001:db8::/64). Empty: any, the token decides.',
    },
    isNetwork,
    'an address or a network',
  ),
  'listener.https': choice(
    {
      label: 'HTTPS',
      help: 'off: plain HTTP. own: a certificate that Rep Tray makes and renews; its root has to be given to the appliance once. file: your site’s certificate.',
    },
    ['off', 'own', 'file'],
  ),
  'listener.certificateFile': file({
    label: 'Certificate',
    help: 'For HTTPS with your site’s certificate: a PEM file with its chain, or a PKCS#12 file (.pfx, .p12). A new file is taken over by itself.',
  }),
  'listener.keyFile': file({
    label: 'Private key of the certificate',
    help: 'A PEM file. Empty if the key is in the certificate’s file.',
  }),
  'relay.credentialFile': text({
    label: 'Credential for the site’s relay',
    help: 'File that your administrator has made for this workstation. Events then come from the relay, and nothing listens here. Empty: none.',
  }),
  'browser.port': whole(
    {
      label: 'Port of the window',
      help: 'Browser mode only: port of the window’s page on this computer. 0 takes any free one.',
    },
    0,
    65535,
    8182,
  ),
  'journal.days': whole({ label: 'Keep events for days', help: 'Older events are deleted.' }, 1, 3650, 90),
  'journal.megabytes': whole(
    { label: 'Keep at most megabytes', help: 'Beyond this size the oldest events are deleted.' },
    16,
    100_000,
    1024,
  ),
  'appliance.clientId': text({
    label: 'API account: client ID',
    help: 'OAuth client ID of the API account (version 16.1 and newer).',
  }),
  'appliance.username': text({
    label: 'API user: username',
    help: 'Only for boxes before 16.1, which know no API accounts.',
  }),
  'appliance.urlForm': choice(
    {
      label: 'Form of connector URLs',
      help: 'Which generation of session start URLs the box understands; auto goes by its version.',
    },
    ['auto', 'start', 'start.ns', 'connector'],
  ),
  'ticket.pattern': text(
    {
      label: 'What a ticket looks like',
      help: 'A regular expression, for example INC\\d{7}. A key that does not match is warned of, not refused.',
    },
    { fits: isPattern, shape: 'a regular expression' },
  ),
  'ticket.url': text(
    {
      label: 'Page of a ticket',
      help: 'Where a ticket opens, with {key} in place of its key: https://tickets.example.com/find?number={key}.',
    },
    { fits: isTicketUrl, shape: 'an https address with {key} in it' },
  ),
  'link.mail': lines(
    {
      label: 'Mail with a link',
      help: 'The text that is copied for a mail to the customer. {link}, {customer} and {ticket} are filled in; a line whose entries are all empty is left out.',
    },
    'Hello {customer},\n\nplease open this link to start your support session:\n{link}\n\nYour ticket: {ticket}',
  ),
  'lookup.shortcut': text(
    {
      label: 'Shortcut for a quick lookup',
      help: 'Works in every program, for example CommandOrControl+Alt+Shift+L. Empty: none. In browser mode there is none.',
    },
    { fits: isShortcut, shape: 'a key with its modifiers, such as CommandOrControl+Alt+Shift+L' },
  ),
  'lookup.days': whole(
    {
      label: 'Days to look back',
      help: 'How far back the appliance’s reports are searched. It keeps 90 days at most.',
    },
    1,
    90,
    90,
  ),
  'update.url': text(
    {
      label: 'Updates from',
      help: 'Folder of your site’s server with new versions: https://updates.example.com/rep-tray/. Empty: none are looked for. Installations by MSI, deb or rpm, or for all users, are updated by your administrator.',
    },
    { fits: isUpdateUrl, shape: 'an https address', longest: LIMITS.text },
  ),
  'setup.done': flag(
    {
      label: 'Set-up finished',
      help: 'Off: the window opens with the set-up assistant. An administrator who sets everything by policy sets this, too.',
    },
    false,
  ),
  'appliance.host': text(
    { label: 'Appliance', help: 'Host name of the support site, for example support.example.com.' },
    { fits: (given) => /^(https?:\/\/)?[^\s/@?#]+\/?$/i.test(given), shape: 'a host name' },
  ),
}

/** Keys of the table, in its order. */
export const SETTING_KEYS = Object.keys(SETTINGS) as readonly SettingKey[]

/** Is this text the key of a setting? */
export function isSettingKey(key: string): key is SettingKey {
  return Object.hasOwn(SETTINGS, key)
}
