/** The words of the set-up assistant, and of settings in a file. A part of labels.ts. */
import type { CheckStep, State } from '../preload/contract.ts'
import type { StepName, StepStatus } from './views/setup-steps.ts'

export const SETUP_LABELS = {
  title: 'Set up Rep Tray',
  steps: 'Steps',
  names: {
    appliance: 'Appliance',
    me: 'Who you are',
    events: 'Events',
    notifications: 'Notifications',
    done: 'Done',
  } satisfies Record<StepName, string>,
  statuses: {
    done: 'done',
    todo: 'to do',
    waiting: 'waiting',
    problem: 'needs attention',
  } satisfies Record<StepStatus, string>,
  heading: (number: number, of: number, name: string): string => `Step ${number} of ${of}: ${name}`,
  leads: {
    appliance:
      'Where your support site is, and the account with which Rep Tray may ask it for sessions and set their keys. Without it you are told of events all the same.',
    me: 'So that Rep Tray can tell your sessions from all others.',
    events:
      'The appliance tells this computer what happens. For that it has to know where to, and the way has to be open.',
    notifications: 'What shows up on your desktop when a session becomes yours.',
    done: 'What works, and what is left. You can come back here at any time: Settings › Set-up.',
  } satisfies Record<StepName, string>,
  back: 'Back',
  next: 'Next',
  skip: 'Skip for now',
  later: 'Later',
  finish: 'Finish',
  unfinished: 'Rep Tray is not set up yet.',
  goOn: 'Go on with the set-up',

  account: 'Kind of account',
  accountHelp: 'Boxes from version 16.1 on have API accounts; older ones let a user in.',
  accounts: { client: 'API account', user: 'User' },
  advice: {
    name: 'Check the spelling of the host name, and that this computer is in the network or VPN from which it is known.',
    port: 'Check that a browser on this computer reaches the site; a firewall or proxy may stand between.',
    tls: 'Have the certificate of the appliance mended, or its issuer trusted on this computer.',
    credentials:
      'Copy ID and secret once more from /login › Management › API Configuration; a new secret makes the old one void.',
    permission: 'Let the account use the Command API and the Reporting API there.',
    version: 'Without this version Rep Tray does what it can; the rest stays switched off.',
    reply: 'Is this the host name of the support site? Something else may be answering there.',
  } satisfies Record<CheckStep['step'], string>,

  me: {
    who: (name: string, id: string): string => `You are ${name}, number ${id}.`,
    noName: 'without a name',
    teams: 'Your teams:',
    noTeams: 'No teams are set.',
    byUsername: (name: string): string => `You are ${name}. Your number is learned when you join your next session.`,
    list: 'Who is logged in to the representative console',
    listHelp: 'Log in there, and choose yourself.',
    filter: 'Filter representatives',
    filterHint: 'Name or number',
    nobody: 'Nobody is logged in to the console now.',
    noMatch: 'Nobody matches.',
    more: (amount: number): string => `${amount} more: type a part of the name.`,
    number: (id: string): string => `number ${id}`,
    refresh: 'Refresh',
    loading: 'Asking the appliance',
    choose: 'This is me',
    cannot: 'The appliance cannot be asked who is logged in. Enter it by hand.',
    byHand: 'Enter it by hand',
    byHandHelp:
      'Your username is enough: your number is learned from it when you join a session. The number itself is the 12 in rep:12; whoever administers the appliance finds it in your personal link, as id=12.',
  },

  events: {
    where: 'Where they come in',
    addresses: 'Addresses of this computer:',
    everywhere: 'all addresses',
    use: (address: string, name: string): string => `Listen on ${address} (${name})`,
    onlyHere: (address: string): string =>
      `Rep Tray listens on ${address}, which is reached from this computer only. Unless the appliance is on it, too, choose another address.`,
    enter: 'What to enter at the appliance',
    enterHelp:
      'Under /login › Management › Outbound Events, add an HTTP recipient with these entries; or send them to whoever administers the appliance.',
    copyName: 'Copy name',
    name: 'The name',
    copyAll: 'Copy all for the administrator',
    all: 'The entries',
    hidden: 'Only a fingerprint of the URL’s secret is kept. To copy the URL, make a new one.',
    relay: 'From the relay of your site',
    relayHelp: 'Events come from the relay; nothing listens here, and nothing has to be entered at the appliance.',
    relayListens:
      'Events come from your site’s relay. While they do, nothing listens here, and what stands below has no effect.',
    hasRelay: 'Does your site have a relay?',
    try: 'Is the way open?',
    test: 'Test the way in',
    testing: 'Testing',
    tested: 'Events can come in',
    testFailed: 'Events cannot come in',
    testHelp:
      'Rep Tray calls itself as the appliance would. A firewall on the way shows only when the appliance calls.',
    first: 'The first event',
    waiting: 'Waiting for the first event… Start a session, or transfer one.',
    came: 'Events come in. The last one:',
    cameSaid: 'The first event came in',
  },

  certificate: {
    name: 'Certificate',
    ownHelp:
      'Rep Tray makes it and renews it by itself. Save its root once, and have it uploaded at the appliance with the recipient.',
    fileHelp: 'The one of your site, from the file above.',
    none: 'There is none yet.',
    subject: 'For',
    issuer: 'Issued by',
    until: 'Good until',
    fingerprint: 'SHA-256',
    save: 'Save the root certificate',
    renew: 'Make a new certificate',
    renewed: 'There is a new certificate under the same root',
  },

  nothing: 'Nothing appeared?',
  nothingHelp: {
    electron: [
      'Windows: Settings › System › Notifications must be on, also for Rep Tray, and Do not disturb off.',
      'macOS: System Settings › Notifications › Rep Tray must allow them, and no Focus be on.',
      'Linux: the desktop needs a notification service, and its Do not disturb must be off.',
    ],
    browser: [
      'The browser must allow them: site settings, left of the address.',
      'The system must allow them for the browser: its settings, Notifications; and Do not disturb must be off.',
      'This page has to stay open, in any tab.',
    ],
  } satisfies Record<State['shell'], readonly string[]>,

  openStep: (name: string): string => `Open ${name}`,

  file: {
    assistant: 'Set-up assistant',
    assistantHelp: 'Leads through appliance, who you are, events and notifications.',
    again: 'Run the set-up assistant again',
    save: 'Settings as a file',
    saveHelp:
      'Saves your own settings to the folder for downloads, who you are included, without secrets. Another Rep Tray reads it, and an administrator can use it as a policy.',
    saveIt: 'Save settings to a file',
    saved: 'Saved:',
    read: 'Read settings from a file',
    readHelp: 'What stands in it takes effect at once; everything else stays as it is.',
    tooLarge: 'This file is too large to be one of settings.',
    unreadable: 'This file cannot be read.',
    refused: 'Not taken over:',
  },
} as const
