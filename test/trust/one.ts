/** One program in a process of its own, so that what it breaks is broken for it alone. Tells main.ts what came of it. */
import type { Outcome, TrustProgram } from './program.ts'

/** What main.ts sends along, as JSON. */
export interface Order {
  readonly file: string
  readonly rounds: number
  readonly seed: number
  readonly deadline: number
}

// Each thing that is started is one more.
process.setMaxListeners(0)
// Whoever started something does away with it on `exit`; a signal alone would not get there.
process.on('SIGTERM', () => process.exit(1))
// Nor does this process outlive the one that started it.
process.on('disconnect', () => process.exit(1))

const { file, ...order } = JSON.parse(process.argv[2] ?? '{}') as Order
const { program } = (await import(file)) as { readonly program: TrustProgram }
let outcome: Outcome
try {
  outcome = await program.run({ ...order, log: (line) => console.log(`  ${line}`) })
} catch (error) {
  outcome = { figures: {}, failures: [error instanceof Error ? (error.stack ?? error.message) : String(error)] }
}
process.send?.(outcome, () => process.exit())
