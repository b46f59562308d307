import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createSecrets, type SecretsOptions, type Vault } from '../../main/settings/secrets.ts'
import { openElectronVault } from '../../main/shell/electron/vault.ts'
import { openSystemVault, type Ran, type RunWithInput } from '../../main/shell/web/vault.ts'

const SECRET = 'correct horse "battery" staple\\'

function memoryFile(content: Record<string, unknown> = {}) {
  return {
    content,
    read: () => content,
    write: (all: Readonly<Record<string, unknown>>) => {
      for (const name of Object.keys(content)) delete content[name]
      Object.assign(content, all)
    },
  }
}

function memoryVault(content = new Map<string, string>()): Vault {
  return {
    read: (name) => Promise.resolve(content.get(name) ?? null),
    write: (name, value) => {
      if (value === null) content.delete(name)
      else content.set(name, value)
      return Promise.resolve()
    },
  }
}

const broken: Vault = {
  read: () => Promise.reject(new Error('locked')),
  write: () => Promise.reject(new Error('locked')),
}

function secretsWith(options: Partial<SecretsOptions> & { vault?: Vault | null }) {
  const failures: string[] = []
  const secrets = createSecrets({
    openVault: () => Promise.resolve(options.vault ?? null),
    policy: {},
    env: {},
    onFailure: (action) => failures.push(action),
    ...options,
  })
  return { secrets, failures }
}

describe('secrets', () => {
  test('policy comes before environment, environment before what was entered', async () => {
    const vault = memoryVault(new Map([['appliance.password', 'kept']]))
    const env = { REP_TRAY_PASSWORD: 'from outside', REP_TRAY_CLIENT_SECRET: '' }
    const { secrets } = secretsWith({ vault, env, policy: {} })
    await secrets.load()
    assert.deepEqual(
      [secrets.get('appliance.password'), secrets.source('appliance.password')],
      ['from outside', 'environment'],
    )
    const alone = secretsWith({ vault }).secrets
    await alone.load()
    assert.deepEqual([alone.get('appliance.password'), alone.source('appliance.password')], ['kept', 'vault'])
    const locked = secretsWith({ vault, env, policy: { 'appliance.password': 'by policy' } }).secrets
    assert.deepEqual([locked.get('appliance.password'), locked.source('appliance.password')], ['by policy', 'policy'])
    assert.deepEqual([secrets.get('appliance.clientSecret'), secrets.source('appliance.clientSecret')], [null, null])
  })

  test('what is entered is kept, found again, and forgotten', async () => {
    const vault = memoryVault()
    const first = secretsWith({ vault }).secrets
    await first.load()
    assert.equal(await first.set('appliance.clientSecret', SECRET), 'vault')
    const second = secretsWith({ vault }).secrets
    await second.load()
    assert.equal(second.get('appliance.clientSecret'), SECRET)
    assert.equal(await second.set('appliance.clientSecret', null), null)
    const third = secretsWith({ vault }).secrets
    await third.load()
    assert.equal(third.get('appliance.clientSecret'), null)
  })

  test('without a vault, or with one that refuses, it lasts until the end', async () => {
    const none = secretsWith({ vault: null })
    await none.secrets.load()
    assert.equal(none.secrets.vault(), null)
    assert.equal(await none.secrets.set('appliance.password', SECRET), 'session')
    assert.equal(none.secrets.get('appliance.password'), SECRET)
    const refusing = secretsWith({ vault: broken })
    await refusing.secrets.load()
    assert.equal(await refusing.secrets.set('appliance.password', SECRET), 'session')
    assert.equal(refusing.secrets.get('appliance.password'), SECRET)
    assert.deepEqual(refusing.failures, ['read', 'read', 'read', 'write'])
  })
})

