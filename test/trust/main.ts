/**
 * `npm run trust -- NAME…`: programs that attack the application and say in figures what held. Each runs in a process of
 * its own and is bounded in time. Ends with the line `N passed, N failed`, and with what was skipped in a third part.
 */
import { fork } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Order } from './one.ts'
import type { Outcome, TrustProgram } from './program.ts'

const HELP = `Attacks Rep Tray, and says in figures what held.

  npm run trust -- NAME…            these programs, in their long form
  npm run trust -- short [NAME…]    all programs, or these, in their short form, as CI runs them
  npm run trust -- all              all programs in their long form
  npm run trust -- list             what there is

  --rounds N    so many rounds of each
  --seed N      repeat a run whose chances were drawn from N
`

/** A program ends within this (ms); the grace is for putting its figures together. */
const TIME = { short: 60_000, long: 15 * 60_000, grace: 20_000 } as const

type Form = 'short' | 'long'

interface Found {
  readonly name: string
  readonly file: string
}

function findPrograms(): readonly Found[] {
  const files = globSync('programs/*.ts', { cwd: import.meta.dirname }).sort()
  return files.map((file) => ({ name: basename(file, '.ts'), file: join(import.meta.dirname, file) }))
}

/** Runs a program in a process of its own; a process that ends without a word, or not at all, is a failure too. */
function runApart(order: Order): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = fork(join(import.meta.dirname, 'one.ts'), [JSON.stringify(order)])
    let outcome: Outcome | null = null
    let isLate = false
    child.on('message', (message) => {
      outcome = message as Outcome
    })
    const ending = setTimeout(
      () => {
        isLate = true
        child.kill('SIGTERM')
      },
      order.deadline + TIME.grace - Date.now(),
    )
    // One whose event loop stands still does not hear of it.
    const killing = setTimeout(() => child.kill('SIGKILL'), order.deadline + 1.5 * TIME.grace - Date.now())
    child.on('exit', (code, signal) => {
      clearTimeout(ending)
      clearTimeout(killing)
      const how = isLate ? 'It did not end in time.' : `It ended without a result (${signal ?? code}).`
      resolve(outcome ?? { figures: {}, failures: [how] })
    })
  })
}

function printOutcome(name: string, { figures, failures, skipped }: Outcome, seconds: string): void {
  const width = Math.max(0, ...Object.keys(figures).map((each) => each.length))
  for (const [what, figure] of Object.entries(figures)) {
    console.log(`  ${what.padEnd(width)}  ${typeof figure === 'number' ? figure.toLocaleString('en') : figure}`)
  }
  for (const failure of failures) console.log(`  FAILED: ${failure}`)
  const verdict = failures.length > 0 ? 'failed' : skipped === undefined ? 'passed' : `skipped: ${skipped}`
  console.log(`${name}: ${verdict} (${seconds} s)\n`)
}

async function runAll(programs: readonly Found[], form: Form, rounds: number | null, seed: number): Promise<void> {
  const counts = { passed: 0, failed: 0, skipped: 0 }
  for (const { name, file } of programs) {
    const begun = performance.now()
    let outcome: Outcome
    try {
      const { program } = (await import(file)) as { readonly program: TrustProgram }
      const order = { file, rounds: rounds ?? program.rounds[form], seed, deadline: Date.now() + TIME[form] }
      console.log(`${name}: ${program.about} (${order.rounds} rounds, seed ${seed})`)
      outcome = await runApart(order)
    } catch (error) {
      outcome = { figures: {}, failures: [String(error)] }
    }
    printOutcome(name, outcome, ((performance.now() - begun) / 1000).toFixed(1))
    counts[outcome.failures.length > 0 ? 'failed' : outcome.skipped === undefined ? 'passed' : 'skipped'] += 1
  }
  const { passed, failed, skipped } = counts
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  if (failed > 0) process.exitCode = 1
}

async function list(programs: readonly Found[]): Promise<void> {
  for (const { name, file } of programs) {
    const { program } = (await import(file)) as { readonly program: TrustProgram }
    const { short, long } = program.rounds
    console.log(`${name.padEnd(16)}${program.about} (${short} rounds, long form ${long})`)
  }
}

/** A whole number of at least `least`, or null if the option was not given. */
function numberOf(text: string | undefined, option: string, least: number): number | null {
  if (text === undefined) return null
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < least) throw new Error(`--${option} takes a whole number.`)
  return number
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { rounds: { type: 'string' }, seed: { type: 'string' }, help: { type: 'boolean' } },
  })
  const [first] = positionals
  if (values.help || first === undefined) return void process.stdout.write(HELP)
  const programs = findPrograms()
  if (first === 'list') return list(programs)
  const names = first === 'short' || first === 'all' ? positionals.slice(1) : positionals
  const chosen = names.map((name) => {
    const found = programs.find((each) => each.name === name)
    if (found === undefined) throw new Error(`There is no program ${name}; see npm run trust -- list.`)
    return found
  })
  const seed = numberOf(values.seed, 'seed', 0) ?? randomInt(2 ** 32)
  await runAll(
    chosen.length > 0 ? chosen : programs,
    first === 'short' ? 'short' : 'long',
    numberOf(values.rounds, 'rounds', 1),
    seed,
  )
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
