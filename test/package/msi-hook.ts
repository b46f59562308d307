/** In the place of our own, when a test makes an MSI: lets the project be looked at, and stops before WiX is needed. */
import { copyFileSync } from 'node:fs'
import { msiProjectCreated as ours } from '../../scripts/msi.ts'

export function msiProjectCreated(file: string): void {
  ours(file)
  copyFileSync(file, process.env['MSI_PROJECT'] ?? '')
  throw new Error('The project is written.')
}
