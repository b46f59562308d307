import type { ReactElement } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { useMoment } from './button.tsx'
import { CheckIcon, CopyIcon } from './icons.tsx'
import { useInTabOrder } from './row.tsx'

interface KeyChipProps {
  readonly lsid: string
  readonly externalKey: string | null
}

/** A session's external key; pressing it copies it. A missing one stands out, for that is how keys get forgotten. */
export function KeyChip({ lsid, externalKey }: KeyChipProps): ReactElement {
  const { model } = useTools()
  const inTabOrder = useInTabOrder()
  const [copied, mark] = useMoment()
  if (externalKey === null || externalKey === '') {
    return (
      <span className="key-chip key-missing" title={LABELS.board.noKeyHint}>
        {LABELS.board.noKey}
      </span>
    )
  }
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
