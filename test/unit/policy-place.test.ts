import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, test, type TestContext } from 'node:test'
import { othersMayChange } from '../../main/settings/access-list.ts'
import { findPolicy, policyPlace, systemOwners, type Owners } from '../../main/settings/policy-place.ts'

const LOCKED = JSON.stringify({ 'journal.days': 7 })

interface Files {
  readonly folder: string
  readonly place: string
}

function files(t: TestContext): Files {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rep-tray-place-')))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return { folder, place: join(folder, 'policy.json') }
}

/** Files that all belong to root, 0644, but those named here. */
function owners(odd: Readonly<Record<string, { uid?: number; mode?: number }>> = {}): Owners {
  return {
    realpath: (file) => realpathSync(file),
    stat: (file) => {
      statSync(file)
      return { uid: 0, mode: 0o644, ...odd[file] }
    },
    descriptors: () => null,
  }
}

describe('the place of the policy', () => {
  test('is one on each system', () => {
    assert.equal(policyPlace('linux', {}), '/etc/rep-tray/policy.json')
    assert.equal(policyPlace('darwin', {}), '/Library/Application Support/Rep Tray/policy.json')
    assert.equal(policyPlace('win32', {}), 'C:\\ProgramData\\Rep Tray\\policy.json')
    assert.equal(policyPlace('win32', { ProgramData: 'D:\\Data' }), 'D:\\Data\\Rep Tray\\policy.json')
  })

  test('has precedence over what was named at the start, and leaves it to that if it is empty', (t) => {
    const { folder, place } = files(t)
    const given = join(folder, 'given.json')
    writeFileSync(given, JSON.stringify({ 'journal.days': 9 }))
    const named = findPolicy(given, place, 'linux', owners())
    assert.deepEqual([named.file, named.policy.locked], [given, { 'journal.days': 9 }])
    const none = findPolicy(null, place, 'linux', owners())
    assert.deepEqual([none.file, none.policy.problems], [null, []])
    writeFileSync(place, LOCKED)
    const own = findPolicy(given, place, 'linux', owners())
    assert.deepEqual([own.file, own.policy.locked, own.policy.problems], [place, { 'journal.days': 7 }, []])
  })
})

describe('a policy that others than root can write', () => {
  for (const [what, odd, words] of [
    ['it belongs to somebody', { uid: 1000 }, /belongs to another than root/],
    ['its group may write', { mode: 0o664 }, /can be written by others than root/],
    ['everybody may write', { mode: 0o646 }, /can be written by others than root/],
  ] as const)
    test(`counts for nothing, and is told of: ${what}`, (t) => {
      const { folder, place } = files(t)
      writeFileSync(place, LOCKED)
      for (const each of [place, folder]) {
        const { file, policy } = findPolicy(null, place, 'linux', owners({ [each]: odd }))
        assert.equal(file, place)
        assert.deepEqual([policy.locked, policy.defaults, policy.secrets], [{}, {}, {}], each)
        assert.match(policy.problems.join(), words)
        assert.match(policy.problems.join(), /Nothing in it holds\.$/)
      }
    })

  test('is found behind a link, too', (t) => {
    const { folder, place } = files(t)
    mkdirSync(join(folder, 'elsewhere'))
    const real = join(folder, 'elsewhere/policy.json')
    writeFileSync(real, LOCKED)
    symlinkSync(real, place)
    assert.deepEqual(findPolicy(null, place, 'linux', owners()).policy.locked, { 'journal.days': 7 })
    for (const each of [real, join(folder, 'elsewhere')])
      assert.deepEqual(findPolicy(null, place, 'darwin', owners({ [each]: { uid: 501 } })).policy.locked, {}, each)
  })

  test('is told by the real system', (t) => {
    if (process.platform === 'win32') return t.skip('Windows has other owners')
    const { place } = files(t)
    writeFileSync(place, LOCKED, { mode: 0o666 })
    // The folder of temporary files is everybody's, the one in it is ours: only root's own may pass.
    const isRoot = process.getuid?.() === 0 && (statSync(place).mode & 0o022) === 0
    const { policy } = findPolicy(null, place, process.platform, systemOwners(process.env))
    assert.equal(policy.problems.length, isRoot ? 0 : 1)
  })
})

test('a place that cannot be looked at is told of', (t) => {
  const { place } = files(t)
  const refusing = {
    ...owners(),
    realpath: () => {
      throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    },
  }
  assert.match(findPolicy(null, place, 'linux', refusing).policy.problems.join(), /cannot be read: EACCES/)
})

describe('on Windows', () => {
  const OURS = 'O:BAG:SYD:PAI(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x1200a9;;;BU)'
  const descriptors = (file: string, folder: string): Owners => ({ ...owners(), descriptors: () => [file, folder] })

  test('a policy of administrators holds', (t) => {
    const { place } = files(t)
    writeFileSync(place, LOCKED)
    const { policy } = findPolicy(null, place, 'win32', descriptors(OURS, OURS))
    assert.deepEqual(policy.locked, { 'journal.days': 7 })
  })

  test('one that users can change or replace does not', (t) => {
    const { place } = files(t)
    writeFileSync(place, LOCKED)
    const open = 'O:BAG:SYD:(A;;FA;;;SY)(A;;0x1301bf;;;BU)'
    const theirs = 'O:S-1-5-21-1-2-3-1001G:SYD:PAI(A;;FA;;;BA)'
    for (const [file, folder, words] of [
      [open, OURS, /can change it/],
      [theirs, OURS, /can change it/],
      [OURS, theirs, /can replace it/],
      [OURS, 'O:BAG:SYD:(A;OICI;FA;;;BU)', /can replace it/],
    ] as const) {
      const { policy } = findPolicy(null, place, 'win32', descriptors(file, folder))
      assert.deepEqual(policy.locked, {})
      assert.match(policy.problems.join(), words)
    }
  })

  test('rights are read as Windows writes them', () => {
    for (const rights of ['FA', 'GA', '0x1f01ff', 'WD', 'WO', 'SD', 'FRSD', '0x1301bf'])
      for (const kind of ['file', 'folder'] as const)
        assert.equal(othersMayChange(`O:BAG:SYD:(A;;${rights};;;BU)`, kind), true, `${rights} ${kind}`)
    for (const rights of ['FR', 'FRFX', '0x1200a9', 'GR', 'RC'])
      for (const kind of ['file', 'folder'] as const)
        assert.equal(othersMayChange(`O:BAG:SYD:(A;;${rights};;;BU)`, kind), false, `${rights} ${kind}`)
    // As ProgramData has it by itself: users may make further files, but not touch this one.
    assert.equal(othersMayChange('O:BAG:SYD:AI(A;OICIID;FA;;;SY)(A;CIID;DCLCRPCR;;;BU)', 'folder'), false)
    assert.equal(
      othersMayChange('O:BAG:SYD:(A;OICIIO;GA;;;CO)(A;;FA;;;BA)', 'folder'),
      false,
      'for what is inside only',
    )
    assert.equal(othersMayChange('O:BAG:SYD:(A;;FW;;;WD)', 'file'), true)
    assert.equal(othersMayChange('O:BAG:SYD:(D;;FA;;;WD)(A;;FA;;;BA)', 'file'), false)
  })

  test('what cannot be understood is not trusted', () => {
    for (const descriptor of ['', 'nonsense', 'O:BAG:SY', 'O:BAG:SYD:NO_ACCESS_CONTROL', 'D:(A;;FA;;;BA)'])
      assert.equal(othersMayChange(descriptor, 'file'), true, descriptor)
  })
})
