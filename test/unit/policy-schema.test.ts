import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { parsePolicy } from '../../main/settings/policy.ts'
import { SETTING_KEYS, SETTINGS } from '../../main/settings/table.ts'
import { policySchema } from '../../scripts/policy-schema.ts'

const docs = resolve(import.meta.dirname, '../../docs')
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true })
const fits = ajv.compile(JSON.parse(policySchema()) as object)

test('the published schema is current', () => {
  const published = readFileSync(join(docs, 'policy.schema.json'), 'utf8')
  assert.equal(published, policySchema(), 'a setting was changed: npm run policy-schema')
})

describe('the schema', () => {
  for (const file of globSync('examples/policy*.json', { cwd: docs }))
    test(`accepts ${file}, and so does the application`, () => {
      const text = readFileSync(join(docs, file), 'utf8')
      assert.ok(fits(JSON.parse(text)), JSON.stringify(fits.errors))
      assert.deepEqual(parsePolicy(text).problems, [])
    })

  test('knows every setting, nested and flat, locked and as a default', () => {
    for (const key of SETTING_KEYS) {
      const value = SETTINGS[key].default
      const [group = '', name = ''] = key.split('.')
      for (const policy of [{ [key]: value }, { [group]: { [name]: value } }])
        for (const whole of [policy, { defaults: policy }])
          assert.ok(fits(whole), `${JSON.stringify(whole)}: ${JSON.stringify(fits.errors)}`)
    }
  })

  test('refuses what the application refuses', () => {
    for (const policy of [
      { nonsense: 1 },
      { listener: { colour: 'blue' } },
      { 'listener.port': 'eighty' },
      { 'listener.port': 65536 },
      { 'listener.token': 'with blank' },
      { 'window.theme': 'pink' },
      { 'notify.ended': 'yes' },
      { defaults: { 'journal.days': 0 } },
      { 'me.teams': 'five' },
      { 'listener.addresses': [] },
      { defaults: [] },
    ]) {
      assert.notDeepEqual(parsePolicy(JSON.stringify(policy)).problems, [], JSON.stringify(policy))
      assert.ok(!fits(policy), JSON.stringify(policy))
    }
  })
})
