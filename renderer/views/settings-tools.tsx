/** What the settings view does besides keeping values: the recipient URL, the test notification, the end. */
import { useState, type ReactElement, type ReactNode } from 'react'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Button, useMoment } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { usePermission } from '../ui/permission.ts'

interface ToolProps {
  readonly name: string
  readonly help: string
  /** What to point at for the name of a control. */
  readonly id?: string
  readonly children: ReactNode
}

/** Something to do, laid out like a setting. */
export function Tool({ name, help, id, children }: ToolProps): ReactElement {
  return (
    <div className="setting" data-type="tool">
      <div className="setting-words">
        <h3 className="setting-label" {...(id === undefined ? {} : { id: `${id}-label` })}>
          {name}
        </h3>
        <p className="setting-help" {...(id === undefined ? {} : { id: `${id}-help` })}>
          {help}
        </p>
      </div>
      <div className="setting-control">{children}</div>
    </div>
  )
}

export function RecipientTools(): ReactElement {
  return (
    <Tool name={LABELS.settings.recipient} help={LABELS.settings.recipientHelp}>
      <CopyRecipient />
      <RenewRecipient />
    </Tool>
  )
}

/** Makes a new recipient URL after a question. `onRenewed`: there is one. */
export function RenewRecipient({ onRenewed }: { readonly onRenewed?: () => void }): ReactElement {
  const { model } = useTools()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onPress={() => setAsking(true)}>{`${LABELS.settings.renew}…`}</Button>
      {asking ? (
        <Confirm
          title={LABELS.settings.renewTitle}
          body={LABELS.settings.renewBody}
          yes={LABELS.settings.renewYes}
          no={LABELS.settings.keep}
          onYes={() => {
            void model.copy({ type: 'recipient.renew' }, LABELS.settings.recipient).then(onRenewed)
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  )
}

function CopyRecipient(): ReactElement {
  const { model } = useTools()
  const [copied, mark] = useMoment()
  return (
    <Button
      look="main"
      onPress={() => {
        void model.copy({ type: 'recipient.copy' }, LABELS.settings.recipient).then((done) => done && mark())
      }}
    >
      {copied ? LABELS.copied : LABELS.settings.copyRecipient}
    </Button>
  )
}

export function NotificationTools(): ReactElement {
  const { model } = useTools()
  const { permission, ask } = usePermission()

  async function test(): Promise<void> {
    if (await model.order({ type: 'notification.test' })) model.say(LABELS.settings.testSent)
  }

  return (
    <>
      {permission === null ? null : (
        <Tool name={LABELS.permission.title} help={LABELS.permission[permission]}>
          {permission === 'default' ? (
            <Button look="main" onPress={ask}>
              {LABELS.permission.allow}
            </Button>
          ) : null}
        </Tool>
      )}
      <Tool name={LABELS.settings.testName} help={LABELS.settings.testHelp}>
        <Button
          onPress={() => {
            void test()
          }}
        >
          {LABELS.settings.test}
        </Button>
      </Tool>
    </>
  )
}

export function QuitTools(): ReactElement {
  const { model } = useTools()
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onPress={() => setAsking(true)}>{`${LABELS.settings.quit}…`}</Button>
      {asking ? (
        <Confirm
          title={LABELS.settings.quitTitle}
          body={LABELS.settings.quitBody}
          yes={LABELS.settings.quitYes}
          no={LABELS.settings.quitNo}
          onYes={() => {
            void model.order({ type: 'app.quit' })
          }}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  )
}
