/** The doubles of the parts that stand for the system: theme, screens, power, clipboard, session, protocol, dialogs. */
import { EventEmitter } from 'node:events'
import type {
  CallbackResponse,
  Clipboard,
  CustomScheme,
  Dialog,
  Display,
  GlobalShortcut,
  NativeTheme,
  Point,
  Protocol,
  SafeStorage,
  Rectangle,
  Screen,
  Session,
  Shell,
  WebRequestFilter,
} from 'electron'
import type { Context } from './context.ts'

type KnownTheme = Pick<NativeTheme, 'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI' | 'themeSource'>

export function createTheme(context: Context) {
  const emitter = new EventEmitter()
  let source: NativeTheme['themeSource'] = 'system'
  let { dark } = context.surroundings
  const known = {
    get themeSource() {
      return source
    },
    set themeSource(value) {
      context.recorder.note('nativeTheme', 'set themeSource', value)
      if (value === source) return
      source = value
      emitter.emit('updated')
    },
    get shouldUseDarkColors() {
      return source === 'system' ? dark : source === 'dark'
    },
    get shouldUseDarkColorsForSystemIntegratedUI() {
      return dark
    },
    /** The system changed its theme. */
    setSystemDark(value: boolean) {
      dark = value
      emitter.emit('updated')
    },
  } satisfies KnownTheme & { setSystemDark(value: boolean): void }
  // Copied as they are: the properties are computed.
  return Object.defineProperties(emitter, Object.getOwnPropertyDescriptors(known)) as EventEmitter & typeof known
}

export function createShortcuts(context: Context) {
  const registered = new Map<string, () => void>()
  return {
    register(keys, press) {
      context.needReady('globalShortcut')
      const free = !context.surroundings.takenShortcuts.includes(keys) && !registered.has(keys)
      context.recorder.note('globalShortcut', 'register', keys, free)
      if (free) registered.set(keys, press)
      return free
    },
    unregisterAll: () => registered.clear(),
    /** As the person at the keyboard does it; false: nobody hears. */
    press(keys: string): boolean {
      registered.get(keys)?.()
      return registered.has(keys)
    },
  } satisfies Pick<GlobalShortcut, 'register' | 'unregisterAll'> & { press(keys: string): boolean }
}

export function createShell(context: Context) {
  return {
    async openExternal(url) {
      context.recorder.note('shell', 'openExternal', url)
    },
    showItemInFolder: (file) => context.recorder.note('shell', 'showItemInFolder', file),
  } satisfies Pick<Shell, 'openExternal' | 'showItemInFolder'>
}

type DoubleDisplay = Pick<Display, 'id' | 'workArea' | 'scaleFactor'>

export function createScreen(context: Context) {
  let displays: DoubleDisplay[] = [{ id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 }, scaleFactor: 1 }]
  const emitter = new EventEmitter()
  let cursor: Point = { x: 0, y: 0 }
  const known = {
    getCursorScreenPoint: () => {
      context.needReady('screen')
      return cursor
    },
    getDisplayNearestPoint: ({ x, y }) => {
      const has = ({ workArea: area }: DoubleDisplay) =>
        x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height
      return (displays.find(has) ?? displays[0]) as Display
    },
    getPrimaryDisplay: () => {
      context.needReady('screen')
      return displays[0] as Display
    },
    getAllDisplays: () => {
      context.needReady('screen')
      return displays as Display[]
    },
  } satisfies Pick<Screen, 'getAllDisplays' | 'getCursorScreenPoint' | 'getDisplayNearestPoint' | 'getPrimaryDisplay'>
  return Object.assign(emitter, known, {
    /** The person moved the pointer there. */
    pointAt(point: Point) {
      cursor = point
    },
    /** Screens were plugged in or out. */
    rearrange(areas: readonly (Rectangle & { scale?: number })[]) {
      displays = areas.map(({ scale = 1, ...workArea }, index) => ({ id: index + 1, workArea, scaleFactor: scale }))
      emitter.emit('display-metrics-changed')
    },
  })
}

export function createClipboard() {
  let text = ''
  return {
    writeText: async (next) => {
      text = next
    },
    readText: async () => text,
  } satisfies Pick<Clipboard, 'readText' | 'writeText'>
}

/** Ciphertext is the text itself with this in front: enough to see whether something was encrypted. */
const SEAL = 'sealed by the double:'

