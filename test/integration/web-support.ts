/** Browser mode in this process, with a window of three lines, and a page's side of the WebSocket. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { WebSocket, type ClientOptions } from 'ws'
import type { Reply, State } from '../../preload/contract.ts'
import { createLogbook } from '../../main/logbook.ts'
import { startWeb, type Web, type WebOptions } from '../../main/web.ts'
import { until } from '../electron/until.ts'
import { atEnd } from '../at-end.ts'
import { type Answer, ask, type Asked, temporaryFolder } from './support.ts'

/** The files of the window, and others that lie beside them. */
const FILES: Readonly<Record<string, string>> = {
  'index.html':
    '<!doctype html><html><head>\n    <link rel="icon" href="./icon.svg">\n    <script type="module" src="./index.js"></script></head></html>',
  'index.js': 'console.log("window")',
  'bridge.js': 'console.log("bridge")',
  'styles.css': 'body {}',
  'icon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'source.map': 'SECRET',
  '.hidden.js.swp': 'SECRET',
  '../secret.js': 'SECRET',
  'deeper/secret.js': 'SECRET',
}

/** Makes a window's folder below `folder`, with other contents of some files if need be. */
export function makeWindow(folder: string, own: Readonly<Record<string, string>> = {}): string {
  const rendererDir = join(folder, 'renderer')
  mkdirSync(join(rendererDir, 'deeper'), { recursive: true })
  for (const [name, content] of Object.entries({ ...FILES, ...own })) writeFileSync(join(rendererDir, name), content)
  return rendererDir
}

export interface StartedWeb extends Web {
  readonly dataDir: string
  readonly port: number
  readonly token: string
  readonly logged: string[]
  readonly quits: () => number
  /** Asks for a page; with the cookie if it is given. */
  readonly get: (path: string, own?: Omit<Asked, 'port' | 'path'>) => Promise<Answer>
  /** Follows the link as a browser does, and returns the cookie. */
  readonly enter: () => Promise<string>
}

/** Starts browser mode; it stops with the test, if not before. */
export async function start(
  t: TestContext,
  own: Partial<WebOptions> & { readonly policy?: Readonly<Record<string, unknown>> } = {},
): Promise<StartedWeb> {
  const folder = temporaryFolder(t)
  const { policy, ...options } = own
  const policyFile = join(folder, 'policy.json')
  writeFileSync(policyFile, JSON.stringify({ 'listener.port': 0, 'browser.port': 0, ...policy }))
  const logged: string[] = []
  let quits = 0
  const given: WebOptions = {
    dataDir: join(folder, 'data'),
    policyFile,
    env: {},
    version: '0.0.0-test',
    rendererDir: makeWindow(folder),
    canOpen: false,
    log: createLogbook((line) => logged.push(line), ''),
    onQuit: () => {
      quits += 1
    },
    ...options,
  }
  const web = await startWeb(given)
  let stopping: Promise<void> | null = null
  const stop = () => (stopping ??= web.stop())
  atEnd(t, stop)
  const { port, searchParams } = new URL(web.link)
  const token = searchParams.get('token') ?? ''
  const get: StartedWeb['get'] = (path, more = {}) => ask({ port: Number(port), path, ...more })
  const enter = async () => {
    const { headers } = await get(`/?token=${token}`)
    return headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  }
  return {
    ...web,
    stop,
    dataDir: given.dataDir,
    port: Number(port),
    token,
    logged,
    quits: () => quits,
    get,
    enter,
  }
}

export interface Page {
  readonly socket: WebSocket
  /** States that came, in order. */
  readonly states: State[]
  /** Replies that came, by their number. */
  readonly replies: Map<number, Reply>
  /** Sends a command and waits for its reply. */
  readonly command: (command: unknown) => Promise<Reply>
  /** The code with which the connection was closed. */
  readonly closed: Promise<number>
}

/** Connects as the window does. Rejects if it is not let in. */
export async function openPage(t: TestContext, web: StartedWeb, own: ClientOptions = {}): Promise<Page> {
  const cookie = await web.enter()
  const origin = `http://127.0.0.1:${web.port}`
  const socket = new WebSocket(`ws://127.0.0.1:${web.port}/bridge`, { origin, headers: { cookie }, ...own })
  atEnd(t, () => socket.terminate())
  const states: State[] = []
  const replies = new Map<number, Reply>()
  let nextId = 1
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString('utf8')) as { state: State } | { id: number; reply: Reply }
    if ('state' in message) states.push(message.state)
    else replies.set(message.id, message.reply)
  })
  const closed = new Promise<number>((resolve) => void socket.once('close', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.on('error', reject)
  })
  const command = async (asked: unknown) => {
    const id = nextId
    nextId += 1
    socket.send(JSON.stringify({ id, command: asked }))
    return until(() => replies.get(id), `the reply to ${JSON.stringify(asked)}`)
  }
  return { socket, states, replies, command, closed }
}
