/** What receiving events takes besides settings: the certificate for HTTPS, and the test whether the way in is open. */
import { useState, type ReactElement } from 'react'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Secret } from './appliance-tools.tsx'
import { Check } from './check.tsx'
import { RecipientTools, Tool } from './settings-tools.tsx'

const WORDS = LABELS.setup.certificate

export function ListenerTools(): ReactElement {
  const relayed = useMain(({ health }) => health.relay !== null)
  if (relayed) return <p className="muted">{LABELS.setup.events.relayListens}</p>
  return (
    <>
      <RecipientTools />
      <CertificateTools />
      <Tool name={LABELS.setup.events.try} help={LABELS.setup.events.testHelp}>
        <ListenerTest />
      </Tool>
    </>
  )
}

export function ListenerTest(): ReactElement {
  const { test, testing, tested, testFailed } = LABELS.setup.events
  return <Check command="listener.test" test={test} testing={testing} works={tested} fails={testFailed} />
}

/** The certificate for HTTPS, if it is on; where Rep Tray makes it, its root for the appliance. */
export function CertificateTools(): ReactElement | null {
  const https = useMain((state) => state.settings['listener.https'])
  const certificate = useMain((state) => state.health.listener.certificate)
  if (https === 'off') return null
  return (
    <>
      {https === 'file' ? <Secret name="listener.passphrase" /> : null}
      <Tool name={WORDS.name} help={https === 'own' ? WORDS.ownHelp : WORDS.fileHelp}>
        {certificate === null ? (
          <p className="muted">{WORDS.none}</p>
        ) : (
          <dl className="facts certificate">
            <dt>{WORDS.subject}</dt>
            <dd>
              <Name>{certificate.subject}</Name>
            </dd>
            <dt>{WORDS.issuer}</dt>
            <dd>
              <Name>{certificate.issuer}</Name>
            </dd>
            <dt>{WORDS.until}</dt>
            <dd>
              <Moment at={certificate.expiresAt} />
            </dd>
            <dt>{WORDS.fingerprint}</dt>
            <dd>
              <code>{certificate.fingerprint}</code>
            </dd>
          </dl>
        )}
        {https === 'own' ? <OwnCertificate /> : null}
      </Tool>
    </>
  )
}

function OwnCertificate(): ReactElement {
  const { model } = useTools()
  const [file, setFile] = useState<string | null>(null)

  async function save(): Promise<void> {
    const reply = await model.run({ type: 'certificate.save' })
    if (reply.ok) setFile(reply.value.file)
    else model.refuse(reply.message)
  }

  async function renew(): Promise<void> {
    if (await model.order({ type: 'certificate.renew' })) model.say(WORDS.renewed)
  }

  return (
    <>
      <Button look="main" onPress={() => void save()}>
        {WORDS.save}
      </Button>
      <Button onPress={() => void renew()}>{WORDS.renew}</Button>
      <output className="setup-outcome">
        {file === null ? null : (
          <>
            {LABELS.setup.file.saved} <Name>{file}</Name>
          </>
        )}
      </output>
    </>
  )
}
