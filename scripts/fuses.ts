/** Every switch that is set in Electron's program itself when it is packaged. A new one has to be decided: the type says so. */
import type { FuseOptionsV1 } from 'app-builder-lib'

type Fuses = Readonly<Record<Exclude<keyof FuseOptionsV1, 'resetAdHocDarwinSignature'>, boolean>>

/** @see https://www.electronjs.org/docs/latest/tutorial/fuses */
export const FUSES: Fuses = {
  // Nobody may use the signed program to run something else.
  runAsNode: false,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  // Only what was packaged is loaded, and only if it is unchanged.
  onlyLoadAppFromAsar: true,
  enableEmbeddedAsarIntegrityValidation: true,
  // A file: page is nothing special; ours is none.
  grantFileProtocolExtraPrivileges: false,
  enableCookieEncryption: true,
  // We have no snapshot of our own.
  loadBrowserProcessSpecificV8Snapshot: false,
}
