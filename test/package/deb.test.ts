import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { copyFileSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { atEnd } from '../at-end.ts'
import { until } from '../electron/until.ts'
import { runPackage, temporary } from './packing.ts'

const MIRROR = 'http://deb.debian.org/debian'
/** What a Debian may take to be there, in milliseconds: a mirror that is slower than this is none. */
const TREE_WITHIN = 150_000

const isThere = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined

/** Makes the package. @returns its file */
function makeDeb(t: TestContext, version: string): string {
  const out = temporary(t)
  runPackage(t, 'linux', ['deb', `-c.directories.output=${out}`, `-c.extraMetadata.version=${version}`])
  const [file = ''] = globSync('*.deb', { cwd: out })
  return join(out, file)
}

function field(file: string, name: string): string {
  return spawnSync('dpkg-deb', ['--field', file, name], { encoding: 'utf8' }).stdout.trim()
}

test('the .deb has its name, its needs, its desktop entry and its profile', (t) => {
  if (!isThere('dpkg-deb')) return t.skip('there is no dpkg-deb')
  const file = makeDeb(t, '0.2.0')
  assert.match(file, /rep-tray_0\.2\.0_amd64\.deb$/)
  assert.deepEqual(
    ['Package', 'Version', 'Architecture', 'Section', 'Priority'].map((name) => field(file, name)),
    ['rep-tray', '0.2.0', 'amd64', 'net', 'optional'],
  )
  assert.match(field(file, 'Depends'), /libgtk-3-0/)
  assert.match(field(file, 'Description'), /^Tray companion/)

  const tree = join(temporary(t), 'tree')
  spawnSync('dpkg-deb', ['--extract', file, tree])
  const entry = readFileSync(join(tree, 'usr/share/applications/net.reptray.RepTray.desktop'), 'utf8')
  for (const line of [
    'Name=Rep Tray',
    'Exec="/opt/Rep Tray/rep-tray" %U',
    'Icon=rep-tray',
    'StartupWMClass=net.reptray.RepTray',
    'MimeType=x-scheme-handler/rep-tray;',
    'Categories=Network;',
  ])
    assert.ok(entry.split('\n').includes(line), `${line}\n${entry}`)
  assert.equal(globSync('usr/share/icons/hicolor/*/apps/rep-tray.png', { cwd: tree }).length, 8)
  const profile = readFileSync(join(tree, 'opt/Rep Tray/resources/apparmor-profile'), 'utf8')
  assert.match(profile, /profile "rep-tray" "\/opt\/Rep Tray\/rep-tray" flags=\(unconfined\) \{\s+userns,/)
  const listed = spawnSync('dpkg-deb', ['--contents', file], { encoding: 'utf8' }).stdout
  for (const line of listed.trim().split('\n')) assert.match(line, /^[-dl]rw.r-.r-. root\/root /, line)
})

/** A clean Debian with what the package needs; or why there is none. */
function makeDebian(t: TestContext, depends: string): { root: string } | { reason: string } {
  if (process.getuid?.() !== 0) return { reason: 'it needs root' }
  for (const program of ['debootstrap', 'dpkg-deb', 'chroot'])
    if (!isThere(program)) return { reason: `there is no ${program}` }
  const root = join(temporary(t), 'debian')
  const deadline = performance.now() + TREE_WITHIN
  const step = (program: string, args: readonly string[]) => {
    const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
    const timeout = Math.max(1, Math.round(deadline - performance.now()))
    return spawnSync(program, args, { encoding: 'utf8', timeout, env }).status === 0
  }
  const install = [
    'apt-get',
    'install',
    '-y',
    '-qq',
    '--no-install-recommends',
    '-o',
    'DPkg::Options::=--force-unsafe-io',
    ...depends.split(/,\s*/),
  ]
  const done =
    step('debootstrap', ['--variant=minbase', 'bookworm', root, MIRROR]) && step('chroot', [root, ...install])
  return done ? { root } : { reason: `no Debian came from ${MIRROR} within ${TREE_WITHIN / 1000} s` }
}

/** All that is in a system, but what it keeps of its own work. */
function everything(root: string): string[] {
  const own = ['proc', 'tmp', 'var/cache', 'var/log', 'var/lib/apt', 'var/lib/dpkg/info'].map((each) => `./${each}`)
  const pruned = own.flatMap((path, index) => [...(index > 0 ? ['-o'] : []), '-path', path])
  const args = ['.', '(', ...pruned, ')', '-prune', '-o', '-printf', '%p %M %U:%G %l\n']
  const found = spawnSync('find', args, { cwd: root, encoding: 'utf8', maxBuffer: 64e6 })
  // dpkg keeps copies of its list.
  return found.stdout
    .split('\n')
    .filter(
      (line) => !/^\.\/var\/lib\/dpkg\/(status|diversions|statoverride)?(-old)?\b|^\.\/var\/lib\/dpkg\/lock/.test(line),
    )
    .toSorted()
}

test('in a clean Debian it is installed, runs in browser mode, is upgraded, and leaves nothing behind', async (t) => {
  const first = makeDeb(t, '0.2.0')
  const made = makeDebian(t, field(first, 'Depends'))
  if ('reason' in made) return t.skip(made.reason)
  const { root } = made
  const inside = (...args: string[]) => {
    const ran = spawnSync('chroot', [root, ...args], { encoding: 'utf8' })
    assert.equal(ran.status, 0, `${args.join(' ')}\n${ran.stdout}${ran.stderr}`)
    return ran.stdout
  }
  copyFileSync(process.execPath, join(root, 'tmp/node'))
  const before = everything(root)

  const install = (file: string) => {
    copyFileSync(file, join(root, 'tmp/rep-tray.deb'))
    inside('dpkg', '--install', '/tmp/rep-tray.deb')
  }
  install(first)
  assert.match(inside('readlink', '-f', '/usr/bin/rep-tray'), /^\/opt\/Rep Tray\/rep-tray\n$/)
  const refusal = spawnSync('chroot', [root, 'rep-tray-browser'], { encoding: 'utf8' })
  assert.deepEqual([refusal.status, /needs Node\.js 24/.test(refusal.stderr)], [1, true], 'without a Node it says so')

  // The policy is the computer's, at its own place; the rep is nobody special.
  mkdirSync(join(root, 'etc/rep-tray'))
  const policy = { listener: { port: 0, token: 'a-token-of-the-policy' }, browser: { port: 0 } }
  writeFileSync(join(root, 'etc/rep-tray/policy.json'), JSON.stringify(policy))
  mkdirSync(join(root, 'tmp/rep'), { mode: 0o777 })
  spawnSync('chmod', ['0777', join(root, 'tmp/rep')])

  async function run(work: (recipient: string) => Promise<void>): Promise<void> {
    const args = ['--userspec=1000:1000', root, 'env', 'HOME=/tmp/rep', 'REP_TRAY_NODE=/tmp/node', 'rep-tray-browser']
    const child = spawn('chroot', [...args, '--no-open'], { stdio: ['ignore', 'pipe', 'pipe'] })
    atEnd(t, () => child.kill('SIGKILL'))
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (output += part.toString()))
    const ended = new Promise<number | null>((done) => child.on('exit', done))
    const recipient = await until(() => /^listening: (\S+)/m.exec(output)?.[1], 'listening', 20_000)
    assert.match(output, /^window: http:\/\/127\.0\.0\.1:/m)
    assert.match(recipient, /a-token-of-the-policy$/, 'the policy of /etc holds')
    await work(recipient)
    child.kill('SIGTERM')
    assert.equal(await ended, 0)
  }

  const post = async (recipient: string, lsid: string) => {
    const body = new URLSearchParams({ event: 'support_conference_begin', lsid, timestamp: '1' })
    assert.equal((await fetch(recipient, { method: 'POST', body })).status, 200)
  }
  await run((recipient) => post(recipient, 'before'))

  install(makeDeb(t, '0.3.0'))
  assert.equal(inside('dpkg-query', '--show', '--showformat=${Version}', 'rep-tray'), '0.3.0')
  assert.match(inside('readlink', '-f', '/usr/bin/rep-tray'), /^\/opt\/Rep Tray\/rep-tray\n$/)
  await run((recipient) => post(recipient, 'after'))
  const journal = readFileSync(join(root, 'tmp/rep/.config/Rep Tray/journal.db'))
  assert.ok(journal.includes('before'), 'what came before the upgrade is still there')

  rmSync(join(root, 'etc/rep-tray'), { recursive: true })
  inside('dpkg', '--purge', 'rep-tray')
  const after = everything(root)
  assert.deepEqual(
    after.filter((line) => !before.includes(line)),
    [],
  )
  // Nobody owns /opt in Debian, so dpkg takes it away with the last that was in it.
  assert.deepEqual(
    before.filter((line) => !after.includes(line) && !line.startsWith('./opt ')),
    [],
  )
})