export function createSafeStorage(context: Context) {
  return {
    isAsyncEncryptionAvailable: async () => {
      context.needReady('safeStorage')
      return context.surroundings.keyring
    },
    getSelectedStorageBackend: () => (context.surroundings.keyring ? 'gnome_libsecret' : 'basic_text'),
    encryptStringAsync: async (text) => Buffer.from(`${SEAL}${text}`),
    decryptStringAsync: async (sealed) => {
      const text = sealed.toString()
      if (!text.startsWith(SEAL)) throw new Error('Error while decrypting the ciphertext provided.')
      return { result: text.slice(SEAL.length), shouldReEncrypt: false }
    },
  } satisfies Pick<
    SafeStorage,
    'decryptStringAsync' | 'encryptStringAsync' | 'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable'
  >
}

export function createDialog(context: Context) {
  return {
    showErrorBox: (title, content) => context.recorder.note('dialog', 'showErrorBox', title, content),
  } satisfies Pick<Dialog, 'showErrorBox'>
}

type Handler = Parameters<Protocol['handle']>[1]

export function createProtocol(context: Context) {
  const handlers = new Map<string, Handler>()
  const known = {
    handle(scheme, handler) {
      context.needReady('protocol.handle')
      context.recorder.note('protocol', 'handle', scheme)
      handlers.set(scheme, handler)
    },
    registerSchemesAsPrivileged(schemes: CustomScheme[]) {
      context.needUnready('protocol.registerSchemesAsPrivileged')
      context.recorder.note('protocol', 'registerSchemesAsPrivileged', schemes)
    },
  } satisfies Pick<Protocol, 'handle' | 'registerSchemesAsPrivileged'>
  return {
    ...known,
    /** What the application answers to a request of a page. */
    async request(url: string, method: string): Promise<Response> {
      const handler = handlers.get(new URL(url).protocol.slice(0, -1))
      if (handler === undefined) throw new Error(`Nobody handles ${url}`)
      // Node's Request keeps URLs of other schemes as they are, and Electron makes just such a one.
      return handler(new Request(url, { method }))
    },
  }
}

type BeforeRequest = (details: never, callback: (response: CallbackResponse) => void) => void

type Guards = Pick<
  Session,
  | 'setDevicePermissionHandler'
  | 'setDisplayMediaRequestHandler'
  | 'setPermissionCheckHandler'
  | 'setPermissionRequestHandler'
  | 'setSpellCheckerEnabled'
>

export function createSession(context: Context) {
  /** The handlers, to be asked by tests. Null: none was set, and Electron would allow. */
  const set = {
    permissionRequest: null as Parameters<Session['setPermissionRequestHandler']>[0],
    permissionCheck: null as Parameters<Session['setPermissionCheckHandler']>[0],
    devicePermission: null as Parameters<Session['setDevicePermissionHandler']>[0],
    displayMedia: null as Parameters<Session['setDisplayMediaRequestHandler']>[0],
    spellChecker: true,
    beforeRequest: null as { urls: readonly string[]; cancel: boolean } | null,
  }
  const guards = {
    setPermissionRequestHandler(handler) {
      set.permissionRequest = handler
    },
    setPermissionCheckHandler(handler) {
      set.permissionCheck = handler
    },
    setDevicePermissionHandler(handler) {
      set.devicePermission = handler
    },
    setDisplayMediaRequestHandler(handler) {
      set.displayMedia = handler
    },
    setSpellCheckerEnabled(enabled) {
      set.spellChecker = enabled
    },
  } satisfies Guards
  /** Asks at once what becomes of the requests that are filtered. */
  function onBeforeRequest(filter: WebRequestFilter, listener: BeforeRequest): void {
    listener({} as never, (response) => {
      set.beforeRequest = { urls: filter.urls, cancel: response.cancel === true }
    })
  }
  const session = context.recorder.strict(
    'session',
    Object.assign(new EventEmitter(), guards, { webRequest: { onBeforeRequest }, set }),
  )
  return {
    get defaultSession() {
      context.needReady('session.defaultSession')
      return session
    },
    /** For what main itself asks for; Node's own network is as good here. */
    fromPartition(): Pick<Session, 'fetch'> {
      context.needReady('session.fromPartition')
      return { fetch: (url, init) => fetch(url, init) }
    },
  }
}

export type DoubleSession = ReturnType<typeof createSession>['defaultSession']
