/** How the API of one product version behaves. A new version is a new row of `GENERATIONS`. */
export interface Generation {
  /** `api_version` of `get_api_info`. */
  readonly apiVersion: string
  readonly commandPaths: readonly string[]
  readonly commandNamespace: string
  /** `username` and `password` among the parameters. */
  readonly userAccounts: boolean
  /** OAuth2 client credentials at `/oauth2/token`; without them and without parameters: 401 and JSON. */
  readonly apiAccounts: boolean
  /** `company_name` and `permissions` in `get_api_info`. */
  readonly companyName: boolean
  readonly permissions: boolean
  /** `public_display_name` and `private_display_name` beside `display_name`. */
  readonly publicNames: boolean
}

const OLD_PATH = '/api/command.ns'
const PATH = '/api/command'
const BOMGAR_COMMAND = 'http://www.bomgar.com/namespaces/API/command'

const LATER: Generation = {
  apiVersion: '1.19.0',
  commandPaths: [PATH, OLD_PATH],
  commandNamespace: BOMGAR_COMMAND,
  userAccounts: true,
  apiAccounts: true,
  companyName: true,
  permissions: true,
  publicNames: true,
}

const EARLIER: Generation = {
  ...LATER,
  apiVersion: '1.5.0',
  commandPaths: [OLD_PATH],
  apiAccounts: false,
  permissions: false,
  publicNames: false,
}

/**
 * By product version. 19.1 is the only one of which real replies are known; it takes both ways of logging in and both
 * paths here, as a box does that was upgraded again and again. The others follow the manuals of their time.
 */
export const GENERATIONS = {
  '10.6': EARLIER,
  '14.1': { ...EARLIER, apiVersion: '1.11.0', commandPaths: [PATH], publicNames: true },
  '19.1': LATER,
  '24.3': {
    ...LATER,
    apiVersion: '1.24.1',
    commandPaths: [PATH],
    commandNamespace: 'https://www.beyondtrust.com/namespaces/API/command',
    userAccounts: false,
    companyName: false,
  },
} as const satisfies Record<string, Generation>

export type GenerationName = keyof typeof GENERATIONS

export const DEFAULT_GENERATION: GenerationName = '19.1'

export const isGeneration = (text: string): text is GenerationName => Object.hasOwn(GENERATIONS, text)
