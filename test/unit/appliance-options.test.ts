import assert from 'node:assert/strict'
import { test } from 'node:test'

import { helpText } from '../appliance/help.ts'
import { OPTION_ROWS } from '../appliance/option-rows.ts'
import { parseOptions, type ProgramOptions } from '../appliance/options.ts'

const TO = ['--recipient', 'http://127.0.0.1:8180/events?token=abc']

function parsed(...args: readonly string[]): ProgramOptions {
  const options = parseOptions(args)
  assert.ok(options !== 'help')
  return options
}

test('the defaults', () => {
  const options = parsed(...TO, '--random')
  assert.deepEqual(options.recipients, ['http://127.0.0.1:8180/events?token=abc'])
  assert.deepEqual(options.times, { retryIntervalMs: 5000, retryDurationMs: 600_000, timeoutMs: 10_000 })
  assert.equal(options.rate, 2)
  assert.equal(options.api, null)
  assert.equal(options.forMs, null)
  assert.equal(options.seed, null)
})

test('seconds become milliseconds, and what is repeated is collected', () => {
  const options = parsed(
    ...TO,
    '--recipient=https://[::1]:1/',
    '--random',
    '--retry-interval=0.05',
    '--retry-duration=0',
    '--timeout=2',
    '--for=1.5',
    '--only=support_conference_end',
    '--only=support_conference_begin',
    '--seed=4294967295',
    '--api-port=0',
    '--username=me',
    '--box=24.3',
    '--lost-reply=1',
  )
  assert.deepEqual(options.times, { retryIntervalMs: 50, retryDurationMs: 0, timeoutMs: 2000 })
  assert.equal(options.recipients.length, 2)
  assert.deepEqual(options.only, ['support_conference_end', 'support_conference_begin'])
  assert.equal(options.forMs, 1500)
  assert.equal(options.seed, 4_294_967_295)
  assert.equal(options.api?.settings.user?.id, 'me')
  assert.equal(options.api?.settings.generation, '24.x')
})

for (const [args, message] of [
  [['--foo'], "unknown option '--foo'"],
  [['file.json'], "unexpected argument 'file.json'"],
  [[...TO, '--random', '--seed'], "option '--seed <value>' argument missing"],
  [[...TO, '--random', '--quiet=yes'], "option '--quiet' does not take an argument"],
  [[], 'nothing to do: give --scenario, --random, --backlog or --api-port'],
  [[...TO], 'nothing to do: give --scenario, --random, --backlog or --api-port'],
  [['--random'], 'nobody to send to: give --recipient URL'],
  [['--random', '--recipient', 'ftp://x/'], "--recipient wants an http or https URL, not 'ftp://x/'"],
  [[...TO, '--random', '--odd', '2'], "--odd wants a number from 0 to 1, not '2'"],
  [[...TO, '--random', '--odd', ''], "--odd wants a number from 0 to 1, not ''"],
  [[...TO, '--random', '--events', '1.5'], "--events wants a whole number from 1 to 1000000000, not '1.5'"],
  [[...TO, '--random', '--age', '1'], '--age needs --backlog'],
  [[...TO, '--scenario', 'basic', '--rate', '1'], '--rate needs --random'],
  [[...TO, '--random', '--password', 'x'], '--password needs --api-port'],
  [['--api-port', '1', '--box', '9'], "--box wants one of 2008, 10.6, 14.1, 19.1, 24.x, not '9'"],
  [['--api-port', '1', '--profile', '24.'], "--profile wants one of 2008, 10.6, 14.1, 19.1, 24.x, not '24.'"],
  [['--api-port', '1', '--permission', 'fly=1'], 'there is no permission fly'],
  [['--api-port', '1', '--permission', 'command=1'], /^perm_command wants one of deny, /],
  [['--api-port', '1', '--report-lag', '1.5x'], "--report-lag wants seconds or a number of calls (3x), not '1.5x'"],
  [['--api-port', '1', '--public-url', 'box'], "--public-url wants an http or https URL, not 'box'"],
  [[...TO, '--random', '--history', '5'], '--history needs --api-port'],
] as const) {
  test(`refused: ${args.join(' ')}`, () => {
    assert.throws(() => parseOptions(args), { message })
  })
}

test('help wins over everything, and names every option in lines that fit a terminal', () => {
  assert.equal(parseOptions(['--odd', '7', '--help']), 'help')
  const help = helpText()
  for (const name of Object.keys(OPTION_ROWS)) assert.match(help, new RegExp(`^ {2}--${name}\\b`, 'm'))
  for (const line of help.split('\n')) assert.ok(line.length <= 120, line)
})
