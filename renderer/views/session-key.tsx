/** A session key: for whom and for how long; then the key itself. */
import { useEffect, useMemo, useRef, useState, type ReactElement } from 'react'
import type { MadeSessionKey, State } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { isolate, whyNot } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Caution, Failure, Field, TextField } from './link-field.tsx'
import { SessionKeyResult } from './session-key-result.tsx'

interface Queue {
  /** As `sessionKey.make` takes it. */
  readonly id: string
  readonly name: string
}

interface QueueGroup {
  /** Empty: it stands by itself. */
  readonly name: string
  readonly queues: readonly Queue[]
}

/** Who can take a session: the rep, the rep’s teams, whoever is first, and teams by an issue that has a code name. */
function queuesOf({ settings, appliance }: Pick<State, 'settings' | 'appliance'>): readonly QueueGroup[] {
  const { 'me.repId': repId, 'me.name': name, 'me.teams': mine } = settings
  const teamName = (id: string) => appliance.teams.find((team) => team.id === id)?.name ?? `${LABELS.link.team} ${id}`
  const me = name === '' ? LABELS.link.me : `${LABELS.link.me} (${isolate(name)})`
  const groups: readonly QueueGroup[] = [
    { name: '', queues: repId === '' ? [] : [{ id: `rep:${repId}`, name: me }] },
    { name: LABELS.link.myTeams, queues: mine.map((id) => ({ id: `team:${id}`, name: teamName(id) })) },
    { name: '', queues: [{ id: 'general', name: LABELS.link.general }] },
    ...appliance.teams.map((team) => ({
      name: `${team.name}: ${LABELS.link.issues}`,
      queues: team.issues.flatMap((issue) =>
        issue.codeName === null ? [] : [{ id: `issue:${issue.codeName}`, name: issue.name }],
      ),
    })),
  ]
  return groups.filter(({ queues }) => queues.length > 0)
}

/** What was made, and what for. */
export interface Made {
  readonly key: MadeSessionKey
  readonly queue: string
  readonly externalKey: string
}

interface SessionKeyPanelProps {
  readonly hidden: boolean
  readonly externalKey: string
  readonly onExternalKey: (externalKey: string) => void
  readonly onClose: () => void
}

export function SessionKeyPanel({ hidden, ...form }: SessionKeyPanelProps): ReactElement {
  const [made, setMade] = useState<Made | null>(null)
  const [isAgain, setAgain] = useState(false)
  return (
    <div className="link-panel" hidden={hidden}>
      {made === null ? (
        <SessionKeyForm {...form} isAgain={isAgain} onMade={setMade} />
      ) : (
        <SessionKeyResult
          made={made}
          onAnother={() => {
            setAgain(true)
            setMade(null)
          }}
          onClose={form.onClose}
        />
      )}
    </div>
  )
}

interface SessionKeyFormProps extends Omit<SessionKeyPanelProps, 'hidden'> {
  /** It takes the place of a key, and of the button that was pressed there. */
  readonly isAgain: boolean
  readonly onMade: (made: Made) => void
}

function SessionKeyForm({ externalKey, onExternalKey, isAgain, onMade, onClose }: SessionKeyFormProps): ReactElement {
  const { model } = useTools()
  const settings = useMain((state) => state.settings)
  const appliance = useMain((state) => state.appliance)
  const groups = useMemo(() => queuesOf({ settings, appliance }), [settings, appliance])
  const queues = groups.flatMap((group) => group.queues)
  const [wanted, setWanted] = useState('')
  const [minutes, setMinutes] = useState('')
  const [making, setMaking] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const reason = whyNot(appliance, 'sessionKey')
  const queue = queues.find((each) => each.id === wanted) ?? queues[0]
  const first = useRef<HTMLSelectElement>(null)

  useEffect(() => {
    if (isAgain) first.current?.focus()
  }, [isAgain])

  async function make(): Promise<void> {
    // Pressed once more while it is on its way; a button that goes dead meanwhile would lose the focus.
    if (queue === undefined || making) return
    setMaking(true)
    const reply = await model.run({
      type: 'sessionKey.make',
      choice: { queue: queue.id, externalKey, minutes: minutes === '' ? null : Number(minutes) },
    })
    setMaking(false)
    if (reply.ok) onMade({ key: reply.value, queue: queue.name, externalKey: externalKey.trim() })
    else setError(reply.message)
  }

  return (
    <>
      <div className="link-scroll">
        <div className="link-entries">
          <p className="muted">{LABELS.link.help.key}</p>
          <Field label={LABELS.link.queue}>
            {(props) => (
              <select
                {...props}
                ref={first}
                className="text-input"
                value={queue?.id}
                onChange={(event) => setWanted(event.target.value)}
              >
                {groups.map((group) =>
                  group.name === '' ? (
                    <Options key={group.queues[0]?.id} queues={group.queues} />
                  ) : (
                    <optgroup key={group.name} label={group.name}>
                      <Options queues={group.queues} />
                    </optgroup>
                  ),
                )}
              </select>
            )}
          </Field>
          <Field label={LABELS.link.life}>
            {(props) => (
              <select
                {...props}
                className="text-input"
                value={minutes}
                onChange={(event) => setMinutes(event.target.value)}
              >
                <Options queues={LIVES} />
              </select>
            )}
          </Field>
          <TextField label={LABELS.link.fields.externalKey} value={externalKey} onChange={onExternalKey} />
        </div>
      </div>
      {reason === null ? null : <Caution>{reason}</Caution>}
      {error === null || reason !== null ? null : <Failure>{error}</Failure>}
      <div className="confirm-actions">
        <Button onPress={onClose}>{LABELS.close}</Button>
        <Button
          look="main"
          disabled={reason !== null}
          onPress={() => {
            void make()
          }}
        >
          {making ? LABELS.link.making : LABELS.link.make}
        </Button>
      </div>
    </>
  )
}

/** The appliance’s own first, then the shortest. */
const LIVES: readonly Queue[] = Object.entries(LABELS.link.lives)
  .map(([id, name]) => ({ id, name }))
  .toSorted((a, b) => Number(a.id) - Number(b.id))

function Options({ queues }: { readonly queues: readonly Queue[] }): ReactElement[] {
  return queues.map(({ id, name }) => (
    <option key={id} value={id}>
      {isolate(name)}
    </option>
  ))
}
