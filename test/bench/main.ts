/**
 * `npm run bench [-- NAME …] [--short] [--json FILE] [--markdown] [--within SECONDS] [--check] [--record]`: measures this
 * application beside the least that could do and beside others. `--check` fails if a guarded ratio fell to less than 70 %
 * of the one in baseline.json; `--record` writes that file, in the same form.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBuilt } from '../../scripts/built.ts'
import { isReached, median, ratioOf, reachedRounds, SELF, type Bench, type Figure } from './bench.ts'
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
  'fleet',
] as const

/** Those with something that CI guards. */
const GUARDED = ['bundle', 'listener-seq', 'listener-load', 'lookup', 'report']

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
  if (goal === undefined || goal.times === null) return ''
  const sign = goal.kind === 'least' ? '≥' : '≤'
  if (goal.to === null) return `${sign} ${goal.times}`
  return `${sign} ${goal.times} × ${goal.to}${goal.plus === undefined ? '' : ` + ${goal.plus}`}`
}

/** In how many rounds the goal was reached, where that is not all or none of them. */
function roundsOf(figure: Figure): string {
  const { reached, of } = reachedRounds(figure)
  return reached === 0 || reached === of ? '' : ` (${reached} of ${of} rounds)`
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
        : `  → ${shown(ratio ?? Number.NaN, '')}  ${goalText(figure)}  ${reached ? 'reached' : 'MISSED'}${roundsOf(figure)}`
    console.log(`  ${figure.what.padEnd(36)} ${all.join(', ')}${verdict}`)
  }
}

/** A table to be pasted into docs/performance.md. */
function markdown(bench: Bench, figures: readonly Figure[]): string {
  const lines = figures.map((figure) => {
    const { [SELF]: own = [], ...others } = figure.values
    const all = Object.entries(others).map(([who, values]) => `${who} ${summary(values, figure.unit)}`)
    const ratio = ratioOf(figure)
    const reached = isReached(figure)
    const verdict = reached === null ? '' : `${reached ? 'reached' : '**missed**'}${roundsOf(figure)}`
    const cells = [
      figure.what,
      own.length === 0 ? '' : summary(own, figure.unit),
      all.join('<br>'),
      ratio === null || figure.goal?.to === null ? '' : shown(ratio, ''),
      goalText(figure),
      verdict,
    ]
    return `| ${cells.join(' | ')} |`
  })
  const head = '| what | Rep Tray | others | ratio | goal | |\n| --- | --- | --- | --- | --- | --- |'
  return [`### ${bench.name}`, '', `${bench.about}.`, '', head, ...lines, ''].join('\n')
}

type Baseline = Readonly<Record<string, number>>

const keyOf = (name: string, { what }: Figure) => `${name}: ${what}`

/** What got worse than the baseline allows, or misses a goal that is guarded; a line each. */
function regressions(name: string, figures: readonly Figure[], baseline: Baseline): readonly string[] {
  return figures.flatMap((figure) => {
    const ratio = ratioOf(figure)
    if (figure.guard === 'goal' && isReached(figure) === false)
      return [`${keyOf(name, figure)} is ${shown(ratio ?? Number.NaN, '')}; the goal is ${goalText(figure)}`]
    const recorded = baseline[keyOf(name, figure)]
    if (figure.guard !== 'ratio' || recorded === undefined || ratio === null) return []
    const isWorse = figure.goal?.kind === 'least' ? ratio < recorded * WORSE : ratio > recorded / WORSE
    return isWorse ? [`${keyOf(name, figure)} is ${shown(ratio, '')}; the baseline has ${shown(recorded, '')}`] : []
  })
}

function readBaseline(): Baseline {
  return existsSync(BASELINE) ? (JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline) : {}
}

/** The ratios that are guarded, as they are recorded. */
function guarded(results: Readonly<Record<string, readonly Figure[]>>): Baseline {
  const ratios = Object.entries(results).flatMap(([name, figures]) =>
    figures.flatMap((figure) => {
      const ratio = ratioOf(figure)
      return figure.guard !== 'ratio' || ratio === null ? [] : [[keyOf(name, figure), Number(ratio.toPrecision(3))]]
    }),
  )
  return Object.fromEntries(ratios) as Baseline
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    short: { type: 'boolean', default: false },
    json: { type: 'string' },
    check: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    /** Benches that have not begun after so many seconds are left out. */
    within: { type: 'string' },
  },
})

ensureBuilt(root)
/** Of the short form only those are run that say something on any machine. */
const names = positionals.length > 0 ? positionals : values.check || values.record ? GUARDED : NAMES
const until = performance.now() + Number(values.within ?? 'Infinity') * 1000
const results: Record<string, readonly Figure[]> = {}
const tables: string[] = []
const about = machine()
const heading = Object.entries(about)
  .map(([what, value]) => `${what}: ${value}`)
  .join('\n')
console.log(heading)
for (const name of names) {
  if (performance.now() > until) {
    console.log(`\n${name}: not measured, since the time is over`)
    continue
  }
  const bench = await load(name)
  const figures = await bench.run({ short: values.short, log: (line) => console.log(`  ${line}`) })
  results[name] = figures
  tables.push(markdown(bench, figures))
  print(bench, figures)
}
if (values.json !== undefined) writeFileSync(values.json, JSON.stringify({ machine: about, results }, null, 2))
if (values.markdown) console.log(`\n${[heading.replaceAll('\n', ' · '), '', ...tables].join('\n')}`)
if (values.record) {
  const recorded = { ...readBaseline(), ...guarded(results) }
  writeFileSync(BASELINE, `${JSON.stringify(recorded, null, 2)}\n`)
}
if (values.check) {
  const baseline = readBaseline()
  const worse = Object.entries(results).map(([name, figures]) => regressions(name, figures, baseline))
  for (const line of worse.flat()) console.log(`WORSE ${line}`)
  const failed = worse.filter((lines) => lines.length > 0).length
  console.log(`${worse.length - failed} passed, ${failed} failed`)
  if (failed > 0) process.exitCode = 1
}
