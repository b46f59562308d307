/** Settings for the window's tests, and how main describes them. */
import type { SettingInfo, SettingKey, Settings } from '../../preload/contract.ts'

export const SETTINGS: Settings = {
  'me.repId': '12',
  'me.username': 'dreyes',
  'me.name': 'Dana Reyes',
  'me.teams': ['5', '8'],
  'notify.transferred': true,
  'notify.started': true,
  'notify.teamQueue': true,
  'notify.generalQueue': false,
  'notify.customerJoined': true,
  'notify.customerLeft': true,
  'notify.ended': true,
  'notify.survey': true,
  'notify.details': true,
  'notify.quiet': false,
  'window.theme': 'system',
  'window.startAtLogin': false,
  'update.url': '',
  'tray.icon': 'system',
  'listener.addresses': ['127.0.0.1'],
  'listener.port': 8180,
  'listener.names': [],
  'listener.allow': ['192.0.2.10'],
  'listener.https': 'off',
  'listener.certificateFile': '',
  'listener.keyFile': '',
  'relay.credentialFile': '',
  'browser.port': 8182,
  'journal.days': 90,
  'journal.megabytes': 1024,
  'appliance.host': '',
  'appliance.clientId': '',
  'appliance.username': '',
  'appliance.urlForm': 'auto',
  'ticket.pattern': String.raw`^(INC|RITM)\d{7}`,
  'ticket.url': '',
  'link.mail': 'Hello {customer}, {link}',
  'lookup.days': 90,
  'lookup.shortcut': '',
  'setup.done': true,
}

type InfoLine = readonly [label: string, help: string, type: SettingInfo['type'], byDefault: SettingInfo['default']]

const INFO: Readonly<Record<SettingKey, InfoLine>> = {
  'me.repId': ['Representative ID', 'Your number on the appliance: the 12 in rep:12.', 'text', ''],
  'me.username': ['Username', 'Your username on the appliance.', 'text', ''],
  'me.name': ['Name', 'How you are called here. For display only.', 'text', ''],
  'me.teams': ['Teams', 'IDs of your support teams: the 5 in team:5. Their queues are watched for you.', 'list', []],
  'notify.transferred': ['Session transferred to me', 'A session of someone else became yours.', 'boolean', true],
  'notify.started': ['Session started with me', 'A customer came straight to you.', 'boolean', true],
  'notify.teamQueue': ['Customer waits in my team’s queue', 'In the queue of one of your teams.', 'boolean', true],
  'notify.generalQueue': ['Customer waits in the general queue', 'The queue that all share.', 'boolean', false],
  'notify.customerJoined': ['Customer joined', 'The customer of a session of yours came back.', 'boolean', true],
  'notify.customerLeft': ['Customer left', 'The customer of a session of yours went away.', 'boolean', true],
  'notify.ended': ['Session ended', 'A session of yours came to its end.', 'boolean', true],
  'notify.survey': ['Survey arrived', 'The customer answered the exit survey.', 'boolean', true],
  'notify.details': [
    'Show customer and ticket',
    'Off: notifications name neither the customer nor the ticket, for shared or locked screens.',
    'boolean',
    true,
  ],
  'notify.quiet': ['Quiet', 'Nothing pops up; alerts are still collected in the window.', 'boolean', false],
  'window.theme': ['Theme', 'Colours of the window.', 'choice', 'system'],
  'update.url': ['Updates from', 'Empty: none are looked for.', 'text', ''],
  'window.startAtLogin': ['Start at login', 'As the system has it.', 'boolean', false],
  'tray.icon': ['Tray icon', 'Light or dark icon, if the system’s choice cannot be seen.', 'choice', 'system'],
  'listener.addresses': [
    'Listen on',
    'Addresses of this computer at which the appliance’s events come in. 127.0.0.1 is reached from this computer only.',
    'list',
    ['127.0.0.1'],
  ],
  'listener.port': ['Port', 'TCP port for the appliance’s events. 0 takes any free one.', 'number', 8180],
  'listener.names': ['Names of this computer', 'Host names by which the appliance calls it.', 'list', []],
  'listener.allow': ['Allowed senders', 'Addresses or networks. Empty: any, the token decides.', 'list', []],
  'listener.https': ['HTTPS', 'off: plain HTTP.', 'choice', 'off'],
  'listener.certificateFile': ['Certificate', 'A PEM or PKCS#12 file.', 'text', ''],
  'listener.keyFile': ['Private key of the certificate', 'A PEM file.', 'text', ''],
  'relay.credentialFile': ['Credential for the site’s relay', 'A file.', 'text', ''],
  'browser.port': ['Port of the window', 'Browser mode only: port of the window’s page.', 'number', 8182],
  'journal.days': ['Keep events for days', 'Older events are deleted.', 'number', 90],
  'journal.megabytes': ['Keep at most megabytes', 'Beyond this the oldest events are deleted.', 'number', 1024],
  'appliance.host': ['Appliance', 'Host name of the support site, for example support.example.com.', 'text', ''],
  'appliance.clientId': ['API account: client ID', 'OAuth client ID of the API account.', 'text', ''],
  'appliance.username': ['API user: username', 'Only for boxes before 16.1.', 'text', ''],
  'appliance.urlForm': ['Form of connector URLs', 'Auto goes by the version of the box.', 'choice', 'auto'],
  'ticket.pattern': ['What a ticket looks like', 'A regular expression.', 'text', ''],
  'lookup.days': ['Days to look back', 'How far back the appliance’s reports are searched.', 'number', 90],
  'ticket.url': ['Page of a ticket', 'Where a ticket opens.', 'text', ''],
  'link.mail': ['Mail with a link', 'The text of a mail.', 'lines', 'Hello {customer}, {link}'],
  'lookup.shortcut': ['Shortcut for a quick lookup', 'Works in every program.', 'text', ''],
  'setup.done': ['Set-up finished', 'Off: the window opens with the set-up assistant.', 'boolean', false],
}

const CHOICES: Readonly<Partial<Record<SettingKey, readonly string[]>>> = {
  'listener.https': ['off', 'own', 'file'],
  'appliance.urlForm': ['auto', 'start', 'start.ns', 'connector'],
}

/** All settings as main describes them; those named are locked. */
export function settingInfo(locked: readonly SettingKey[] = []): readonly SettingInfo[] {
  return Object.entries(INFO).map(([name, [label, help, type, byDefault]]) => {
    const key = name as SettingKey
    return {
      key,
      label,
      help,
      type,
      ...(type === 'choice' ? { choices: CHOICES[key] ?? ['system', 'light', 'dark'] } : {}),
      default: byDefault,
      locked: locked.includes(key),
    }
  })
}
