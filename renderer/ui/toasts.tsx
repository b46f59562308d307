import { useEffect, useReducer, useState, type ReactElement } from 'react'
import type { KeyEdit } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { customerOf, isolate, keyEditLine } from '../text.ts'
import { leave } from './arrival.ts'
import { Button, IconButton } from './button.tsx'
import { CheckIcon, CloseIcon, ErrorIcon, KeyIcon } from './icons.tsx'

/** More at once would take the window. */
const MOST = 3

/** What came of the latest edits of keys, and the way back. It takes no focus; Ctrl+Z undoes from everywhere. */
export function Toasts(): ReactElement {
  const { clock } = useTools()
  const edits = useMain((state) => state.keyEdits)
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set())
  const [, again] = useReducer((count: number) => count + 1, 0)
  const now = clock.now()
  const shown = edits.filter((edit) => isNews(edit, now) && !gone.has(idOf(edit))).slice(0, MOST)
  const next = Math.min(...shown.filter((edit) => edit.undoUntil > now).map((edit) => edit.undoUntil))

  useEffect(() => {
    if (!Number.isFinite(next)) return undefined
    // A little later, for a timer may be early by the clock.
    const timer = setTimeout(again, Math.max(0, next - clock.now()) + 50)
    return () => clearTimeout(timer)
  }, [next, clock])

  return (
    <div className="toasts" aria-live="polite">
      {shown.map((edit) => (
        <Toast
          key={edit.id}
          edit={edit}
          undoable={edit.status === 'set' && edit.undoUntil > now}
          onClose={() => setGone(new Set([...gone, idOf(edit)]))}
        />
      ))}
    </div>
  )
}

/** An edit that was put away is shown again when something else has become of it. */
function idOf(edit: KeyEdit): string {
  return `${edit.id} ${edit.status}`
}

/** What went well is news while it can be undone; what failed, until it is put away. */
function isNews({ status, failures, undoUntil }: KeyEdit, now: number): boolean {
  return status === 'sending' || status === 'undoing' || failures.length > 0 || undoUntil > now
}

interface ToastProps {
  readonly edit: KeyEdit
  readonly undoable: boolean
  readonly onClose: () => void
}

function Toast({ edit, undoable, onClose }: ToastProps): ReactElement {
  const { model } = useTools()
  const sessions = useMain((state) => state.sessions)
  const failed = edit.failures.length > 0
  const busy = edit.status === 'sending' || edit.status === 'undoing'
  const Icon = failed ? ErrorIcon : busy ? KeyIcon : CheckIcon

  function nameOf(lsid: string): string {
    const row = sessions.find((one) => one.lsid === lsid)
    return isolate(row === undefined ? lsid : customerOf(row))
  }

  return (
    <div className="toast" data-tone={failed ? 'bad' : 'good'}>
      <Icon />
      <div className="toast-words">
        {keyEditLine(edit)}
        {edit.failures.map(({ lsid, message }) => (
          <p key={lsid}>{`${nameOf(lsid)}: ${message}`}</p>
        ))}
      </div>
      {undoable ? (
        <Button
          look="plain"
          onPress={() => {
            void model.order({ type: 'key.undo', id: edit.id })
            leave()
          }}
        >
          {LABELS.key.undo}
        </Button>
      ) : null}
      {busy ? null : (
        <IconButton
          name={LABELS.close}
          onPress={() => {
            onClose()
            leave()
          }}
        >
          <CloseIcon />
        </IconButton>
      )}
    </div>
  )
}
