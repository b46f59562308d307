import { readFileSync } from 'node:fs'

import type { Appliance } from './appliance.ts'
import { wait } from './clock.ts'
import type { Variables } from './event.ts'
import { checkScenario, type RepRef, type Scenario, type Step } from './scenario-file.ts'
import type { Session } from './session.ts'
import { findOwner, findRepresentative, teamsOf, type Customer, type Owner, type Representative } from './world.ts'

/** The scenarios that come with the appliance; each is a file in `scenarios/`, and an example for own ones. */
export const SCENARIO_NAMES = ['basic', 'demo', 'outage', 'odd'] as const

export interface ScenarioRun {
  /** 1: as written; 4: four times as quick. */
  readonly speed?: number
  /** Id of the representative that the scenario calls `you`; 12 if left out. */
  readonly you?: number
  /** Starts again, with new sessions, until the signal aborts; what was left of a round ends before the next one. */
  readonly repeat?: boolean
  /** Ends the run between two steps. */
  readonly signal?: AbortSignal
}

/** The representative whose part `you` takes. */
const USUAL_YOU = 12

/** Reads one of the named scenarios, or a file of the same form. Throws with a sentence that says what is wrong. */
export function loadScenario(nameOrFile: string): Scenario {
  const named = SCENARIO_NAMES.some((name) => name === nameOrFile)
  const file = named ? new URL(`scenarios/${nameOrFile}.json`, import.meta.url) : nameOrFile
  let content: unknown
  try {
    content = JSON.parse(readFileSync(file, 'utf8'))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`scenario ${nameOrFile}: ${reason}`, { cause: error })
  }
  return checkScenario(content, nameOrFile)
}

/**
 * Plays a scenario: resolves when its last step is done (not when all is delivered), or the signal aborted. Rejects if a
 * step cannot be: an unknown representative, a session that has ended.
 */
export async function runScenario(appliance: Appliance, scenario: Scenario, run: ScenarioRun = {}): Promise<void> {
  const signal = run.signal ?? new AbortController().signal
  const speed = run.speed ?? 1
  const you = findRepresentative(appliance.world, run.you ?? USUAL_YOU)
  for (;;) {
    const sessions = await playOnce(appliance, scenario, you, speed, signal)
    if (run.repeat !== true) return
    await wait(appliance.clock, Math.max((scenario.rest * 1000) / speed, 1), signal)
    if (signal.aborted) return
    for (const session of sessions) if (!session.ended) session.end()
  }
}

async function playOnce(
  appliance: Appliance,
  scenario: Scenario,
  you: Representative,
  speed: number,
  signal: AbortSignal,
): Promise<Iterable<Session>> {
  const stage = createStage(appliance, you)
  // Each step is due at its own time, so that the delays of timers do not add up.
  let due = appliance.clock.now()
  for (const [index, step] of scenario.steps.entries()) {
    due += (step.after * 1000) / speed
    const pause = due - appliance.clock.now()
    if (pause > 0) await wait(appliance.clock, pause, signal)
    if (signal.aborted) break
    try {
      stage.act(step)
    } catch (error) {
      if (stage.isSteered(step)) continue
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`scenario ${scenario.name}, step ${index + 1}: ${reason}`, { cause: error })
    }
  }
  return stage.sessions
}

/** The sessions of one round, by their labels. */
function createStage(appliance: Appliance, you: Representative) {
  const { world } = appliance
  const sessions = new Map<string, Session>()

  function find(label: string): Session {
    const session = sessions.get(label)
    if (session === undefined) throw new Error(`session ${label} has not started`)
    return session
  }

  /** If `you` plays somebody else's usual part, that one plays the part of the usual `you`. */
  function rep(ref: RepRef): Representative {
    if (ref === 'you') return you
    return findRepresentative(world, ref === you.id ? USUAL_YOU : ref)
  }

  function owner(ref: string): Owner {
    const [kind, id] = ref.split(':')
    if (kind === 'rep' && id !== undefined) {
      return findOwner(world, `rep:${rep(id === 'you' ? 'you' : Number(id)).id}`)
    }
    if (ref !== 'team:you') return findOwner(world, ref)
    const team = teamsOf(world, you.id)[0]
    if (team === undefined) throw new Error(`representative ${you.id} is in no team`)
    return findOwner(world, `team:${team.id}`)
  }

  function customer(name: string): Customer {
    const known = world.customers.find((candidate) => candidate.name === name)
    return known ?? { name, company: 'Visitor', computer: 'PC' }
  }

  function emitRaw(label: string | undefined, event: string, own: Readonly<Record<string, string>>): void {
    const session = label === undefined ? undefined : find(label)
    const key = session?.externalKey ?? null
    const standard: Variables = [
      ...(session === undefined ? [] : [['lsid', session.lsid] as const]),
      ...(key === null ? [] : [['external_key', key] as const]),
    ]
    appliance.emit(event, [...standard, ...Object.entries(own)])
  }

  function perform(step: Step): void {
    switch (step.do) {
      case 'start':
        sessions.set(
          step.session,
          appliance.startSession({
            queue: owner(step.queue),
            customer: customer(step.customer),
            externalKey: step.key ?? null,
            waitForCustomer: step.wait ?? false,
          }),
        )
        break
      case 'pickUp':
        find(step.session).pickUp(rep(step.rep))
        break
      case 'join':
        find(step.session).join(rep(step.rep))
        break
      case 'leave':
        find(step.session).leave(rep(step.rep))
        break
      case 'transfer':
        find(step.session).transfer(owner(step.to), { stay: step.stay ?? false })
        break
      case 'key':
        find(step.session).setExternalKey(step.key)
        break
      case 'customerJoins':
        find(step.session).customerJoins()
        break
      case 'customerLeaves':
        find(step.session).customerLeaves()
        break
      case 'end':
        find(step.session).end()
        break
      case 'survey':
        find(step.session).survey(step.by)
        break
      case 'event':
        emitRaw(step.session, step.event, step.variables ?? {})
        break
    }
  }

  return {
    /** All that were started, ended or not. */
    sessions: sessions.values(),
    /** True if the API had a hand in the session of the step: then the step may be impossible. */
    isSteered: ({ session }: Step): boolean => session !== undefined && sessions.get(session)?.steered === true,
    act: (step: Step): void => {
      const circumstances = {
        ...(step.ago === undefined ? {} : { at: appliance.clock.now() - step.ago * 1000 }),
        ...(step.odd === undefined ? {} : { odd: step.odd }),
      }
      for (const draft of appliance.collect(circumstances, () => perform(step))) appliance.post(draft)
    },
  }
}
