/** How the APIs of one product generation behave. A new generation is a new row of `GENERATIONS`. */
export interface Generation {
  /** `api_version` of `get_api_info`. */
  readonly apiVersion: string
  /** `version` of `check_health`. */
  readonly product: string

  readonly commandPaths: readonly string[]
  readonly reportingPaths: readonly string[]
  readonly backupPath: string
  readonly startPath: string
  readonly commandNamespace: string
  readonly reportingNamespace: string

  /** `username` and `password` among the parameters. */
  readonly userAccounts: boolean
  /** OAuth2 client credentials at `/oauth2/token`; without them and without parameters: 401 and JSON. */
  readonly apiAccounts: boolean
  /** Limits of an API account, told in headers; null: neither. */
  readonly rateLimits: RateLimits | null

  readonly commands: ReadonlySet<string>
  /** Values of `generate_report`. */
  readonly reports: ReadonlySet<string>
  /** Spelling of custom fields and of the external key in commands and in start URLs. */
  readonly spelling: Spelling

  /** `company_name` and `permissions` in `get_api_info`. */
  readonly companyName: boolean
  readonly permissions: boolean
  /** `public_display_name` and `private_display_name` beside `display_name`. */
  readonly publicNames: boolean
  /** Where `get_support_teams` has the text of an issue: in a child of that name, or as the element's own text. */
  readonly issueTitle: 'title' | 'name' | 'own text'
  readonly issueCode: 'none' | 'child' | 'attribute'
  /** Whether `get_session_attributes` has the external key too. */
  readonly keyIsAttribute: boolean
  /** Which child of a report's `representative` says who owned the session. */
  readonly ownerFlag: 'primary_rep' | 'session_owner'
  /** Surveys within a session: as `value` elements, or as questions with answers. */
  readonly surveyForm: 'values' | 'questions'
  /** Custom attributes, links to chat and recordings, and the public site in reports. */
  readonly fullReports: boolean
  /** `external_key` in `SupportSessionListing`. */
  readonly listingKeys: boolean
}

/** Requests that an API account has free, all endpoints together. */
export interface RateLimits {
  readonly perSecond: number
  readonly perHour: number
}

export interface Spelling {
  readonly externalKey: string
  /** Before the code name of a custom field; null: there are none. */
  readonly customField: string | null
  /** The customer's fields in a start URL. */
  readonly name: string
  readonly company: string
  readonly companyCode: string
  readonly details: string
  /** An issue by its code name in a start URL; null: by its id alone. */
  readonly codeName: string | null
  /** A session key in a start URL; null: not there. */
  readonly shortKey: string | null
}

const EARLY_SPELLING: Spelling = {
  externalKey: 'external_key',
  customField: null,
  name: 'customer_name',
  company: 'customer_company',
  companyCode: 'customer_company_code',
  details: 'customer_desc',
  codeName: null,
  shortKey: null,
}

const SPELLING: Spelling = {
  externalKey: 'session.custom.external_key',
  customField: 'session.custom.',
  name: 'customer.name',
  company: 'customer.company',
  companyCode: 'customer.company_code',
  details: 'customer.details',
  codeName: 'codeName',
  shortKey: 'short_key',
}

const FIRST_COMMANDS = [
  'get_api_info',
  'get_logged_in_reps',
  'get_support_teams',
  'generate_session_key',
  'transfer_session',
]
const COMMANDS_14 = [
  ...FIRST_COMMANDS,
  'join_session',
  'terminate_session',
  'set_session_attributes',
  'get_session_attributes',
  'get_connected_client_list',
  'check_health',
]

const FIRST_REPORTS = [
  'SupportSession',
  'SupportSessionListing',
  'SupportSessionSummary',
  'SupportSessionRecording',
  'CommandShellRecording',
  'PresentationRecording',
  'SupportCustExitSurvey',
  'SupportRepExitSurvey',
  'SupportTeam',
]
const REPORTS = [...FIRST_REPORTS, 'PresentationSessionRecording']

