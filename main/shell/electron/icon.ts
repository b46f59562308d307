/** Which picture the tray shows, for each system: pure. */
import type { Settings } from '../../../preload/contract.ts'
import type { TrayIcon } from '../port.ts'

export interface IconSurroundings {
  readonly platform: NodeJS.Platform
  /** `tray.icon`: the colour of the icon itself, if the rep chose one. */
  readonly choice: Settings['tray.icon']
  /** True if the system's bars are dark, as far as it says so. */
  readonly dark: boolean
  /** `XDG_CURRENT_DESKTOP`, colon-separated (Linux). */
  readonly desktop: string
  /** The largest scale factor of the screens (Linux). */
  readonly scale: number
}

/** Sizes of the pictures for Linux, in pixels. Panels show 22 to 24 at scale 1. */
export const LINUX_SIZES = [24, 32, 48, 64] as const

/** GNOME's top bar is dark in both of its themes. */
function hasDarkPanel({ dark, desktop }: IconSurroundings): boolean {
  return dark || /gnome|unity/i.test(desktop)
}

/**
 * The file under assets/tray. macOS inverts templates by itself, and needs their names to end in `Template`; Windows
 * picks from the sizes of an ICO; a Linux panel is given one picture and scales it, so it gets a large enough one.
 */
export function iconFile(icon: TrayIcon, surroundings: IconSurroundings): string {
  const { platform, choice, dark, scale } = surroundings
  if (platform === 'darwin') return `${icon}Template.png`
  const darkPanel = platform === 'win32' ? dark : hasDarkPanel(surroundings)
  const tone = choice === 'system' ? (darkPanel ? 'light' : 'dark') : choice
  if (platform === 'win32') return `${icon}-${tone}.ico`
  const wanted = LINUX_SIZES[0] * scale
  const size = LINUX_SIZES.find((each) => each >= wanted) ?? LINUX_SIZES.at(-1)
  return `${icon}-${tone}-${size}.png`
}
