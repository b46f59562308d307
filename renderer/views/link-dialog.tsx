import { useEffect, useId, useRef, useState, type ReactElement } from 'react'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import type { Linked } from '../store.ts'
import { whyNot } from '../text.ts'
import { Segments } from '../ui/segments.tsx'
import { ConnectorForm } from './connector-form.tsx'
import { SessionKeyPanel } from './session-key.tsx'
import { useChoice } from './use-link.ts'

type Kind = keyof typeof LABELS.link.kinds

const KINDS = (['issue', 'key'] as const).map((value) => ({ value, label: LABELS.link.kinds[value] }))

/** The form for a link that starts a session with what is known, if it was asked for. */
export function LinkDialog(): ReactElement | null {
  const session = useView((view) => view.linkFor)
  const [kind, setKind] = useState<Kind | null>(null)
  // Who has no issue to choose from is better off with a session key.
  const onlyKey = useMain(
    ({ appliance }) =>
      whyNot(appliance, 'sessionKey') === null && appliance.teams.every(({ issues }) => issues.length === 0),
  )
  if (session === null) return null
  return (
    <LinkForm
      key={JSON.stringify([session.customer, session.externalKey])}
      session={session}
      kind={kind ?? (onlyKey ? 'key' : 'issue')}
      onKind={setKind}
    />
  )
}

interface LinkFormProps {
  readonly session: Linked
  readonly kind: Kind
  readonly onKind: (kind: Kind) => void
}

function LinkForm({ session, kind, onKind }: LinkFormProps): ReactElement {
  const { model } = useTools()
  const dialog = useRef<HTMLDialogElement>(null)
  const [choice, change] = useChoice(session)
  const id = useId()
  const close = () => dialog.current?.close()

  useEffect(() => {
    const element = dialog.current
    if (element?.open !== false) return
    element.showModal()
    element.querySelector<HTMLElement>('.link-panel:not([hidden]) select')?.focus()
  }, [])

  return (
    // What is pressed in here is no business of the window behind: Escape would leave its session, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <dialog
      ref={dialog}
      className="confirm link"
      aria-labelledby={id}
      onClose={() => {
        model.link(null)
        // It was opened from outside the window: there is nothing to go back to but the view behind.
        if (document.activeElement === document.body) focusBehind()
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={id}>{LABELS.link.title}</h2>
      <Segments aria-label={LABELS.link.kind} value={kind} options={KINDS} onChange={onKind} />
      <ConnectorForm hidden={kind !== 'issue'} choice={choice} onChange={change} onClose={close} />
      <SessionKeyPanel
        hidden={kind !== 'key'}
        externalKey={choice.externalKey}
        onExternalKey={(externalKey) => change({ externalKey })}
        onClose={close}
      />
    </dialog>
  )
}

function focusBehind(): void {
  const view = document.querySelector<HTMLElement>('.session [data-arrival]') ?? document.querySelector('main')
  view?.focus({ preventScroll: true })
}