/** The earliest pages leave `Support` out of the names of the reports; both are taken. */
const REPORTS_2008 = FIRST_REPORTS.flatMap((name) => [name, name.replace('Support', '')])

const BOMGAR = 'http://www.bomgar.com/namespaces/API'
const BEYONDTRUST = 'https://www.beyondtrust.com/namespaces/API'

const GENERATION_2008: Generation = {
  apiVersion: '1.0.0',
  product: '8.2.4 (12006)',
  commandPaths: ['/api/command.ns'],
  reportingPaths: ['/api/reporting.ns'],
  backupPath: '/api/backup.ns',
  startPath: '/download_customer_connector.ns',
  commandNamespace: `${BOMGAR}/command`,
  reportingNamespace: `${BOMGAR}/reporting`,
  userAccounts: true,
  apiAccounts: false,
  rateLimits: null,
  commands: new Set(FIRST_COMMANDS),
  reports: new Set(REPORTS_2008),
  spelling: EARLY_SPELLING,
  companyName: true,
  permissions: false,
  publicNames: false,
  issueTitle: 'own text',
  issueCode: 'none',
  keyIsAttribute: false,
  ownerFlag: 'primary_rep',
  surveyForm: 'values',
  fullReports: false,
  listingKeys: true,
}

const GENERATION_10: Generation = {
  ...GENERATION_2008,
  apiVersion: '1.5.0',
  product: '10.6.3 (24110)',
  startPath: '/api/start_session.ns',
  reports: new Set(REPORTS),
  issueTitle: 'name',
}

const GENERATION_14: Generation = {
  ...GENERATION_10,
  apiVersion: '1.11.0',
  product: '14.1.2 (31877)',
  commandPaths: ['/api/command'],
  reportingPaths: ['/api/reporting'],
  backupPath: '/api/backup',
  startPath: '/api/start_session',
  commands: new Set(COMMANDS_14),
  spelling: SPELLING,
  publicNames: true,
  issueTitle: 'title',
  issueCode: 'attribute',
  ownerFlag: 'session_owner',
  fullReports: true,
}

const GENERATION_19: Generation = {
  ...GENERATION_14,
  apiVersion: '1.19.0',
  product: '19.1.8 (37380-example)',
  commandPaths: ['/api/command', '/api/command.ns'],
  reportingPaths: ['/api/reporting', '/api/reporting.ns'],
  apiAccounts: true,
  permissions: true,
  issueCode: 'child',
  keyIsAttribute: true,
  surveyForm: 'questions',
}

/**
 * By product version. 19.1 is the only one of which real replies are known; it takes both ways of logging in and both
 * paths here, as a box does that was upgraded again and again. The others follow the manuals of their time, and differ
 * where these are silent, so that whoever reads the replies meets each layout.
 */
export const GENERATIONS = {
  '2008': GENERATION_2008,
  '10.6': GENERATION_10,
  '14.1': GENERATION_14,
  '19.1': GENERATION_19,
  '24.x': {
    ...GENERATION_19,
    apiVersion: '1.24.1',
    product: '24.3.1 (59012-example)',
    commandPaths: ['/api/command'],
    reportingPaths: ['/api/reporting'],
    commandNamespace: `${BEYONDTRUST}/command`,
    reportingNamespace: `${BEYONDTRUST}/reporting`,
    userAccounts: false,
    rateLimits: { perSecond: 20, perHour: 15_000 },
    commands: new Set([...COMMANDS_14, 'leave_session']),
    companyName: false,
    issueTitle: 'title',
    issueCode: 'attribute',
  },
} as const satisfies Record<string, Generation>

export type GenerationName = keyof typeof GENERATIONS

export const DEFAULT_GENERATION: GenerationName = '19.1'

/** The generation that a name or the product version of one of its boxes stands for; undefined if there is none. */
export function generationNamed(text: string): GenerationName | undefined {
  if (Object.hasOwn(GENERATIONS, text)) return text as GenerationName
  return /^24\.\d+$/.test(text) ? '24.x' : undefined
}
