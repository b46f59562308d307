import type { ReactElement, ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { useMoment } from './button.tsx'
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
    <AriaButton
      className="key-chip"
      aria-label={`${copied ? LABELS.copied : LABELS.board.copyKey} ${externalKey}`}
      excludeFromTabOrder={!inTabOrder}
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
    </AriaButton>
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
    // React Aria's button would leave the tab order when it is disabled, and its reason with it.
    <button
      type="button"
      className="key-edit"
      aria-label={name}
      title={name}
      aria-disabled={reason !== null}
      tabIndex={inTabOrder ? 0 : -1}
      onClick={() => (reason === null ? onPress() : model.refuse(reason))}
    >
      <EditIcon />
    </button>
  )
}
