/** Every command that stands in the documents is run, or it is said here why not. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { atEnd } from '../at-end.ts'
import { until } from '../electron/until.ts'
import { builderRequire, ROOT, temporary } from './packing.ts'

const DOCUMENTS = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md', { cwd: ROOT })].toSorted()
const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> }

/** Lines of blocks with commands. */
function blocks(document: string): { readonly language: string; readonly text: string }[] {
  const text = readFileSync(join(ROOT, document), 'utf8')
  return [...text.matchAll(/^ *```(\w+)\n(.*?)^ *```$/gms)].map(([, language = '', body = '']) => ({
    language,
    text: body,
  }))
}

const commands = DOCUMENTS.flatMap((document) =>
  blocks(document)
    .filter(({ language }) => ['sh', 'bash', 'console'].includes(language))
    .flatMap(({ text }) => text.split('\n'))
    .map((line) => line.trim())
    .filter((line) => line !== ''),
)

/** Why a command is not run here. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'CI installs, and runs the demo',
  'npm run demo -- --for 20': 'CI runs it',
  'npm ci && npm test': 'CI runs it; this is part of it',
  'npm start': 'test/integration/npm-start.test.ts',
  'npm run package -- --dir': 'test/package/package.test.ts',
  'npm run package -- --linux deb': 'test/package/deb.test.ts',
  'ditto -xk rep-tray-0.1.0-arm64.zip /Applications': 'macOS',
  'install -d -o root -g wheel -m 755 "/Library/Application Support/Rep Tray"': 'macOS',
  'install -o root -g wheel -m 644 policy.json "/Library/Application Support/Rep Tray/policy.json"': 'macOS',
}

/** Runs `npm run NAME -- ARGS` as npm would, without npm. */
function npmRun(name: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const [, script = ''] = (scripts[name] ?? '').split(' ')
  return spawnSync(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 60_000,
    env: { ...process.env, ...env },
  })
}

/** A journal, made by a run in browser mode, which is one of the commands. */
async function runOnce(t: TestContext): Promise<string> {
  const folder = temporary(t)
  const policy = join(folder, 'policy.json')
  const token = 'a-token-of-the-policy'
  writeFileSync(policy, JSON.stringify({ listener: { port: 0, token }, browser: { port: 0 } }))
  const data = join(folder, 'data')
  const args = ['scripts/start.ts', '--browser', '--data', data, '--policy', policy]
  const { DISPLAY: _1, WAYLAND_DISPLAY: _2, ...env } = process.env
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'ignore'] })
  atEnd(t, () => child.kill('SIGKILL'))
  let output = ''
  child.stdout.on('data', (part: Buffer) => (output += part.toString()))
  const ended = new Promise<number | null>((done) => child.on('exit', done))
  await until(() => /^window: [^]*^listening: /m.test(output), 'the application', 30_000)
  child.kill('SIGTERM')
  assert.equal(await ended, 0)
  return data
}

const RUN: Readonly<Record<string, (t: TestContext) => Promise<void> | void>> = {
  'npm start -- --browser --data DIR --policy FILE': async (t) => void (await runOnce(t)),
  'npm run journal -- --data DIR --json': async (t) => {
    const { status, stdout } = npmRun('journal', ['--data', await runOnce(t), '--json'])
    assert.equal(status, 0)
    assert.deepEqual(Object.keys(JSON.parse(stdout) as object), ['events', 'quarantine', 'sessions'])
  },
  'REP_TRAY_CLIENT_ID=… REP_TRAY_CLIENT_SECRET=… npm run api -- --host support.example.com get_api_info': () => {
    // There is nobody to ask; test/integration/api-script.test.ts asks the simulated appliance.
    const env = { REP_TRAY_CLIENT_ID: 'x', REP_TRAY_CLIENT_SECRET: 'y' }
    const { status, stdout, stderr } = npmRun('api', ['--host', '127.0.0.1:9', 'get_api_info'], env)
    assert.equal(status, 1)
    assert.match(stdout + stderr, /connect|reach|refused/i)
  },
  'npm run package -- --help': () => assert.match(npmRun('package', ['--help']).stdout, /--linux/),
}

describe('commands of the documents', () => {
  test('are all known here', () => {
    const unknown = commands.filter((line) => !(line in ELSEWHERE) && !(line in RUN))
    assert.deepEqual(unknown, [], 'say in this test how they are run')
    const gone = [...Object.keys(ELSEWHERE), ...Object.keys(RUN)].filter((line) => !commands.includes(line))
    assert.deepEqual(gone, [], 'they stand in no document any more')
  })

  for (const [command, run] of Object.entries(RUN)) test(command, run)

  test('that are npm’s are in package.json', () => {
    const named = DOCUMENTS.flatMap((document) =>
      [...readFileSync(join(ROOT, document), 'utf8').matchAll(/npm run ([\w-]+)/g)].map(([, name = '']) => ({
        document,
        name,
      })),
    )
    assert.ok(named.length > 10)
    assert.deepEqual(
      named.filter(({ name }) => scripts[name] === undefined),
      [],
    )
  })
})

describe('the documents', () => {
  test('lead to files and headings that are there', () => {
    const missing: string[] = []
    for (const document of DOCUMENTS) {
      const text = readFileSync(join(ROOT, document), 'utf8')
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue
        const [path = '', heading] = target.split('#')
        const file = path === '' ? join(ROOT, document) : join(ROOT, dirname(document), path)
        if (!existsSync(file)) missing.push(`${document}: ${target}`)
        else if (heading !== undefined) {
          const headings = readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)
          const names = [...headings].map(([, words = '']) =>
            words
              .toLowerCase()
              .replaceAll(/[^\w -]/g, '')
              .replaceAll(' ', '-'),
          )
          if (!names.includes(heading)) missing.push(`${document}: ${target}`)
        }
      }
    }
    assert.deepEqual(missing, [])
  })

  test('have policies that are JSON, and scripts for other systems that name what is packaged', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string }
    const rollOut = readFileSync(join(ROOT, 'docs/roll-out.md'), 'utf8')
    const names = [...rollOut.matchAll(/\brep-tray[-_](\d+\.\d+\.\d+)[-_][\w-]+\.\w+/g)]
    assert.ok(names.length >= 6)
    for (const [name, found] of names) assert.equal(found, version, name)
    for (const document of DOCUMENTS)
      for (const { language, text } of blocks(document)) if (language === 'json') JSON.parse(text)
  })

  test('have an example for Ansible that is YAML', () => {
    const playbook = blocks('docs/roll-out.md').find(({ language }) => language === 'yaml')
    const yaml = builderRequire('js-yaml') as { load(text: string): { tasks: object[] }[] }
    const [play] = yaml.load(playbook?.text ?? '')
    assert.deepEqual(
      play?.tasks.map((task) => Object.keys(task)[0]),
      ['file', 'copy', 'copy', 'apt'],
    )
  })
})
