/** Something that was asked for cannot be done; the message is a sentence for the rep. */
export class Unable extends Error {}

/** Name and code of a fault, without its words, which may tell of somebody. */
export function nameOf(error: unknown): string {
  return error instanceof Error ? `${error.name} ${(error as NodeJS.ErrnoException).code ?? ''}` : 'unknown'
}

/** Does something that is not to fail; should it, that is told, and whoever called goes on. */
export function attempt(act: () => void, onFailure: (error: unknown) => void): void {
  try {
    act()
  } catch (error) {
    onFailure(error)
  }
}
