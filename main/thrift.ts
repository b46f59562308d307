/** Memory of a program that runs all day and has little to do. */
import { setFlagsFromString } from 'node:v8'

/**
 * Keeps V8's space for new objects as small as it starts. It would grow with the first burst to 64 MB and never be given
 * back, for a speed that nobody here would notice. An engine that does not know the flag says so and goes on.
 */
export function beThrifty(): void {
  setFlagsFromString('--semi-space-growth-factor=1')
}
