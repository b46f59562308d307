import type { Random } from './random.ts'
import type { Session } from './session.ts'
import {
  findRepresentative,
  GENERAL_QUEUE,
  representativeOwner,
  teamOwner,
  type Owner,
  type Representative,
  type World,
} from './world.ts'

/** One thing that can happen to a session now, and how likely it is compared with the others. */
export type Move = readonly [weight: number, run: () => void]

export interface MoveContext {
  readonly world: World
  readonly random: Random
  /** Id of the representative who gets an extra share of the sessions; null: nobody does. */
  readonly you: number | null
}

/** An external key as reps and web forms give it: mostly incidents, now and then whatever was typed. */
export function inventKey(random: Random): string {
  const number = (digits: number) => String(random.int(1, 10 ** digits - 1)).padStart(digits, '0')
  return (
    random.weighted([
      [80, `INC00${number(5)}`],
      [8, `REQ00${number(5)}`],
      [4, `CHG00${number(5)}`],
      [4, number(4)],
      [2, `call back ${number(2)}, floor ${random.int(1, 9)}`],
      [2, ` inc${number(7)} `],
    ]) ?? ''
  )
}

/** A queue for a session to start or wait in: a team's, the general one, or a representative's own. */
export function chooseQueue({ world, random, you }: MoveContext): Owner {
  const forYou = you !== null && random.chance(0.2)
  const teams = forYou ? world.teams.filter((team) => team.members.includes(you)) : world.teams
  const rep = forYou ? findRepresentative(world, you) : random.pick(onDuty(world))
  const choice = random.weighted([
    [6, 'team'],
    [2, 'general'],
    [2, 'rep'],
  ] as const)
  if (choice === 'rep') return representativeOwner(rep)
  return choice === 'team' && teams.length > 0 ? teamOwner(random.pick(teams)) : GENERAL_QUEUE
}

const onDuty = (world: World): readonly Representative[] =>
  world.representatives.filter((rep) => rep.loggedInMinutes !== null)

/** Who takes a waiting session: the one that it waits for, or a member of the team, or anybody. */
function chooseTaker(session: Session, { world, random, you }: MoveContext): Representative {
  const [kind, id] = session.owner.id.split(':')
  if (kind === 'rep') return findRepresentative(world, Number(id))
  const team = kind === 'team' ? world.teams.find((candidate) => candidate.id === Number(id)) : undefined
  const able = onDuty(world).filter((rep) => team === undefined || team.members.includes(rep.id))
  const mine = able.find((rep) => rep.id === you)
  if (mine !== undefined && random.chance(0.3)) return mine
  return random.pick(able.length > 0 ? able : onDuty(world))
}

/** What can happen to a session that has not ended; never empty. */
export function movesOf(session: Session, context: MoveContext): readonly Move[] {
  const { world, random } = context
  const { owner, representatives, customerPresent, externalKey } = session
  const primary = representatives.find((rep) => owner.id === `rep:${rep.id}`)
  const guests = representatives.filter((rep) => rep !== primary)
  const moves: Move[] = []

  const transferTo = (to: Owner) => session.transfer(to, { stay: random.chance(0.15) })
  const elsewhere = () => {
    let to = chooseQueue(context)
    while (to.id === owner.id) to = chooseQueue(context)
    return to
  }

  if (primary === undefined) {
    moves.push([6, () => session.pickUp(chooseTaker(session, context))])
    moves.push([0.8, () => transferTo(elsewhere())])
    if (guests.length === 0) moves.push([0.7, () => session.end()])
  } else {
    const others = onDuty(world).filter((rep) => !representatives.includes(rep))
    moves.push([0.6, () => session.leave(primary)])
    moves.push([0.8, () => transferTo(elsewhere())])
    moves.push([1.5, () => session.end()])
    if (others.length > 0) moves.push([0.8, () => session.join(random.pick(others))])
    if (guests.length > 0) moves.push([0.3, () => transferTo(representativeOwner(random.pick(guests)))])
  }
  if (guests.length > 0) moves.push([1, () => session.leave(random.pick(guests))])
  if (customerPresent) moves.push([0.7, () => session.customerLeaves()])
  else moves.push([3, () => session.customerJoins()])
  moves.push([externalKey === null ? 1.5 : 0.4, () => session.setExternalKey(inventKey(random))])
  if (externalKey !== null) moves.push([0.2, () => session.setExternalKey(null)])
  return moves
}
