/**
 * `npm run bench [-- NAME …] [--short] [--json FILE] [--check] [--record]`: measures this application beside the least that could do
 * and beside others. `--check` fails if a ratio fell to less than 70 % of the one in baseline.json; `--record` writes that file.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../scripts/built.ts'
import { isReached, median, ratioOf, SELF, type Bench, type Figure } from './bench.ts'
import { machine } from './machine.ts'
import { root } from './targets.ts'

const BASELINE = join(import.meta.dirname, 'baseline.json')
/** A ratio that is so much worse than the recorded one is a failure. */
const WORSE = 0.7

const NAMES = [
  'listener-seq',
  'listener-load',
  'event-to-eye',
  'backlog',
  'lookup',
  'start',
  'idle',
  'report',
  'bundle',
] as const

async function load(name: string): Promise<Bench> {
  const { bench } = (await import(`./benches/${name}.ts`)) as { bench: Bench }
  return bench
}

function shown(value: number, unit: Figure['unit']): string {
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3
  return `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`
}

/** `0.31 ms (0.29–0.35)`: median and spread. */
function summary(values: readonly number[], unit: Figure['unit']): string {
  return `${shown(median(values), unit)} (${shown(Math.min(...values), '')}–${shown(Math.max(...values), '')})`
}

function goalText({ goal }: Figure): string {
  if (goal === undefined) return ''
  const sign = goal.kind === 'least' ? '≥' : '≤'
  if (goal.to === null) return `${sign} ${goal.times}`
  return `${sign} ${goal.times} × ${goal.to}${goal.plus === undefined ? '' : ` + ${goal.plus}`}`
}

function print(bench: Bench, figures: readonly Figure[]): void {
  console.log(`\n${bench.name}: ${bench.about}`)
  for (const figure of figures) {
    const all = Object.entries(figure.values).map(([who, values]) => `${who} ${summary(values, figure.unit)}`)
    const ratio = ratioOf(figure)
    const reached = isReached(figure)
    const verdict =
      reached === null
        ? ''
        : `  → ${shown(ratio ?? Number.NaN, '')}  ${goalText(figure)}  ${reached ? 'reached' : 'MISSED'}`
    console.log(`  ${figure.what.padEnd(36)} ${all.join(', ')}${verdict}`)
  }
}

type Baseline = Readonly<Record<string, number>>

/** What got worse than the baseline allows, a line each. */
function regressions(name: string, figures: readonly Figure[], baseline: Baseline): readonly string[] {
  return figures.flatMap((figure) => {
    const recorded = baseline[`${name}: ${figure.what}`]
    const ratio = ratioOf(figure)
    if (recorded === undefined || ratio === null) return []
    const isWorse = figure.goal?.kind === 'least' ? ratio < recorded * WORSE : ratio > recorded / WORSE
    return isWorse ? [`${name}: ${figure.what} is ${shown(ratio, '')}; the baseline has ${shown(recorded, '')}`] : []
  })
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
    check: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
  },
})

ensureBuilt(root)
const names = positionals.length === 0 ? NAMES : positionals
const results: Record<string, readonly Figure[]> = {}
const about = machine()
console.log(
  Object.entries(about)
    .map(([what, value]) => `${what}: ${value}`)
    .join('\n'),
)
for (const name of names) {
  const bench = await load(name)
  const figures = await bench.run({ short: values.short, log: (line) => console.log(`  ${line}`) })
  results[name] = figures
  print(bench, figures)
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine: about, results }, null, 2))
if (values.record) {
  const ratios = Object.entries(results).flatMap(([name, figures]) =>
    figures.flatMap((figure) => {
      const ratio = ratioOf(figure)
      return ratio === null || !(SELF in figure.values)
        ? []
        : [[`${name}: ${figure.what}`, Number(ratio.toPrecision(4))]]
    }),
  )
  writeFileSync(BASELINE, `${JSON.stringify(Object.fromEntries(ratios), null, 2)}\n`)
}
if (values.check) {
  const baseline = JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline
  const worse = Object.entries(results).flatMap(([name, figures]) => regressions(name, figures, baseline))
  for (const line of worse) console.log(`WORSE ${line}`)
  console.log(
    `${Object.keys(results).length - new Set(worse.map((line) => line.split(':')[0])).size} passed, ${worse.length} failed`,
  )
  if (worse.length > 0) process.exitCode = 1
}
