/**
 * Whether all words of a filter occur in the texts, anywhere, in any order, whatever their case. An empty filter
 * matches everything.
 */
export function matches(filter: string, texts: readonly (string | null)[]): boolean {
  const words = filter.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return true
  const all = texts
    .filter((text) => text !== null)
    .join('\n')
    .toLocaleLowerCase()
  return words.every((word) => all.includes(word))
}
