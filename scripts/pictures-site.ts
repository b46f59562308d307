/** The site of the pictures: an invented one, some minutes into its day. */
import type { Appliance } from '../test/appliance/appliance.ts'
import { inventDetails, recordingsOf } from '../test/appliance/archive/details.ts'
import { snapshotOf, type SessionRecord } from '../test/appliance/archive/record.ts'
import type { Draft } from '../test/appliance/event.ts'
import type { Session } from '../test/appliance/session.ts'
import { findOwner, findRepresentative, type Customer, type Representative } from '../test/appliance/world.ts'

/** The representative whose day it is. */
export const YOU = 12

/** Lets the last hour happen. Its events, the oldest first, are still to be posted. */
export function lastHour(appliance: Appliance): readonly Draft[] {
  const { world } = appliance
  const drafts: Draft[] = []
  const now = Date.now()

  function happen<Result>(minutesAgo: number, action: () => Result): Result {
    let result: Result | undefined
    drafts.push(
      ...appliance.collect({ at: now - minutesAgo * 60_000 }, () => {
        result = action()
      }),
    )
    return result as Result
  }

  function begin(minutesAgo: number, queue: string, name: string, externalKey: string | null = null): Session {
    return happen(minutesAgo, () =>
      appliance.startSession({ queue: findOwner(world, queue), customer: customerOf(appliance, name), externalKey }),
    )
  }

  const rep = (id: number): Representative => findRepresentative(world, id)
  const viktor = begin(58, 'team:5', 'Viktor Dragomir', 'INC0010448')
  happen(57, () => viktor.pickUp(rep(YOU)))
  const priya = begin(47, 'team:5', 'Priya Raghunathan', 'INC0010471')
  happen(45, () => priya.pickUp(rep(14)))
  const amir = begin(34, 'team:5', 'Amir Rahmani')
  happen(33, () => amir.pickUp(rep(14)))
  happen(31, () => viktor.end())
  happen(30, () => viktor.survey('customer'))
  const liam = begin(26, 'team:7', 'Liam Gallacher', 'INC0010466')
  happen(25, () => liam.pickUp(rep(29)))
  happen(19, () => priya.transfer(findOwner(world, `rep:${YOU}`)))
  happen(18, () => priya.join(rep(YOU)))
  const hannah = begin(11, 'team:9', 'Hannah Becker', 'INC0010480')
  happen(10, () => hannah.pickUp(rep(17)))
  begin(6, 'team:7', 'Maria Conceição Ramos', 'INC0010483')
  begin(4, 'team:5', 'Jane Doe')
  return drafts
}

/** The invented customer of that name. */
export function customerOf({ world }: Appliance, name: string): Customer {
  const found = world.customers.find((customer) => customer.name === name)
  if (found === undefined) throw new Error(`there is no customer ${name}`)
  return found
}

/** What the fonts of any machine can show. */
const LATIN = /^[\p{Script=Latin}\p{P}\p{N}\p{Z}\p{S}\n]*$/u

/** A session of the last weeks with a ticket, a talk that fits a picture, and a recording. */
export function talkativeSession(appliance: Appliance): SessionRecord {
  const found = [...appliance.archive.records()].toReversed().find((record) => {
    const snapshot = snapshotOf(record)
    if (record.externalKey === null || snapshot === null || !record.isPast || !LATIN.test(record.customer.name))
      return false
    const talk = inventDetails(snapshot, Date.now()).flatMap((entry) =>
      entry.kind === 'log' && entry.entry.type === 'Chat Message' ? [entry.entry.body] : [],
    )
    const { screen, expired } = recordingsOf(record, Date.now())
    return talk.length > 4 && talk.length < 8 && talk.every((words) => LATIN.test(words)) && screen && !expired
  })
  if (found === undefined) throw new Error('no session of the past fits the picture')
  return found
}
