/**
 * Builds `dist/`: main (Electron and browser mode), the two preloads, the window, the pictures. `node scripts/build.ts` builds what
 * is out of date; `--force` builds anyway; `--dev` leaves out minifying.
 */
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build as rolldownBuild, type BuildOptions } from 'rolldown'
import { build as viteBuild } from 'vite'
import { collectLicences } from './bundled-licences.ts'

const root = resolve(import.meta.dirname, '..')
const dist = join(root, 'dist')
const stamp = join(dist, '.built')
const NO_SCHEMA = join(import.meta.dirname, 'no-schema.ts')
const version = (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version

/** True if a source is newer than the last build. */
function outOfDate(): boolean {
  if (!existsSync(stamp)) return true
  const built = statSync(stamp).mtimeMs
  const sources = [
    'package.json',
    'package-lock.json',
    ...globSync('scripts/{build,bundled-licences,no-schema}.ts', { cwd: root }),
  ]
  return [...sources, ...globSync('{main,preload,renderer,assets}/**/*.*', { cwd: root })].some(
    (file) => statSync(join(root, file)).mtimeMs > built,
  )
}

/** What main loads only when it is needed: bundles beside main's own, by the same name under every entry. */
const LAZY = ['certificate/authority', 'relay/workstation', 'shell/electron/updater', 'web'] as const

/** The bundle that stands for such a file; null: it is an ordinary one. */
function lazyBundle(id: string): string | null {
  const found = LAZY.find((each) => id.replaceAll('\\', '/').endsWith(`/${each}.ts`))
  return found === undefined ? null : `./${basename(found)}.js`
}

/** Electron is there by itself; the other only colours what goes to a terminal, and whoever asks for it does without. */
const NOT_BUNDLED: ReadonlySet<string> = new Set(['electron', 'supports-color'])

const licences = collectLicences()

/** Each bundle is one file, so that nothing of node_modules is needed at run time. */
function bundle(input: string, file: string, format: 'esm' | 'cjs' | 'iife', minify: boolean): BuildOptions {
  return {
    input: join(root, input),
    platform: format === 'iife' ? 'browser' : 'node',
    external: (id) => NOT_BUNDLED.has(id) || id.startsWith('node:') || lazyBundle(id) !== null,
    resolve: { alias: { 'ajv/dist/2020.js': NO_SCHEMA, 'ajv-formats': NO_SCHEMA } },
    plugins: [licences.plugin],
    transform: { define: { __VERSION__: JSON.stringify(version) } },
    output: {
      file,
      format,
      minify,
      codeSplitting: false,
      comments: { legal: true },
      paths: (id) => lazyBundle(id) ?? id,
    },
    logLevel: 'warn',
  }
}

/** Builds into a folder of its own and then renames file by file, so that a program that starts meanwhile sees whole files. */
async function build(minify: boolean): Promise<void> {
  const staging = join(root, 'dist', `.staging-${process.pid}`)
  try {
    mkdirSync(staging, { recursive: true })
    const bundles = [
      bundle('main/index.ts', join(staging, 'main/index.js'), 'esm', minify),
      bundle('main/relay.ts', join(staging, 'main/relay.js'), 'esm', minify),
      ...LAZY.map((each) => bundle(`main/${each}.ts`, join(staging, `main/${basename(each)}.js`), 'esm', minify)),
      bundle('preload/index.ts', join(staging, 'preload/index.cjs'), 'cjs', minify),
      bundle('preload/web.ts', join(staging, 'renderer/bridge.js'), 'iife', minify),
    ].filter((options) => existsSync(options.input as string))
    await viteBuild({
      configFile: join(root, 'renderer/vite.config.ts'),
      logLevel: 'warn',
      define: { __VERSION__: JSON.stringify(version) },
      build: { outDir: join(staging, 'renderer'), minify },
      plugins: [licences.plugin],
    })
    await Promise.all(bundles.map((options) => rolldownBuild(options)))
    cpSync(join(root, 'assets'), join(staging, 'assets'), { recursive: true, filter: (file) => !file.endsWith('.svg') })
    writeFileSync(join(staging, 'licences.txt'), licences.text())
    // For whoever runs main's bundles out of another place: see scripts/after-pack.ts.
    writeFileSync(join(staging, 'package.json'), '{ "type": "module" }\n')
    const made = new Set(globSync('**/*.*', { cwd: staging }))
    for (const file of made) {
      mkdirSync(dirname(join(dist, file)), { recursive: true })
      renameSync(join(staging, file), join(dist, file))
    }
    // What an earlier build made and this one does not is not to be packaged. Others may be building here, too.
    const old = globSync('*/**/*.*', { cwd: dist }).filter((file) => !file.startsWith('.staging') && !made.has(file))
    for (const file of old) rmSync(join(dist, file), { force: true })
    // What was built for development is out of date for everything else.
    if (minify) writeFileSync(stamp, version)
    else rmSync(stamp, { force: true })
  } finally {
    rmSync(staging, { recursive: true, force: true })
  }
}

if (process.argv.includes('--force') || outOfDate()) await build(!process.argv.includes('--dev'))
