import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { QrCode } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { Button } from './button.tsx'

/** White modules around a code, without which phones do not find it (ISO/IEC 18004). */
const QUIET = 4
/** Whole pixels to a module: as many as fit into this width, at least two. */
const WIDTH = 208
const LEAST = 2

/** Each run of dark modules in a row as a rectangle, behind the quiet zone. */
function pathOf(code: QrCode): string {
  const row = (modules: string, y: number) =>
    Array.from(
      modules.matchAll(/1+/g),
      ({ 0: run, index }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h-${run.length}z`,
    ).join('')
  return code.map(row).join('')
}

interface QrProps {
  readonly code: QrCode
  readonly name: string
}

/** Dark on white in every theme: not every phone reads the reverse. */
function QrPicture({ code, name }: QrProps): ReactElement {
  const size = code.length + 2 * QUIET
  const width = Math.max(LEAST, Math.floor(WIDTH / size)) * size
  return (
    <svg
      className="qr-picture"
      role="img"
      aria-label={name}
      viewBox={`0 0 ${size} ${size}`}
      width={width}
      height={width}
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={pathOf(code)} fill="#000" />
    </svg>
  )
}

/** A QR code that can be scanned from the screen, and fills the window on request. */
export function Qr({ code, name }: QrProps): ReactElement {
  const [large, setLarge] = useState(false)
  return (
    <div className="qr">
      <QrPicture code={code} name={name} />
      <Button look="plain" onPress={() => setLarge(true)}>
        {LABELS.link.enlarge}
      </Button>
      {large ? <LargeQr code={code} name={name} onClose={() => setLarge(false)} /> : null}
    </div>
  )
}

function LargeQr({ code, name, onClose }: QrProps & { readonly onClose: () => void }): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
  }, [])
  return (
    <dialog
      ref={dialog}
      className="qr-large"
      aria-label={name}
      onClose={(event) => {
        // React hands it on to the dialog around this one, which stays.
        event.stopPropagation()
        onClose()
      }}
    >
      <QrPicture code={code} name={name} />
      <Button onPress={() => dialog.current?.close()}>{LABELS.close}</Button>
    </dialog>
  )
}
