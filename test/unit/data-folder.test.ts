import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { defaultDataFolder } from '../../main/settings/data-folder.ts'

test('the folder is the one that Electron takes for this product', () => {
  assert.equal(defaultDataFolder('linux', {}, '/home/jo'), join('/home/jo', '.config', 'Rep Tray'))
  assert.equal(
    defaultDataFolder('linux', { XDG_CONFIG_HOME: '/elsewhere' }, '/home/jo'),
    join('/elsewhere', 'Rep Tray'),
  )
  assert.equal(defaultDataFolder('linux', { XDG_CONFIG_HOME: '' }, '/home/jo'), join('/home/jo', '.config', 'Rep Tray'))
  assert.equal(
    defaultDataFolder('darwin', {}, '/Users/jo'),
    join('/Users/jo', 'Library', 'Application Support', 'Rep Tray'),
  )
  assert.equal(defaultDataFolder('win32', { APPDATA: 'R:\\roam' }, 'C:\\Users\\jo'), join('R:\\roam', 'Rep Tray'))
  assert.equal(defaultDataFolder('win32', {}, 'C:\\Users\\jo'), join('C:\\Users\\jo', 'AppData', 'Roaming', 'Rep Tray'))
})
