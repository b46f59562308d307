/** What the figures were measured on. */
import { execFileSync } from 'node:child_process'
import { cpus, release, tmpdir, totalmem, type } from 'node:os'

function fileSystem(): string {
  try {
    return execFileSync('df', ['--output=fstype,source', tmpdir()], { encoding: 'utf8' }).split('\n')[1]?.trim() ?? ''
  } catch {
    return 'unknown'
  }
}

/** The machine in a few words, for the head of a table. */
export function machine(): Readonly<Record<string, string>> {
  const [first] = cpus()
  return {
    processor: `${cpus().length} × ${first?.model.trim() ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    disk: fileSystem(),
    node: process.version,
    sqlite: process.versions['sqlite'] ?? '',
    date: new Date().toISOString().slice(0, 10),
  }
}
