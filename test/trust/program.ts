/** What a program of trust is: it attacks the application, and says in figures what held. */

/** What a program is given to run with. */
export interface TrustContext {
  /** How much of it: cuts, kills, requests, … as the program counts them. */
  readonly rounds: number
  /** The same seed draws the same chances. */
  readonly seed: number
  /** Milliseconds since 1970 at which it must have ended; a program that sees it coming stops with what it has. */
  readonly deadline: number
  /** Prints one line of progress. */
  readonly log: (line: string) => void
}

/** What came of it. */
export interface Outcome {
  /** What was measured, by name. */
  readonly figures: Readonly<Record<string, number | string>>
  /** What did not hold; empty: all is well. */
  readonly failures: readonly string[]
  /** Why it could not run here (no loop devices, say); then neither passed nor failed. */
  readonly skipped?: string
}

/** `test/trust/programs/NAME.ts` exports one of these as `program`. It does nothing when it is imported. */
export interface TrustProgram {
  readonly name: string
  /** One line. */
  readonly about: string
  /** Rounds of the short form, which CI runs, and of the long one. */
  readonly rounds: { readonly short: number; readonly long: number }
  run(context: TrustContext): Promise<Outcome>
}