describe('the vault in Electron', () => {
  function safeStorage(backend: 'gnome_libsecret' | 'kwallet6' | 'basic_text' = 'gnome_libsecret', isAvailable = true) {
    const reversed = (text: string) => text.split('').toReversed().join('')
    return {
      safeStorage: {
        isAsyncEncryptionAvailable: () => Promise.resolve(isAvailable),
        getSelectedStorageBackend: () => backend,
        encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(reversed(text))),
        decryptStringAsync: (sealed: Buffer) =>
          Promise.resolve({ result: reversed(sealed.toString()), shouldReEncrypt: false }),
      },
    } as unknown as Parameters<typeof openElectronVault>[0]
  }

  test('keeps ciphertext and the name of what made it', async () => {
    const file = memoryFile()
    const vault = await openElectronVault(safeStorage(), { platform: 'linux', file })
    await vault?.write('appliance.password', SECRET)
    assert.ok(!JSON.stringify(file.content).includes('battery'))
    assert.equal(await vault?.read('appliance.password'), SECRET)
    const other = await openElectronVault(safeStorage('kwallet6'), { platform: 'linux', file })
    await assert.rejects(async () => other?.read('appliance.password'), /gnome_libsecret.*kwallet6/)
    await vault?.write('appliance.password', null)
    assert.deepEqual(file.content, {})
  })

  test('a backend that everybody can read counts as none', async () => {
    const file = memoryFile()
    assert.equal(await openElectronVault(safeStorage('basic_text'), { platform: 'linux', file }), null)
    assert.equal(await openElectronVault(safeStorage('kwallet6', false), { platform: 'linux', file }), null)
    assert.notEqual(await openElectronVault(safeStorage('basic_text'), { platform: 'darwin', file }), null)
  })

  test('what is damaged is an error, and no secret', async () => {
    const file = memoryFile({ 'appliance.password': 'text' })
    const vault = await openElectronVault(safeStorage(), { platform: 'linux', file })
    await assert.rejects(async () => vault?.read('appliance.password'), /damaged/)
  })
})

describe('the vault under plain Node', () => {
  /** Programs that answer as told; what they were started with. */
  function programs(answer: (program: string, args: readonly string[], input: string) => Ran) {
    const calls: { program: string; args: readonly string[]; input: string }[] = []
    const run: RunWithInput = (program, args, input) => {
      calls.push({ program, args, input })
      return Promise.resolve(answer(program, args, input))
    }
    return { calls, run }
  }
  const fine = (output = ''): Ran => ({ code: 0, output })

  for (const platform of ['linux', 'darwin', 'win32'] as const) {
    test(`${platform}: no secret is an argument of a program`, async () => {
      const { calls, run } = programs((program) => fine(program === 'powershell.exe' ? '0a1b' : ''))
      const vault = await openSystemVault({ platform, run, file: memoryFile() })
      await vault?.write('appliance.clientSecret', SECRET)
      assert.ok(calls.length > 0)
      assert.ok(calls.every(({ args }) => !args.join(' ').includes('battery')))
      assert.ok(calls.some(({ input }) => input.includes('battery')))
    })
  }

  test('linux: without the tool there is none; a refusal to keep is an error', async () => {
    const missing = programs(() => ({ code: null, output: '' }))
    assert.equal(await openSystemVault({ platform: 'linux', run: missing.run, file: memoryFile() }), null)
    const refusing = programs(() => ({ code: 1, output: '' }))
    const vault = await openSystemVault({ platform: 'linux', run: refusing.run, file: memoryFile() })
    assert.equal(await vault?.read('appliance.password'), null)
    await assert.rejects(async () => vault?.write('appliance.password', SECRET), /secret-tool ended with 1/)
  })

  test('macOS: quotes and backslashes of a secret stay within its argument', async () => {
    const { calls, run } = programs(() => fine())
    const vault = await openSystemVault({ platform: 'darwin', run, file: memoryFile() })
    await vault?.write('appliance.password', SECRET)
    assert.match(calls[0]?.input ?? '', /-w "correct horse \\"battery\\" staple\\\\"\n$/)
  })

  test('Windows: what PowerShell made is kept, and read back through it', async () => {
    const file = memoryFile()
    const { run } = programs((_program, _args, input) => fine(input === '0a1b' ? SECRET : '0a1b\r\n'))
    const vault = await openSystemVault({ platform: 'win32', run, file })
    await vault?.write('appliance.password', SECRET)
    assert.deepEqual(file.content, { 'appliance.password': '0a1b' })
    assert.equal(await vault?.read('appliance.password'), SECRET)
  })
})
