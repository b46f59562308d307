import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type * as ResEdit from 'resedit'
import { describe, test } from 'node:test'
import { FUSES } from '../../scripts/fuses.ts'
import { launch } from '../electron/harness.ts'
import { asar, builderRequire, pack, ROOT, runPackage, switchesOf, temporary } from './packing.ts'

/** Bytes that may be loaded at a start, and for a window: what Electron itself brings is not in it. */
const MOST = { main: 500_000, renderer: 400_000 } as const

const CODE = [
  'dist/main/authority.js',
  'dist/main/index.js',
  'dist/main/updater.js',
  'dist/main/web.js',
  'dist/main/workstation.js',
  'dist/preload/index.cjs',
  'dist/renderer/bridge.js',
  'dist/renderer/icon.svg',
  'dist/renderer/index.html',
  'dist/renderer/index.js',
  'dist/renderer/style.css',
  'package.json',
]

/** In their order in Electron's program. */
const ORDER = [
  'runAsNode',
  'enableCookieEncryption',
  'enableNodeOptionsEnvironmentVariable',
  'enableNodeCliInspectArguments',
  'enableEmbeddedAsarIntegrityValidation',
  'onlyLoadAppFromAsar',
  'loadBrowserProcessSpecificV8Snapshot',
  'grantFileProtocolExtraPrivileges',
] as const
const WIRE = ORDER.map((name) => (FUSES[name] ? '1' : '0')).join('')

/** Files of an archive, with slashes. */
function inside(archive: string): string[] {
  const all = asar.listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1))
  return all.filter((name) => !all.some((other) => other.startsWith(`${name}/`))).toSorted()
}

/** What Windows and macOS compare with the archive. */
function digestOf(archive: string): string {
  return createHash('sha256').update(asar.getRawHeader(archive).headerString).digest('hex')
}

describe('packaged for Linux', () => {
  test('it holds what it needs, no more, and starts', async (t) => {
    const { folder, output } = pack(t, 'linux')
    const archive = join(folder, 'resources/app.asar')
    const pictures = globSync('**/*.{png,ico}', { cwd: join(ROOT, 'assets') }).map((name) => `dist/assets/${name}`)
    assert.deepEqual(inside(archive), [...CODE, ...pictures].toSorted())

    const code = join(temporary(t), 'app')
    asar.extractAll(archive, code)
    for (const name of CODE.filter((each) => each.startsWith('dist/')))
      assert.deepEqual(readFileSync(join(code, name)), readFileSync(join(ROOT, name)), name)
    const sizes = {
      main: statSync(join(code, 'dist/main/index.js')).size,
      renderer: statSync(join(code, 'dist/renderer/index.js')).size,
    }
    t.diagnostic(`main ${sizes.main}, renderer ${sizes.renderer} bytes`)
    assert.ok(sizes.main <= MOST.main && sizes.renderer <= MOST.renderer, JSON.stringify(sizes))
    const manifest = JSON.parse(readFileSync(join(code, 'package.json'), 'utf8')) as Record<string, unknown>
    assert.equal(manifest['main'], 'dist/main/index.js')
    assert.equal(manifest['devDependencies'], undefined)
    assert.equal(manifest['scripts'], undefined)

    assert.deepEqual(globSync('locales/*', { cwd: folder }), ['locales/en-US.pak'])
    assert.deepEqual(globSync('resources/**/*.{map,ts}', { cwd: folder }), [])
    assert.deepEqual(globSync('resources/*', { cwd: folder }).toSorted(), [
      'resources/app-update.yml',
      'resources/app.asar',
      'resources/licences.txt',
      'resources/node',
      'resources/policy.schema.json',
    ])
    assert.equal(switchesOf(readFileSync(join(folder, 'rep-tray'))), WIRE)
    assert.match(readFileSync(join(folder, 'resources/licences.txt'), 'utf8'), /\breact 19\./)
    assert.doesNotMatch(output, /not signed/)

    const desktop = launch(t, { entry: join(code, 'dist/main/index.js'), args: ['--hidden'] })
    assert.match(await desktop.recipient(), /^http:\/\/127\.0\.0\.1:/)
    assert.equal(await desktop.quit(), 0)
    const browser = launch(t, { entry: join(folder, 'resources/node/main/web.js'), args: ['--no-open'] })
    assert.match(await browser.recipient(), /^http:\/\/127\.0\.0\.1:/)
    assert.match(browser.output(), /^window: http:\/\/127\.0\.0\.1:/m)
    assert.equal(await browser.quit(), 0)
  })
})

test('packaged for macOS it is an agent with its links, its reason for the network and the seal of its archive', (t) => {
  const { folder, output } = pack(t, 'mac')
  const contents = join(folder, 'Rep Tray.app/Contents')
  const plist = builderRequire('plist') as { parse(text: string): Record<string, unknown> }
  const info = plist.parse(readFileSync(join(contents, 'Info.plist'), 'utf8'))
  assert.equal(info['CFBundleIdentifier'], 'net.reptray.RepTray')
  assert.equal(info['LSUIElement'], true)
  assert.equal(info['LSMinimumSystemVersion'], '13.0.0')
  assert.match(String(info['NSLocalNetworkUsageDescription']), /appliance/)
  const [links] = info['CFBundleURLTypes'] as [{ CFBundleURLSchemes: string[] }]
  assert.deepEqual(links.CFBundleURLSchemes, ['rep-tray'])
  const archive = join(contents, 'Resources/app.asar')
  assert.deepEqual(info['ElectronAsarIntegrity'], {
    'Resources/app.asar': { algorithm: 'SHA256', hash: digestOf(archive) },
  })
  assert.deepEqual(globSync('**/*.lproj', { cwd: contents }).length, 2, 'one language in each of two places')
  const framework = readFileSync(join(contents, 'Frameworks/Electron Framework.framework/Electron Framework'))
  assert.equal(switchesOf(framework), WIRE)
  assert.match(output, /warning: macOS: not signed/)
})

test('packaged for Windows its program bears its name, its icon and the seal of its archive', (t) => {
  const { folder, output } = pack(t, 'windows')
  const program = readFileSync(join(folder, 'Rep Tray.exe'))
  assert.equal(switchesOf(program), WIRE)
  const { NtExecutable, NtExecutableResource, Resource } = builderRequire('resedit') as typeof ResEdit
  const { entries } = NtExecutableResource.from(NtExecutable.from(program))
  const seal = entries.find((entry) => entry.type === 'INTEGRITY')
  assert.deepEqual(JSON.parse(new TextDecoder().decode(seal?.bin)), [
    { file: 'resources\\app.asar', alg: 'SHA256', value: digestOf(join(folder, 'resources/app.asar')) },
  ])
  const [version] = Resource.VersionInfo.fromEntries(entries)
  assert.equal(version?.getStringValues({ lang: 1033, codepage: 1200 })['ProductName'], 'Rep Tray')
  assert.equal(Resource.IconGroupEntry.fromEntries(entries)[0]?.icons.length, 8)
  assert.match(output, /warning: Windows: not signed/)
})

test('where a certificate is named, nothing leaves unsigned', (t) => {
  const env = { WIN_CSC_LINK: join(ROOT, 'no-such-certificate.pfx'), WIN_CSC_KEY_PASSWORD: 'x' }
  const out = temporary(t)
  assert.throws(() => runPackage(t, 'windows', ['--dir', `-c.directories.output=${out}`], env), /no-such-certificate/)
})
