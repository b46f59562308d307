import type { ReactElement, ReactNode } from 'react'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Pressable, useMoment } from './button.tsx'
import { CheckIcon, CopyIcon, EditIcon } from './icons.tsx'
import { useInTabOrder } from './row.tsx'

interface KeyChipProps {
  readonly lsid: string
  readonly externalKey: string | null
  /** The button that edits the key, where it can be edited. */
  readonly children?: ReactNode
}

/** A session's external key. A missing one stands out, for that is how keys get forgotten. */
export function KeyChip({ lsid, externalKey, children }: KeyChipProps): ReactElement {
  return (
    <span className="key">
      {externalKey === null || externalKey === '' ? (
        <span className="key-chip key-missing" title={LABELS.board.noKeyHint}>
          {LABELS.board.noKey}
        </span>
      ) : (
        <CopyKey lsid={lsid} externalKey={externalKey} />
      )}
      {children}
    </span>
  )
}

/** Pressing the key copies it. */
function CopyKey({ lsid, externalKey }: { readonly lsid: string; readonly externalKey: string }): ReactElement {
  const { model } = useTools()
  const inTabOrder = useInTabOrder()
  const [copied, mark] = useMoment()
  return (
    <Pressable
      className="key-chip"
      aria-label={`${copied ? LABELS.copied : LABELS.board.copyKey} ${externalKey}`}
      tabIndex={inTabOrder ? 0 : -1}
      onPress={() => {
        void model
          .copy({ type: 'session.copy', lsid, what: 'externalKey' }, LABELS.board.key)
          .then((done) => done && mark())
      }}
    >
      <bdi className="key-text" title={externalKey}>
        {externalKey}
      </bdi>
      {copied ? <CheckIcon /> : <CopyIcon />}
    </Pressable>
  )
}

interface EditKeyButtonProps {
  /** Why the key cannot be edited: the button stays within reach and says so. */
  readonly reason: string | null
  readonly onPress: () => void
}

export function EditKeyButton({ reason, onPress }: EditKeyButtonProps): ReactElement {
  const { model } = useTools()
  const inTabOrder = useInTabOrder()
  const name = reason === null ? LABELS.key.edit : `${LABELS.key.edit}: ${reason}`
  return (
    // A button that is disabled by the platform would leave the tab order, and its reason with it.
    <Pressable
      className="key-edit"
      aria-label={name}
      title={name}
      aria-disabled={reason !== null}
      tabIndex={inTabOrder ? 0 : -1}
      onPress={() => (reason === null ? onPress() : model.refuse(reason))}
    >
      <EditIcon />
    </Pressable>
  )
}
