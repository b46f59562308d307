import { useId, useState, type ReactElement } from 'react'
import type { RepCandidate } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { matches } from '../match.ts'
import { count, isolate, whyNot } from '../text.ts'
import { Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { FilterField } from '../ui/filter-field.tsx'
import { CheckIcon, ErrorIcon, WarningIcon } from '../ui/icons.tsx'
import { Field } from './setup-field.tsx'
import { useAnswer } from './use-answer.ts'

const WORDS = LABELS.setup.me

/** From so many on there is a filter, and more than so many are not shown at a time. */
const MANY = { filter: 8, shown: 50 } as const

/** Who of those who are logged in the rep is; or their ID and username by hand. */
export function SetupMe(): ReactElement {
  const ready = useMain(({ appliance }) => appliance.status === 'ready')
  const locked = useMain(({ settingInfo }) => settingInfo.some((info) => info.key === 'me.repId' && info.locked))
  return (
    <>
      <Who />
      {ready && !locked ? <Candidates /> : null}
      {ready || locked ? null : <WhyByHand />}
      <details className="setup-more" {...(ready && !locked ? {} : { open: true })}>
        <summary>{WORDS.byHand}</summary>
        <p>{WORDS.byHandHelp}</p>
        <div className="setup-group">
          <Field name="me.username" />
          <Field name="me.repId" />
          <Field name="me.teams" />
        </div>
      </details>
    </>
  )
}

function Who(): ReactElement | null {
  const settings = useMain((state) => state.settings)
  const teams = useMain(({ appliance }) => appliance.teams)
  const { 'me.repId': id, 'me.name': name, 'me.username': username, 'me.teams': mine } = settings
  if (id === '' && username === '') return null
  const names = mine.map((team) => isolate(teams.find((each) => each.id === team)?.name ?? team))
  return (
    <div className="setup-note" data-tone="good">
      <CheckIcon />
      <div>
        {id === '' ? WORDS.byUsername(isolate(username)) : WORDS.who(isolate(name || username || WORDS.noName), id)}{' '}
        {names.length === 0 ? WORDS.noTeams : `${WORDS.teams} ${names.join(', ')}.`}
      </div>
    </div>
  )
}

function WhyByHand(): ReactElement {
  // Any ability would do: what is asked is whether there is an appliance at all.
  const reason = useMain(({ appliance }) => whyNot(appliance, 'lookup'))
  return (
    <div className="setup-note">
      <WarningIcon />
      <div>
        {reason} {WORDS.cannot}
      </div>
    </div>
  )
}

function Candidates(): ReactElement {
  const { model } = useTools()
  const settings = useMain((state) => state.settings)
  const { value, error, busy, again } = useAnswer('me.candidates', '')
  const [picked, setPicked] = useState<string | null>(null)
  const [filter, setFilter] = useState('')
  const id = useId()
  const all = value ?? []
  const found = all.filter((rep) => matches(filter, [rep.name, rep.username ?? '', rep.id]))
  const mine =
    all.find((rep) => rep.id === settings['me.repId']) ?? all.find((rep) => isCalled(rep, settings['me.username']))
  const chosen = picked ?? mine?.id ?? null

  async function choose(): Promise<void> {
    if (chosen === null) return
    const rep = all.find((each) => each.id === chosen)
    const done = await model.order({ type: 'me.choose', id: chosen })
    if (done && rep !== undefined) model.say(WORDS.who(isolate(rep.name), rep.id))
  }

  return (
    <section className="setup-group setup-card" aria-labelledby={id}>
      <h3 id={id}>{WORDS.list}</h3>
      <p className="setting-help">{WORDS.listHelp}</p>
      {all.length < MANY.filter ? null : (
        <FilterField label={WORDS.filter} hint={WORDS.filterHint} value={filter} onChange={setFilter} />
      )}
      {found.length === 0 ? null : (
        <div className="setup-reps" role="radiogroup" aria-labelledby={id}>
          {found.slice(0, MANY.shown).map((rep) => (
            <Rep key={rep.id} group={id} rep={rep} checked={rep.id === chosen} onPick={setPicked} />
          ))}
        </div>
      )}
      <output className="muted">{candidatesLine(busy, error, all.length, found.length)}</output>
      {error === null ? null : (
        <p className="setting-error" role="alert">
          <ErrorIcon />
          {error}
        </p>
      )}
      <div className="setup-actions">
        <Button look="main" disabled={chosen === null} onPress={() => void choose()}>
          {WORDS.choose}
        </Button>
        <Button onPress={again}>{WORDS.refresh}</Button>
      </div>
    </section>
  )
}

function isCalled(rep: RepCandidate, username: string): boolean {
  return username !== '' && rep.username?.toLowerCase() === username.toLowerCase()
}

function candidatesLine(busy: boolean, error: string | null, all: number, found: number): string {
  if (busy) return WORDS.loading
  if (error !== null) return ''
  if (all === 0) return WORDS.nobody
  if (found === 0) return WORDS.noMatch
  return found > MANY.shown ? WORDS.more(found - MANY.shown) : count(found, 'representative')
}

interface RepProps {
  readonly group: string
  readonly rep: RepCandidate
  readonly checked: boolean
  readonly onPick: (id: string) => void
}

function Rep({ group, rep, checked, onPick }: RepProps): ReactElement {
  return (
    <label className="setup-rep">
      <input type="radio" name={group} checked={checked} onChange={() => onPick(rep.id)} />
      <span>
        <Name>{rep.name === '' ? WORDS.noName : rep.name}</Name>{' '}
        <span className="muted">
          {[rep.username, WORDS.number(rep.id)].filter((part) => part !== null && part !== '').join(' · ')}
        </span>
      </span>
    </label>
  )
}
