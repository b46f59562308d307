/**
 * `npm run package -- [OPTION…]`: builds, and makes installers with electron-builder, whose options these are: `--dir`
 * (a folder instead of installers), `--linux deb`, `--win nsis msi`, `--mac`, `--x64`, `--arm64`. Without a system it is
 * this one's. ELECTRON_OVERRIDE_DIST_PATH names an unpacked Electron, which spares the download.
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { build, type CliOptions } from 'electron-builder'
import { ensureBuilt } from './built.ts'
import { buildDeb, isForDeb, type DebRelations } from './deb.ts'
import { readSigning } from './signing.ts'

const root = resolve(import.meta.dirname, '..')
const require = createRequire(import.meta.url)

interface Yargs {
  parse(args: readonly string[]): CliOptions & Record<string, unknown>
}

/** electron-builder's own reading of its options. */
function readOptions(args: readonly string[]): CliOptions & Record<string, unknown> {
  const { configureBuildCommand, createYargs } = require('electron-builder/out/builder.js') as {
    configureBuildCommand: (yargs: unknown) => Yargs
    createYargs: () => unknown
  }
  return configureBuildCommand(createYargs()).parse(args)
}

const isThere = (program: string) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0

function relations(): DebRelations {
  const yaml = require('js-yaml') as { load(text: string): unknown }
  const config = yaml.load(readFileSync(resolve(root, 'electron-builder.yml'), 'utf8')) as { deb: DebRelations }
  return config.deb
}

/** For systems that were named, or else for this one. */
function systemsOf(options: CliOptions): ('windows' | 'mac' | 'linux')[] {
  const { win, mac, linux } = options
  if (win === undefined && mac === undefined && linux === undefined)
    return [process.platform === 'win32' ? 'windows' : process.platform === 'darwin' ? 'mac' : 'linux']
  return [
    ...(win ? (['windows'] as const) : []),
    ...(mac ? (['mac'] as const) : []),
    ...(linux ? (['linux'] as const) : []),
  ]
}

/** An Electron that is given as a folder brings along the application that it shows without one. */
function removeDefaultApp({ appOutDir }: { readonly appOutDir: string }): void {
  for (const name of globSync('**/{default_app.asar,version}', { cwd: appOutDir })) rmSync(join(appOutDir, name))
}

async function pack(args: readonly string[]): Promise<void> {
  process.chdir(root)
  const options = readOptions(args)
  ensureBuilt(root)
  const { env } = process
  const signing = readSigning(env, systemsOf(options))
  for (const warning of signing.warnings) console.warn(`warning: ${warning}`)
  // With fpm at hand there is no need for electron-builder to get its own; without it Debian's tools do.
  const byFpm = isThere('fpm')
  if (byFpm) env['USE_SYSTEM_FPM'] = 'true'
  const byDpkg = !byFpm && isThere('dpkg-deb')
  const electronDist = env['ELECTRON_OVERRIDE_DIST_PATH']
  const homepage = env['REP_TRAY_HOMEPAGE']
  const given = typeof options.config === 'object' && options.config !== null ? options.config : {}
  const made = await build({
    ...options,
    publish: 'never',
    config: {
      ...(electronDist === undefined ? {} : { electronDist: resolve(electronDist), afterExtract: removeDefaultApp }),
      ...(homepage === undefined ? {} : { extraMetadata: { homepage } }),
      ...signing.config,
      ...given,
    },
    effectiveOptionComputed: (computed: unknown) => {
      const [forFpm] = Array.isArray(computed) ? (computed as unknown[]) : []
      if (!byDpkg || !isForDeb(forFpm)) return Promise.resolve(false)
      console.log(`made by dpkg-deb: ${buildDeb(forFpm, relations())}`)
      return Promise.resolve(true)
    },
  })
  for (const file of made) console.log(file)
}

try {
  await pack(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  // Not only the code: electron-builder ends with its own, once it has tidied up.
  process.exit(1)
}
