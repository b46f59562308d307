import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { createKeptToken } from '../../main/settings/kept-token.ts'
import type { Vault } from '../../main/settings/secrets.ts'

const TOKEN = { value: 'a-token', goodUntil: 5_000 } as const

function memoryVault(content = new Map<string, string>()): Vault & { readonly content: Map<string, string> } {
  return {
    content,
    read: (name) => Promise.resolve(content.get(name) ?? null),
    write: (name, value) => {
      if (value === null) content.delete(name)
      else content.set(name, value)
      return Promise.resolve()
    },
  }
}

describe('the token of the appliance', () => {
  test('is found again by the account that it belongs to, and by no other', async () => {
    const vault = memoryVault()
    await createKeptToken(() => vault).save('account', TOKEN)
    const later = createKeptToken(() => vault)
    assert.equal(await later.load('other'), null)
    assert.deepEqual(await later.load('account'), TOKEN)
    await later.save('account', { value: 'endless', goodUntil: null })
    assert.deepEqual(await createKeptToken(() => vault).load('account'), { value: 'endless', goodUntil: null })
  })

  test('goes when the secret goes', async () => {
    const vault = memoryVault()
    const keeper = createKeptToken(() => vault)
    await keeper.save('account', TOKEN)
    await keeper.forget()
    assert.equal(await keeper.load('account'), null)
    assert.equal(vault.content.size, 0)
  })

  test('does not come back with a vault that is slow', async () => {
    const content = new Map<string, string>()
    const vault = memoryVault(content)
    let pause = 20
    const slow = async (...given: Parameters<Vault['write']>) => {
      pause /= 2
      await setTimeout(pause)
      await vault.write(...given)
    }
    const keeper = createKeptToken(() => ({ ...vault, write: slow }))
    await Promise.all([keeper.save('account', TOKEN), keeper.forget()])
    assert.equal(content.size, 0)
  })

  test('lasts without a vault, or with one that refuses, until the end', async () => {
    const none = createKeptToken(() => null)
    await none.save('account', TOKEN)
    assert.deepEqual(await none.load('account'), TOKEN)
    const refuse = () => Promise.reject(new Error('locked'))
    const refusing = createKeptToken(() => ({ read: refuse, write: refuse }))
    await assert.rejects(refusing.load('account'), /locked/)
    await assert.rejects(refusing.save('account', TOKEN), /locked/)
    assert.deepEqual(await refusing.load('account'), TOKEN)
    await refusing.forget()
  })

  test('is not kept if it is too long for a vault, and what is kept is read with care', async () => {
    const vault = memoryVault()
    const keeper = createKeptToken(() => vault)
    await keeper.save('account', TOKEN)
    await keeper.save('account', { value: 'x'.repeat(2_001), goodUntil: null })
    assert.equal(vault.content.size, 0)
    for (const damaged of [
      '',
      '{',
      'null',
      '7',
      '{"account":"account"}',
      '{"account":"account","value":1,"goodUntil":1}',
    ]) {
      vault.content.set('appliance.token', damaged)
      assert.equal(await createKeptToken(() => vault).load('account'), null, damaged)
    }
  })
})
