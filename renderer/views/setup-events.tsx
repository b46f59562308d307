import { useEffect, useId, useRef, type ReactElement, type ReactNode } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type { LocalAddress, SettingKey } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { isLoopback } from '../text.ts'
import { Moment } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { ProblemLine } from '../ui/health.tsx'
import { CheckIcon, WaitingIcon, WarningIcon } from '../ui/icons.tsx'
import { CertificateTools, ListenerTest } from './listener-tools.tsx'
import { RecipientEntries } from './setup-recipient.tsx'
import { Field } from './setup-field.tsx'
import { isAboutEvents } from './setup-steps.ts'
import { useAnswer } from './use-answer.ts'

const WORDS = LABELS.setup.events

/** Where events come from, what it takes for that, and whether they do. */
export function SetupEvents(): ReactElement {
  const relayed = useMain(({ health }) => health.relay !== null)
  return (
    <>
      {relayed ? (
        <Part title={WORDS.relay}>
          <p className="setup-lead">{WORDS.relayHelp}</p>
          <div className="setup-group">
            <Field name="relay.credentialFile" />
          </div>
        </Part>
      ) : (
        <Listening />
      )}
      <Part title={WORDS.first}>
        <FirstEvent />
      </Part>
    </>
  )
}

/** Where this computer listens, and what the appliance has to know for that. */
function Listening(): ReactElement {
  // What is entered at the appliance follows from where Rep Tray listens now.
  const { value: form, again } = useAnswer(
    'recipient.form',
    useMain(({ health }) => JSON.stringify([health.listener.addresses, health.listener.certificate])),
  )
  const addresses = useMain((state) => state.health.listener.addresses)
  const https = useMain((state) => state.settings['listener.https'])
  const [first] = addresses
  return (
    <>
      <Part title={WORDS.where}>
        <div className="setup-group">
          <Field name="listener.addresses" />
          <Field name="listener.port" />
          <Field name="listener.https" />
          {https === 'file' ? (
            <>
              <Field name="listener.certificateFile" />
              <Field name="listener.keyFile" />
            </>
          ) : null}
          <CertificateTools />
        </div>
        <Suggestions addresses={form?.addresses ?? []} />
        {first !== undefined && addresses.every(isLoopback) ? (
          <div className="setup-note">
            <WarningIcon />
            <div>{WORDS.onlyHere(first)}</div>
          </div>
        ) : null}
      </Part>
      <Part title={WORDS.enter}>
        <p className="setup-lead">{WORDS.enterHelp}</p>
        {form === null ? null : <RecipientEntries form={form} onRenewed={again} />}
      </Part>
      <Part title={WORDS.try}>
        <p className="setup-lead">{WORDS.testHelp}</p>
        <div className="setup-group setup-card">
          <ListenerTest />
        </div>
      </Part>
      <details className="setup-more">
        <summary>{WORDS.hasRelay}</summary>
        <div className="setup-group">
          <Field name="relay.credentialFile" />
        </div>
      </details>
    </>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }): ReactElement {
  const id = useId()
  return (
    <section className="setup-part" aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  )
}

/** All addresses of the older kind, which is what appliances use. */
const EVERYWHERE: LocalAddress = { address: '0.0.0.0', name: WORDS.everywhere }

/** Addresses to listen on that are not chosen yet. */
function Suggestions({ addresses }: { readonly addresses: readonly LocalAddress[] }): ReactElement | null {
  const { model } = useTools()
  const chosen = useMain((state) => state.settings['listener.addresses'])
  const locked = useMain(({ settingInfo }) =>
    settingInfo.some((info) => info.key === 'listener.addresses' && info.locked),
  )
  const offered = [...addresses, EVERYWHERE].filter(({ address }) => !chosen.includes(address))
  if (locked || offered.length === 0 || chosen.includes('::') || chosen.includes(EVERYWHERE.address)) return null

  function use(address: string): void {
    // One for all takes the place of each; and any other that of the one which nobody else reaches.
    const value = address === EVERYWHERE.address ? [address] : [...chosen.filter((one) => !isLoopback(one)), address]
    void model.order({ type: 'settings.set', key: 'listener.addresses', value })
  }

  return (
    <div className="setup-suggestions">
      <span className="muted">{WORDS.addresses}</span>
      {offered.map(({ address, name }) => (
        <Button key={address} look="plain" onPress={() => use(address)}>
          {WORDS.use(address, name)}
        </Button>
      ))}
    </div>
  )
}

/** The setting that does away with a problem, where there is one that is not shown above. */
const REMEDIES: Readonly<Record<string, SettingKey>> = {
  'listener.name': 'listener.names',
  'listener.address': 'listener.allow',
}

/** The proof: an event came in, or what keeps it out. */
function FirstEvent(): ReactElement {
  const { model } = useTools()
  const last = useMain((state) => state.health.lastEventAt)
  const problems = useMain(useShallow((state) => state.problems.filter(isAboutEvents)))
  const remedies = problems.flatMap(({ id }) => REMEDIES[id] ?? [])
  const came = last !== null
  const was = useRef(came)

  useEffect(() => {
    if (came && !was.current) model.say(WORDS.cameSaid)
    was.current = came
  }, [came, model])

  return (
    <>
      <div className="setup-note" data-tone={came ? 'good' : 'waiting'}>
        {came ? <CheckIcon /> : <WaitingIcon />}
        <div>
          {came ? WORDS.came : WORDS.waiting} {last === null ? null : <Moment at={last} exact />}
        </div>
      </div>
      <div className="setup-problems" aria-live="polite">
        {problems.length === 0 ? null : (
          <ul className="plain-list">
            {problems.map((problem) => (
              <ProblemLine key={problem.id} problem={problem} />
            ))}
          </ul>
        )}
      </div>
      {remedies.length === 0 ? null : (
        <div className="setup-group">
          {remedies.map((name) => (
            <Field key={name} name={name} />
          ))}
        </div>
      )}
    </>
  )
}
