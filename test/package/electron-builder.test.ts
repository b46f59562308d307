import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { LINK_SCHEME } from '../../main/deep-link.ts'
import { APP_ID } from '../../main/shell/electron/prepare.ts'
import { FUSES } from '../../scripts/fuses.ts'
import { readSigning } from '../../scripts/signing.ts'

const root = resolve(import.meta.dirname, '../..')
const require = createRequire(join(root, 'package.json'))

interface Validation {
  readonly validateConfiguration: (config: unknown, debug: unknown) => Promise<void>
}

interface Targets {
  readonly target: readonly { readonly target: string; readonly arch: readonly string[] }[]
}

function load(): { config: Record<string, unknown>; validate: (config: unknown) => Promise<void> } {
  // electron-builder's own reader and schema: what it refuses here it would refuse when packaging.
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as Validation
  const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown }
  const yaml = require('js-yaml') as { load(text: string): unknown }
  const config = yaml.load(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>
  return { config, validate: (given) => validateConfiguration(given, new DebugLogger(false)) }
}

describe('electron-builder.yml', () => {
  test('is what electron-builder accepts', async () => {
    const { config, validate } = load()
    await validate(config)
    await assert.rejects(validate({ ...config, nsiss: {} }), /nsiss/)
    for (const part of ['win', 'nsis', 'msi', 'mac', 'dmg', 'linux', 'deb', 'rpm'])
      await assert.rejects(
        validate({ ...config, [part]: { ...(config[part] as object), wrong: 1 } }),
        new RegExp(`configuration\\.${part}`),
        part,
      )
  })

  test('makes every kind of installer for both kinds of processors', () => {
    const { config } = load()
    const targets = (system: string) =>
      (config[system] as Targets).target.map(({ target, arch }) => `${target} ${arch.join('+')}`)
    assert.deepEqual(targets('win'), ['nsis x64+arm64', 'msi x64+arm64'])
    assert.deepEqual(targets('mac'), ['dmg x64+arm64', 'zip x64+arm64'])
    assert.deepEqual(targets('linux'), ['deb x64+arm64', 'rpm x64+arm64', 'AppImage x64+arm64', 'tar.xz x64+arm64'])
  })

  test('decides every fuse, as it was decided', () => {
    const { config } = load()
    const schema = JSON.parse(readFileSync(require.resolve('app-builder-lib/scheme.json'), 'utf8')) as {
      definitions: { FuseOptionsV1: { properties: Record<string, unknown> } }
    }
    const known = Object.keys(schema.definitions.FuseOptionsV1.properties).filter(
      (name) => name !== 'resetAdHocDarwinSignature',
    )
    assert.deepEqual(config['electronFuses'], FUSES)
    assert.deepEqual(Object.keys(FUSES).toSorted(), known.toSorted())
  })

  test('names the application and its links as the application names itself', () => {
    const { config } = load()
    const { desktopName, productName } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      desktopName: string
      productName: string
    }
    assert.equal(config['appId'], APP_ID)
    assert.equal(config['productName'], productName)
    assert.equal(desktopName, `${APP_ID}.desktop`)
    assert.deepEqual(config['protocols'], [{ name: 'Rep Tray', schemes: [LINK_SCHEME] }])
  })

  test('has the code of the MSI by which Windows knows all of its versions', () => {
    const { config } = load()
    const { upgradeCode, perMachine } = config['msi'] as { upgradeCode: string; perMachine: boolean }
    assert.equal(upgradeCode, '7B0E7C52-6B0B-4F4E-9C39-5C1B4A1E8D26', 'it must never change')
    assert.equal(perMachine, true)
  })

  test('names files that are there', () => {
    const { config } = load()
    const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string }
    assert.ok(existsSync(join(root, main)), `${main} is missing: npm run build`)
    const files = (config['files'] as string[]).filter((pattern) => !pattern.startsWith('!'))
    for (const pattern of files) assert.notEqual(globSync(pattern, { cwd: root }).length, 0, pattern)
    const extra = [...(config['extraResources'] as { from: string }[])].map(({ from }) => from)
    const { icon: ico } = config['win'] as { icon: string }
    const { icon: icns, entitlements } = config['mac'] as { icon: string; entitlements: string }
    const { include } = config['nsis'] as { include: string }
    for (const file of [...extra, ico, icns, entitlements, include]) assert.ok(existsSync(join(root, file)), file)
  })
})

describe('signing', () => {
  test('is left out with a warning where the environment has nothing for it', () => {
    const { config, warnings } = readSigning({}, ['windows', 'mac', 'linux'])
    assert.deepEqual(config, {})
    assert.equal(warnings.length, 2)
  })

  test('by a certificate must not fail silently', () => {
    const { config, warnings } = readSigning({ CSC_LINK: 'file.p12' }, ['windows', 'mac'])
    assert.deepEqual(config, { win: { forceCodeSigning: true }, mac: { forceCodeSigning: true } })
    assert.deepEqual(
      warnings.map((warning) => warning.split('.')[0]),
      ['macOS: not notarised'],
    )
    const notary = { APPLE_API_KEY: 'k', APPLE_API_KEY_ID: 'i', APPLE_API_ISSUER: 'u' }
    assert.deepEqual(readSigning({ CSC_NAME: 'x', ...notary }, ['mac']).warnings, [])
  })

  test('by Azure takes all of the account from the environment', async () => {
    const env = {
      REP_TRAY_AZURE_ENDPOINT: 'https://weu.codesigning.azure.net',
      REP_TRAY_AZURE_ACCOUNT: 'a',
      REP_TRAY_AZURE_PROFILE: 'p',
      REP_TRAY_AZURE_PUBLISHER: 'Example Inc.',
    }
    const { config, warnings } = readSigning(env, ['windows'])
    assert.deepEqual(warnings, [])
    const { config: whole, validate } = load()
    await validate({ ...whole, win: { ...(whole['win'] as object), ...config['win'] } })
    assert.deepEqual(readSigning({ ...env, REP_TRAY_AZURE_PROFILE: '' }, ['windows']).config, {})
  })
})

test('what makes certificates is beside main, and not in it', () => {
  const read = (name: string) => readFileSync(join(root, 'dist/main', name), 'utf8')
  for (const entry of ['index.js', 'web.js']) {
    assert.match(read(entry), /import\([`'"]\.\/authority\.js[`'"]\)/, entry)
    assert.doesNotMatch(read(entry), /tsyringe/, entry)
  }
  assert.match(read('authority.js'), /tsyringe/)
})
