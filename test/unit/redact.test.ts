import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { createLogbook } from '../../main/logbook.ts'
import { describeFault, redact } from '../../main/redact.ts'
import { takeEnvironment } from '../../main/settings/environment.ts'

const plain = (line: string, known: readonly string[] = []) => redact(line, known, '/home/jdoe')

/** Forms in which a secret gets into a line. */
const FORMS: readonly ((secret: string) => string)[] = [
  (secret) => `POST http://ws:8180/events?token=${secret} failed`,
  (secret) => `/events?a=1&outbound_event_token=${secret}`,
  (secret) => `authorization: Bearer ${secret}`,
  (secret) => `Authorization: Basic ${Buffer.from(`id:${secret}`).toString('base64')}`,
  (secret) => `{"client_secret":"${secret}","a":1}`,
  (secret) => `{"client_secret": "${secret}`,
  (secret) => `client_secret=${secret}&grant_type=x`,
  (secret) => `password='${secret}'`,
  (secret) => `REP_TRAY_CLIENT_SECRET=${secret}`,
  (secret) => `appliance.password=${secret}`,
  (secret) => `Cookie: other=1; rep-tray-8182=${secret}; more=2`,
  (secret) => `set-cookie: rep-tray-8182=${secret}; HttpOnly`,
  (secret) => `https://admin:${secret}@support.example.com/`,
  (secret) => `rep-tray://ticket/${secret}`,
  (secret) => `-----BEGIN EC PRIVATE KEY----- ${secret} -----END EC PRIVATE KEY-----`,
  (secret) => `window: http://127.0.0.1:8182/?token=${secret}`,
]

describe('a line of the log', () => {
  test('has no secret in any of the forms in which it gets there', () => {
    const secret = fc.stringMatching(/^[A-Za-z0-9_~+-]{6,40}$/)
    fc.assert(
      fc.property(secret, fc.constantFrom(...FORMS), (text, form) => {
        const line = plain(`something happened: ${form(text)}`)
        assert.equal(line.includes(text), false, line)
        assert.match(line, /^something happened: /)
      }),
      { numRuns: 3_000 },
    )
  })

  test('has nothing that looks random: tokens, digests, session IDs', () => {
    for (let round = 0; round < 500; round += 1) {
      const token = randomBytes(24).toString('base64url')
      const id = randomBytes(16).toString('hex')
      const line = plain(`saw ${token} of ${id}, ${id.toUpperCase()}.`)
      // One in a million has no digit, or letters of one case only.
      assert.equal(line.includes(token) && /\d/.test(token), false, line)
      assert.equal(line.toLowerCase().includes(id), false, line)
    }
  })

  test('has nothing that is known to be a secret or a name, in whatever case', () => {
    const line = plain('problem: ANN MÜLLER (INC1) of müller and annotation', ['Ann Müller', 'INC1', 'Müller', 'x', ''])
    assert.equal(line, 'problem: [hidden] ([hidden]) of [hidden] and annotation')
    const text = fc.string({ unit: 'grapheme', minLength: 3, maxLength: 30 }).filter((name) => name.trim() === name)
    fc.assert(
      fc.property(text, (name) => {
        const cleaned = plain(`begin ${name} end`, [name])
        assert.ok(/begin|\[hidden\]/.test(cleaned))
        assert.equal(` ${cleaned} `.includes(` ${name} `) && !'[hidden] begin end'.includes(name), false, cleaned)
      }),
    )
  })

  test('tells neither the user’s folder nor addresses of people', () => {
    assert.equal(
      plain('/home/jdoe/.config/Rep Tray/journal.db by jane.doe@example.com'),
      '~/.config/Rep Tray/journal.db by [address]',
    )
  })

  test('is one line, and no longer than a page', () => {
    assert.equal(plain('a\r\n  b\n\nc'), 'a | b | c')
    assert.equal(plain('x '.repeat(10_000)).length, 4_000)
  })

  test('still says what happened', () => {
    for (const line of [
      'problem listener.listen: No events can come in',
      'problem secrets: The appliance’s secret could not be read',
      'policy: listener.token: Fewer than 16 characters can be guessed.',
      'policy: appliance.clientSecret: This must be text.',
      'appliance: POST /api/command get_support_teams: 200, 12 ms',
      'appliance: POST /oauth2/token: 200',
      'listener: no valid token, 12 times since the last such line',
      'quit: stopping took too long',
      'a command failed: TypeError ',
    ])
      assert.equal(plain(line), line)
  })
})

describe('an error that nobody foresaw', () => {
  test('is told without what it quotes', () => {
    for (const bad of ['{"name": "Margarethe"', 'Margarethe']) {
      try {
        JSON.parse(bad)
        assert.fail('that is no JSON')
      } catch (error) {
        const told = describeFault(error)
        assert.equal(told.includes('Margarethe'), false, told)
        assert.match(told, /^SyntaxError: [^]*\n\s+at .*redact\.test\.ts/)
      }
    }
  })

  test('has its code, and may be anything', () => {
    assert.match(describeFault(Object.assign(new Error("open '/home/x'"), { code: 'ENOENT' })), /^Error ENOENT: open …/)
    for (const odd of [undefined, null, 'Margarethe', { message: 'Margarethe' }])
      assert.equal(describeFault(odd).includes('Margarethe'), false)
  })
})

describe('the logbook', () => {
  test('keeps the latest lines with their times, and outlives a sink that fails', () => {
    const written: string[] = []
    const log = createLogbook(
      (line) => {
        written.push(line)
        throw new Error('the disk is full')
      },
      '',
      () => 0,
    )
    for (let number = 1; number <= 600; number += 1) log.write(`line ${number}`)
    assert.equal(log.lines().length, 500)
    assert.equal(log.lines().at(-1), '1970-01-01T00:00:00.000Z line 600')
    assert.equal(written.length, 600)
  })

  test('asks for what it must not write each time', () => {
    const secrets: string[] = []
    const log = createLogbook(() => {}, '')
    log.conceal(() => secrets)
    secrets.push('hunter2')
    log.write('it is hunter2')
    assert.match(log.lines()[0] ?? '', / it is \[hidden\]$/)
    assert.equal(log.clean('hunter2!'), '[hidden]!')
  })
})

test('our variables leave the environment, whatever their case; all others stay', () => {
  const env: Record<string, string | undefined> = { PATH: '/bin', REP_TRAY_PASSWORD: 'a', rep_tray_client_secret: 'b' }
  assert.deepEqual(takeEnvironment(env), { PATH: '/bin', REP_TRAY_PASSWORD: 'a', rep_tray_client_secret: 'b' })
  assert.deepEqual(env, { PATH: '/bin' })
})
