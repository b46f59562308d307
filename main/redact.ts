/**
 * What no line of a log may hold is taken out of it: secrets by their looks, session IDs, addresses of people, queries of
 * URLs, and every text that is known to be a secret or somebody's name. Rather too much than too little.
 */

const HIDDEN = '[hidden]'

/** A name that ends so has a secret for its value. */
const SECRET = String.raw`[\w.-]*(?:token|secret|password|passwd|passphrase|pwd|api[_-]?key|session[_-]?key|credentials?)`

interface Rule {
  readonly pattern: RegExp
  readonly by: string
}

/** In this order: what one leaves the next may still find. */
const RULES: readonly Rule[] = [
  { pattern: /-----BEGIN [^-]*PRIVATE KEY-----.*?(?:-----END [^-]*-----|$)/g, by: HIDDEN },
  { pattern: /\b((?:set-)?cookie|authorization)(["']?\s*[:=]\s*).*/gi, by: `$1$2${HIDDEN}` },
  { pattern: /\b(bearer|basic|digest|negotiate)\s+[\w.~+/=-]{4,}/gi, by: `$1 ${HIDDEN}` },
  // In a link of our own the path is the ticket.
  { pattern: /\brep-tray:\/\/\S*/gi, by: `rep-tray://${HIDDEN}` },
  { pattern: /:\/\/[^\s/@]+@/g, by: `://${HIDDEN}@` },
  { pattern: /\?[^\s?"'<>]*=[^\s"'<>]*/g, by: `?${HIDDEN}` },
  {
    pattern: new RegExp(String.raw`(["']?)\b(${SECRET})\1\s*[:=]\s*(?:"(?:[^"\\]|\\.)*"?|'[^']*'?)`, 'gi'),
    by: `$2=${HIDDEN}`,
  },
  { pattern: new RegExp(String.raw`\b(${SECRET})(?:=\s*|:)[^\s,;&"']+`, 'gi'), by: `$1=${HIDDEN}` },
  // After a colon and a blank there may be a sentence, whose words have no digits, or a status.
  {
    pattern: new RegExp(String.raw`\b(${SECRET}):\s+(?=\S*\d)(?!\d{1,4}(?!\S))[^\s,;&"']+`, 'gi'),
    by: `$1: ${HIDDEN}`,
  },
  { pattern: /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, by: '[address]' },
  { pattern: /(?<![\w-])[0-9a-f]{24,}(?![\w-])/gi, by: '[id]' },
  // As random texts look in base64.
  {
    pattern: /(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{20,}(?![\w-])/g,
    by: HIDDEN,
  },
]

/** Shorter texts are in half of all words. */
const SHORTEST = 3
/** Characters of a line. */
const LONGEST = 4_000

/** A known text is hidden where it stands by itself, in whatever case: “Ann” is not in “annotation”. */
function withoutText(line: string, text: string): string {
  if (!line.toLowerCase().includes(text.toLowerCase())) return line
  return line.replaceAll(new RegExp(String.raw`(?<![\p{L}\p{N}])${RegExp.escape(text)}(?![\p{L}\p{N}])`, 'giu'), HIDDEN)
}

/**
 * A line that may be written down.
 * @param known texts that it must not hold
 * @param home the user's folder, whose path has the user's name in it; empty: none
 */
export function redact(line: string, known: Iterable<string>, home: string): string {
  let text = line.replaceAll(/[\r\n]+\s*/g, ' | ').slice(0, LONGEST)
  // First, since what follows may cut them in two.
  for (const each of known) if (each.length >= SHORTEST) text = withoutText(text, each)
  if (home.length > 1) text = text.replaceAll(home, '~')
  for (const { pattern, by } of RULES) text = text.replaceAll(pattern, by)
  return text
}

/**
 * An error that nobody foresaw, for the log: where it happened, and its message without what it quotes. What V8 says of
 * bad JSON quotes the JSON.
 */
export function describeFault(error: unknown): string {
  if (!(error instanceof Error)) return `something was thrown that is no error (${typeof error})`
  const { code } = error as NodeJS.ErrnoException
  const message = error.message.replaceAll(/"[^]*"|'[^]*'|“[^]*”|`[^]*`/g, '…')
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`${error.name}${code === undefined ? '' : ` ${code}`}: ${message}`, ...frames].join('\n')
}
