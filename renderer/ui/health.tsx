/** The line at the bottom that says whether events can come in, and the panel with the details. */
import { useId, useLayoutEffect, useRef, type ReactElement } from 'react'
import type { Health, Problem } from '../../preload/contract.ts'
import { useMain, useTools, useView } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count, isReceiving, lastEventLine, sourceLine } from '../text.ts'
import { Moment, Timed } from './bits.tsx'
import { Button, Pressable } from './button.tsx'
import { SetupLine } from './setup-line.tsx'
import { ActiveIcon, ChevronIcon, EndedIcon, ErrorIcon, WaitingIcon, WarningIcon } from './icons.tsx'

export function HealthLine(): ReactElement {
  const health = useMain((state) => state.health)
  const problems = useMain((state) => state.problems)
  const { model } = useTools()
  const open = useView((view) => view.healthOpen)
  const panel = useId()
  const bar = useRef<HTMLButtonElement>(null)
  const wasOpen = useRef(open)
  const worst = problems.find((problem) => problem.severity === 'error') ?? problems[0]
  const tone = health.listener.status === 'failed' ? 'error' : (worst?.severity ?? 'good')

  useLayoutEffect(() => {
    // Closed from within, by Escape say: the focus goes to where the panel came from.
    if (!open && document.activeElement === document.body && wasOpen.current) bar.current?.focus()
    wasOpen.current = open
  }, [open])

  return (
    <footer className="health" data-tone={tone}>
      {open ? <HealthPanel id={panel} health={health} problems={problems} /> : null}
      <Pressable
        ref={bar}
        className="health-line"
        aria-expanded={open}
        {...(open ? { 'aria-controls': panel } : {})}
        onPress={() => model.showHealth(!open)}
      >
        <HealthMark health={health} tone={tone} />
        <span className="health-words">
          <span className="health-listener">{sourceLine(health)}</span>
          <span className="health-event">
            <Timed words={(now) => lastEventLine(health.lastEventAt, now)} />
          </span>
        </span>
        {problems.length === 0 ? null : <span className="health-count">{count(problems.length, 'problem')}</span>}
        <ChevronIcon />
      </Pressable>
    </footer>
  )
}

function HealthMark({ health, tone }: { readonly health: Health; readonly tone: string }): ReactElement {
  if (tone === 'error') return <ErrorIcon />
  if (tone === 'warning') return <WarningIcon />
  if (isReceiving(health)) return <ActiveIcon />
  return health.listener.status === 'starting' || health.relay?.status === 'connecting' ? (
    <WaitingIcon />
  ) : (
    <EndedIcon />
  )
}

interface PanelProps {
  readonly id: string
  readonly health: Health
  readonly problems: readonly Problem[]
}

function HealthPanel({ id, health, problems }: PanelProps): ReactElement {
  const { model } = useTools()
  const { listener, relay } = health
  const retryAt = relay === null ? listener.retryAt : relay.retryAt
  return (
    <section id={id} className="health-panel" aria-label={LABELS.health.details}>
      <SetupLine />
      <h2>{problems.length === 0 ? LABELS.health.noProblems : LABELS.health.problems}</h2>
      <ul className="plain-list">
        {problems.map((problem) => (
          <ProblemLine key={problem.id} problem={problem} />
        ))}
      </ul>
      <h2>{LABELS.health.title}</h2>
      {health.catchingUp ? <p className="health-note">{LABELS.health.catchingUp}</p> : null}
      <dl className="facts">
        <dt>{relay === null ? LABELS.health.listening : LABELS.health.relay}</dt>
        <dd>
          {sourcesOf(health)}
          {isReceiving(health) || listener.status === 'starting' ? null : (
            <div className="health-retry">
              {retryAt === null ? null : (
                <span className="muted">
                  {LABELS.health.retryAt} <Moment at={retryAt} exact />
                </span>
              )}
              <Button
                onPress={() => {
                  void model.order({ type: 'listener.retry' })
                }}
              >
                {LABELS.health.retry}
              </Button>
            </div>
          )}
        </dd>
        <dt>{LABELS.health.lastEvent}</dt>
        <dd>{health.lastEventAt === null ? LABELS.health.never : <Moment at={health.lastEventAt} exact />}</dd>
        <dt>{LABELS.health.counts}</dt>
        <dd>
          {[
            `${health.stored.toLocaleString('en')} ${LABELS.health.stored}`,
            `${health.repeated.toLocaleString('en')} ${LABELS.health.repeated}`,
            `${health.quarantined.toLocaleString('en')} ${LABELS.health.quarantined}`,
          ].join(' · ')}
        </dd>
        {health.held === 0 ? null : (
          <>
            <dt>{LABELS.health.held}</dt>
            <dd>
              {health.held.toLocaleString('en')} <OpenQuarantine />
            </dd>
          </>
        )}
      </dl>
    </section>
  )
}

function sourcesOf({ listener, relay }: Health): string {
  if (relay !== null) return relay.server ?? LABELS.health.nowhere
  return listener.addresses.length === 0 ? LABELS.health.nowhere : listener.addresses.join(', ')
}

function OpenQuarantine(): ReactElement {
  const { model } = useTools()
  return (
    <Button
      look="plain"
      onPress={() => {
        model.showHealth(false)
        model.go({ view: 'quarantine' }, true)
      }}
    >
      {LABELS.quarantine.open}
    </Button>
  )
}

export function ProblemLine({ problem }: { readonly problem: Problem }): ReactElement {
  const { model } = useTools()
  return (
    <li className="problem" data-severity={problem.severity}>
      {problem.severity === 'error' ? <ErrorIcon /> : <WarningIcon />}
      <div className="problem-words">
        <h3>{problem.title}</h3>
        <p>{problem.detail}</p>
        {problem.id === 'quarantine' ? <OpenQuarantine /> : null}
        <p className="muted">
          {LABELS.health.since} <Moment at={problem.since} />
        </p>
      </div>
      {problem.dismissible ? (
        <Button
          look="plain"
          onPress={() => {
            void model.order({ type: 'problem.dismiss', id: problem.id })
          }}
        >
          {LABELS.health.dismiss}
        </Button>
      ) : null}
    </li>
  )
}
