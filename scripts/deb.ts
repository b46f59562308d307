/**
 * A .deb by Debian's own tools, from the same staged folder and the same options as fpm would get from electron-builder:
 * for where fpm cannot be had.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, cpSync, globSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** What electron-builder's configuration says and its arguments for fpm do not. */
export interface DebRelations {
  readonly depends: readonly string[]
  readonly recommends: readonly string[]
}

interface FpmArguments {
  /** By their names; those without a value are not in it. */
  readonly options: Readonly<Record<string, string>>
  /** What goes where: a folder ends in a slash. */
  readonly files: readonly { readonly from: string; readonly to: string }[]
}

/** Reads fpm's command line: `--name value` and `from=to`. */
export function readFpmArguments(args: readonly string[]): FpmArguments {
  const options: Record<string, string> = {}
  const files: { from: string; to: string }[] = []
  for (let at = 0; at < args.length; at += 1) {
    const [each = '', next = ''] = args.slice(at, at + 2)
    if (each.startsWith('--deb-no-')) continue
    if (each.startsWith('--')) {
      options[each.slice(2)] = next
      at += 1
    } else {
      const [from = '', to = ''] = each.split('=')
      files.push({ from, to })
    }
  }
  return { options, files }
}

/** True if these are the arguments for a .deb: for an .rpm electron-builder makes others. */
export function isForDeb(args: unknown): args is readonly string[] {
  return Array.isArray(args) && args.includes('--deb-priority')
}

function control(options: Readonly<Record<string, string>>, relations: DebRelations, kilobytes: number): string {
  const description = (options['description'] ?? '').split('\n').filter((line) => line.trim() !== '')
  const [synopsis = '', ...lines] = description
  return [
    `Package: ${options['name']}`,
    `Version: ${options['version']}`,
    `Architecture: ${options['architecture']}`,
    `Maintainer: ${options['maintainer']}`,
    `Installed-Size: ${kilobytes}`,
    `Depends: ${relations.depends.join(', ')}`,
    `Recommends: ${relations.recommends.join(', ')}`,
    `Section: ${options['category']}`,
    `Priority: ${options['deb-priority']}`,
    `Homepage: ${options['url']}`,
    `Description: ${synopsis.trim()}`,
    ...lines.map((line) => ` ${line.trim()}`),
    '',
  ].join('\n')
}

/** Modes as Debian wants them, whatever the umask here was; what is executable stays so, and what is SUID does not. */
function settleModes(tree: string): void {
  chmodSync(tree, 0o755)
  for (const name of globSync('**/*', { cwd: tree })) {
    const file = join(tree, name)
    const { mode } = lstatSync(file)
    if (!lstatSync(file).isSymbolicLink()) chmodSync(file, statSync(file).isDirectory() || mode & 0o100 ? 0o755 : 0o644)
  }
}

/**
 * Builds the package that fpm would build from these arguments.
 * @returns the package's file
 * @throws if dpkg-deb refuses
 */
export function buildDeb(args: readonly string[], relations: DebRelations): string {
  const { options, files } = readFpmArguments(args)
  const target = options['package'] ?? ''
  const tree = mkdtempSync(join(tmpdir(), 'rep-tray-deb-'))
  try {
    for (const { from, to } of files) {
      const place = join(tree, to)
      mkdirSync(from.endsWith('/') ? place : dirname(place), { recursive: true })
      cpSync(from, place, { recursive: true, verbatimSymlinks: true, preserveTimestamps: true })
    }
    settleModes(tree)
    const inside = globSync('**/*', { cwd: tree }).filter((name) => lstatSync(join(tree, name)).isFile())
    const bytes = inside.reduce((sum, name) => sum + lstatSync(join(tree, name)).size, 0)
    const sums = inside.toSorted().map((name) => {
      const sum = createHash('md5')
        .update(readFileSync(join(tree, name)))
        .digest('hex')
      return `${sum}  ${name}\n`
    })
    const meta = join(tree, 'DEBIAN')
    mkdirSync(meta)
    writeFileSync(join(meta, 'control'), control(options, relations, Math.ceil(bytes / 1024)))
    writeFileSync(join(meta, 'md5sums'), sums.join(''))
    cpSync(options['after-install'] ?? '', join(meta, 'postinst'))
    cpSync(options['after-remove'] ?? '', join(meta, 'postrm'))
    for (const script of ['postinst', 'postrm']) chmodSync(join(meta, script), 0o755)
    const { status, stderr } = spawnSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, target], {
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(`dpkg-deb cannot build ${basename(target)}: ${stderr}`)
    return target
  } finally {
    rmSync(tree, { recursive: true, force: true })
  }
}
