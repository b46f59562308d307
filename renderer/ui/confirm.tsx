import { useEffect, useId, useRef, type ReactElement } from 'react'
import { Button } from './button.tsx'

interface ConfirmProps {
  readonly title: string
  readonly body: string
  readonly yes: string
  readonly no: string
  readonly onYes: () => void
  /** Called once at the end, whatever the answer. */
  readonly onClose: () => void
}

/** A question before something that cannot be undone. The browser's own dialog keeps the focus and minds Escape. */
export function Confirm({ title, body, yes, no, onYes, onClose }: ConfirmProps): ReactElement {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    if (element?.open === false) element.showModal()
  }, [])
  return (
    <dialog ref={dialog} className="confirm" aria-labelledby={id} aria-describedby={`${id}-body`} onClose={onClose}>
      <h2 id={id}>{title}</h2>
      <p id={`${id}-body`}>{body}</p>
      <div className="confirm-actions">
        {/* The first button gets the focus: the harmless one. */}
        <Button onPress={() => dialog.current?.close()}>{no}</Button>
        <Button
          look="bad"
          onPress={() => {
            onYes()
            dialog.current?.close()
          }}
        >
          {yes}
        </Button>
      </div>
    </dialog>
  )
}
