import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, test } from 'node:test'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { APP_ID } from '../../main/shell/electron/prepare.ts'
import { withFirewallRule } from '../../scripts/msi.ts'
import { pack, runPackage, temporary } from './packing.ts'

const include = resolve(import.meta.dirname, '../../installer/installer.nsh')

describe('the NSIS installer', () => {
  const script = readFileSync(include, 'utf8')

  test('adds and removes the firewall’s rule only for all users, and keeps it in an update', () => {
    const [install = '', uninstall = ''] = script
      .slice(script.indexOf('!macro customInstall'))
      .split('!macro customUnInstall')
    assert.match(install, /\$\{if\} \$installMode == "all"\s+!insertmacro addFirewallRule/)
    assert.match(uninstall, /\$\{ifNot\} \$\{isUpdated\}[^]*\$installMode == "all"[^]*firewall delete rule/)
    assert.match(script, /add rule[^\n]*dir=in action=allow protocol=TCP profile=domain,private program="\$INSTDIR/)
  })

  test('keeps switches out of links', () => {
    assert.ok(script.includes(`'"$INSTDIR\\\${APP_EXECUTABLE_FILENAME}" -- "%1"'`))
  })

  test('is what makensis understands', (t) => {
    if (spawnSync('makensis', ['-VERSION']).error !== undefined) return t.skip('there is no makensis (Debian: nsis)')
    const folder = temporary(t)
    // As electron-builder's script does: its definitions, the include first, the macros in their places.
    writeFileSync(
      join(folder, 'test.nsi'),
      `Unicode true
!define PRODUCT_NAME "Rep Tray"
!define APP_ID "${APP_ID}"
!define APP_EXECUTABLE_FILENAME "Rep Tray.exe"
!include "LogicLib.nsh"
!define isUpdated '"$0" == "1"'
!include "${include}"
Name test
OutFile "${join(folder, 'test.exe')}"
Var installMode
Section install
  StrCpy $installMode "all"
  !insertmacro customInstall
SectionEnd
Section -uninstaller
  WriteUninstaller "$INSTDIR\\u.exe"
SectionEnd
Section un.install
  !insertmacro customUnInstall
SectionEnd
`,
    )
    const { status, stdout } = spawnSync('makensis', ['-WX', '-INPUTCHARSET', 'UTF8', join(folder, 'test.nsi')], {
      encoding: 'utf8',
    })
    assert.equal(status, 0, stdout)
  })
})

interface Element {
  readonly [name: string]: unknown
}

describe('the MSI', () => {
  test('has a firewall’s rule that comes with the program and goes with it', (t) => {
    const { folder } = pack(t, 'windows')
    const out = temporary(t)
    const file = join(out, 'project.wxs')
    // electron-builder's own project for what was packaged, with what our hook adds.
    const args = ['msi', `--prepackaged=${folder}`, '-c.msiProjectCreated=./test/package/msi-hook.ts']
    const make = () => runPackage(t, 'windows', [...args, `-c.directories.output=${out}`], { MSI_PROJECT: file })
    assert.throws(make, /The project is written/)
    const added = readFileSync(file, 'utf8')
    assert.equal(XMLValidator.validate(added), true)
    const parsed = new XMLParser({ ignoreAttributes: false }).parse(added) as {
      Wix: {
        Product: { CustomAction: Element[]; InstallExecuteSequence: { Custom: Element[] }; '@_UpgradeCode': string }
      }
    }
    const { CustomAction: actions, InstallExecuteSequence: sequence, '@_UpgradeCode': code } = parsed.Wix.Product
    assert.equal(code, '7B0E7C52-6B0B-4F4E-9C39-5C1B4A1E8D26')
    assert.deepEqual(
      sequence.Custom.map(({ '@_Action': action, '@_Before': before, '@_After': after }) => [action, before, after]),
      [
        ['removeFirewallRule', 'RemoveFiles', undefined],
        ['addFirewallRule', undefined, 'InstallFiles'],
      ],
    )
    for (const action of actions) {
      assert.equal(action['@_Execute'], 'deferred')
      assert.equal(action['@_Impersonate'], 'no')
      assert.equal(action['@_Return'], 'ignore')
    }
    assert.match(added, /program=&quot;\[#mainExecutable\]&quot;/)
    assert.match(added, /<File Name="Rep Tray.exe"[^>]* Id="mainExecutable"/)
  })

  test('of another form is refused, not spoilt', () => {
    assert.throws(() => withFirewallRule('<Wix><Product></Product></Wix>'), /another form/)
  })
})
