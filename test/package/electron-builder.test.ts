import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { test } from 'node:test'
import { LINK_SCHEME } from '../../main/deep-link.ts'

const root = resolve(import.meta.dirname, '../..')
const require = createRequire(join(root, 'package.json'))

interface Validation {
  readonly validateConfiguration: (config: unknown, debug: unknown) => Promise<void>
}

function load(): { config: Record<string, unknown>; validate: (config: unknown) => Promise<void> } {
  // electron-builder's own reader and schema: what it refuses here it would refuse when packaging.
  const { validateConfiguration } = require('app-builder-lib/out/util/config/config.js') as Validation
  const { DebugLogger } = require('builder-util') as { DebugLogger: new (enabled: boolean) => unknown }
  const yaml = require('js-yaml') as { load(text: string): unknown }
  const config = yaml.load(readFileSync(join(root, 'electron-builder.yml'), 'utf8')) as Record<string, unknown>
  return { config, validate: (given) => validateConfiguration(given, new DebugLogger(false)) }
}

test('electron-builder accepts electron-builder.yml', async () => {
  const { config, validate } = load()
  await validate(config)
  await assert.rejects(validate({ ...config, nsiss: {} }), /nsiss/)
})

test('every fuse is decided', () => {
  const { config } = load()
  const schema = JSON.parse(readFileSync(require.resolve('app-builder-lib/scheme.json'), 'utf8')) as {
    definitions: { FuseOptionsV1: { properties: Record<string, unknown> } }
  }
  const fuses = config['electronFuses'] as Record<string, unknown>
  const known = Object.keys(schema.definitions.FuseOptionsV1.properties).filter(
    (name) => name !== 'resetAdHocDarwinSignature',
  )
  assert.deepEqual(Object.keys(fuses).toSorted(), known.toSorted())
})

test('the scheme of the links is the one that the application reads', () => {
  const { config } = load()
  assert.deepEqual(config['protocols'], [{ name: 'Rep Tray', schemes: [LINK_SCHEME] }])
})

test('what package.json calls main is what the build makes', () => {
  const { main } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { main: string }
  assert.ok(existsSync(join(root, main)), `${main} is missing: npm run build`)
})
