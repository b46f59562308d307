/**
 * Preloaded (`node --import`) into the application's process: puts the double in Electron's place, and does what the
 * harness asks for.
 */
import { registerHooks } from 'node:module'
import type { Surroundings } from './context.ts'
import { createDouble, type World } from './double.ts'
import type { FromDouble, ToDouble } from './wire.ts'

type Evaluated = (world: World, arg: unknown) => unknown

const tell = (message: FromDouble) => void process.send?.(message)

/** Gives the module `electron` the names of the double, and its default. */
function replaceElectron(world: World): void {
  const url = 'electron:double'
  const names = Object.keys(world.electron).join(', ')
  const source = `const electron = globalThis[Symbol.for('electron.double')]
    export default electron
    export const { ${names} } = electron`
  Object.assign(globalThis, { [Symbol.for('electron.double')]: world.electron })
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'electron' ? { url, format: 'module', shortCircuit: true } : next(specifier, context),
    load: (given, context, next) =>
      given === url ? { format: 'module', source, shortCircuit: true } : next(given, context),
  })
}

async function serve(world: World, message: ToDouble): Promise<unknown> {
  switch (message.type) {
    case 'evaluate': {
      // oxlint-disable-next-line typescript/no-implied-eval -- the test's own function, sent as its source
      const evaluated = new Function(`return (${message.source})`)() as Evaluated
      return evaluated(world, message.arg)
    }
    case 'request': {
      const response = await world.electron.protocol.request(message.url, message.method)
      const headers = Object.fromEntries(response.headers)
      return { status: response.status, headers, body: new Uint8Array(await response.arrayBuffer()) }
    }
    case 'ipc': {
      const sender = world.windows.find((window) => window.id === message.window)?.webContents
      if (sender === undefined) throw new Error(`There is no window ${message.window}`)
      const from = { sender, senderFrame: sender.mainFrame }
      return world.electron.ipcMain.deliver(message.kind, from, message.channel, message.args)
    }
    case 'loaded':
      return world.windows.find((window) => window.id === message.window)?.settle(message.ok)
    case 'close':
      return world.windows.find((window) => window.id === message.window)?.close()
  }
}

async function answer(world: World, message: ToDouble): Promise<void> {
  const id = 'id' in message ? message.id : null
  try {
    const value = await serve(world, message)
    if (id !== null) tell({ type: 'result', id, value })
  } catch (error) {
    if (id === null) throw error
    tell({ type: 'failed', id, message: error instanceof Error ? error.message : String(error) })
  }
}

const surroundings = JSON.parse(process.env['DOUBLE_SURROUNDINGS'] ?? '{}') as Surroundings & { platform?: string }
const world = createDouble(surroundings, tell)
replaceElectron(world)
// Set last: Node's own parts have looked by now, and only the application's decisions are meant.
if (surroundings.platform !== undefined) Object.defineProperty(process, 'platform', { value: surroundings.platform })
process.on('message', (message: ToDouble) => void answer(world, message))
// The test is gone: nobody would end this process.
process.on('disconnect', () => process.exit(1))
