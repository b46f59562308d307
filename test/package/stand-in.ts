/**
 * Folders that electron-builder takes for an unpacked Electron, without a program in them: what is packaged, under which
 * names and with which switches can be looked at without the real one.
 */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type * as ResEdit from 'resedit'

/** What Electron's program has before its switches. https://github.com/electron/fuses */
export const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'
/** Electron's switches in their order in the program, which is fixed; on as they are in what Electron publishes. */
const PUBLISHED = '11111011'

export type System = 'linux' | 'mac' | 'windows'

const switches = Buffer.concat([
  Buffer.from(SENTINEL),
  Buffer.from([1, PUBLISHED.length]),
  Buffer.from(PUBLISHED, 'latin1'),
])

/** The least that is a Windows program with a version. */
function windowsProgram(): Buffer {
  const ofBuilder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib'))
  const { NtExecutable, NtExecutableResource, Resource } = ofBuilder('resedit') as typeof ResEdit
  const program = NtExecutable.createEmpty(false, false)
  const resources = NtExecutableResource.from(program)
  const version = Resource.VersionInfo.createEmpty()
  version.setStringValues({ lang: 1033, codepage: 1200 }, { ProductName: 'Electron' })
  version.outputToResourceEntries(resources.entries)
  resources.outputResource(program)
  return Buffer.concat([Buffer.from(program.generate()), switches])
}

function plist(name: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict><key>CFBundleExecutable</key><string>${name}</string></dict></plist>`
}

/** Makes the folder; whoever asked for it takes it away. */
export function makeStandIn(system: System): string {
  const folder = mkdtempSync(join(tmpdir(), 'rep-tray-electron-'))
  const put = (name: string, text: string | Buffer = '', mode = 0o644) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
    chmodSync(join(folder, name), mode)
  }
  for (const name of ['LICENSE', 'LICENSES.chromium.html', 'version']) put(name)
  if (system === 'mac') {
    const contents = 'Electron.app/Contents'
    put(`${contents}/Info.plist`, plist('Electron'))
    put(`${contents}/MacOS/Electron`, '', 0o755)
    put(`${contents}/Frameworks/Electron Framework.framework/Electron Framework`, switches, 0o755)
    put(`${contents}/Resources/default_app.asar`)
    for (const language of ['de', 'en']) {
      put(`${contents}/Resources/${language}.lproj/.keep`)
      put(`${contents}/Frameworks/Electron Framework.framework/Versions/A/Resources/${language}.lproj/locale.pak`)
    }
    for (const helper of ['', ' (Renderer)', ' (Plugin)', ' (GPU)'].map((kind) => `Electron Helper${kind}`)) {
      put(`${contents}/Frameworks/${helper}.app/Contents/Info.plist`, plist(helper))
      put(`${contents}/Frameworks/${helper}.app/Contents/MacOS/${helper}`, '', 0o755)
    }
    return folder
  }
  if (system === 'windows') put('electron.exe', windowsProgram())
  else {
    put('electron', Buffer.concat([Buffer.from('#!/bin/sh\nexit 1\n'), switches]), 0o755)
    for (const name of ['chrome-sandbox', 'chrome_crashpad_handler']) put(name, '', 0o755)
  }
  for (const locale of ['de', 'en-US', 'fr']) put(`locales/${locale}.pak`)
  for (const name of ['icudtl.dat', 'resources.pak', 'resources/default_app.asar']) put(name)
  return folder
}
