/** The sections of a session's details. A section without content is left out. */
import type { ReactElement, ReactNode } from 'react'
import type { Member, SessionDetails } from '../../preload/contract.ts'
import { LABELS } from '../labels.ts'
import { count, memberType, ownerName, ownerOf } from '../text.ts'
import { duration } from '../time.ts'
import { Hidden, Moment, Name } from '../ui/bits.tsx'
import { Timeline } from './timeline.tsx'

export function SessionParts({ details }: { readonly details: SessionDetails }): ReactElement {
  const variables = Object.entries(details.variables)
  return (
    <div className="session-parts">
      <Facts details={details} />
      <Part title={LABELS.session.timeline} wanted={details.timeline.length > 0}>
        <Timeline entries={details.timeline} />
        {details.timelineDropped === 0 ? null : (
          <p className="part-note">
            {LABELS.session.dropped(count(details.timelineDropped, 'older entry', 'older entries'))}
          </p>
        )}
      </Part>
      <Part title={LABELS.session.members} wanted={details.members.length > 0}>
        <ul className="plain-list">
          {details.members.map((member, index) => (
            // A rep may come and go many times; the position is all that tells the visits apart.
            // oxlint-disable-next-line react/no-array-index-key
            <MemberLine key={index} member={member} />
          ))}
        </ul>
      </Part>
      <Part title={LABELS.session.owners} wanted={details.owners.length > 0}>
        <ol className="plain-list">
          {details.owners.map(({ owner, at }, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="dated">
              <Moment at={at} exact />
              <span className="dated-what">
                <Name>{ownerName(owner)}</Name> <span className="muted">{owner.id}</span>
              </span>
            </li>
          ))}
        </ol>
      </Part>
      <Part title={LABELS.session.keys} wanted={details.keys.length > 0}>
        <ol className="plain-list">
          {details.keys.map(({ key, at }, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="dated">
              <Moment at={at} exact />
              <span className="dated-what">
                {key === null ? <span className="muted">{LABELS.session.keyRemoved}</span> : <Name>{key}</Name>}
              </span>
            </li>
          ))}
        </ol>
      </Part>
      <Part title={LABELS.session.surveys} wanted={details.status === 'ended' || hasSurvey(details)}>
        <dl className="facts">
          <dt>{LABELS.session.customerSurvey}</dt>
          <dd>{momentOr(details.customerSurveyAt, LABELS.session.notYet)}</dd>
          <dt>{LABELS.session.repSurvey}</dt>
          <dd>{momentOr(details.representativeSurveyAt, LABELS.session.notYet)}</dd>
        </dl>
      </Part>
      <Part title={LABELS.session.variables} wanted={variables.length > 0}>
        <dl className="facts facts-stacked">
          {variables.map(([name, value]) => (
            <div key={name}>
              <dt>
                <Name>{name}</Name>
              </dt>
              <dd>
                <Name>{value}</Name>
              </dd>
            </div>
          ))}
        </dl>
      </Part>
    </div>
  )
}

interface PartProps {
  readonly title: string
  readonly wanted: boolean
  readonly children: ReactNode
}

function Part({ title, wanted, children }: PartProps): ReactElement | null {
  if (!wanted) return null
  return (
    <section className="part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Facts({ details }: { readonly details: SessionDetails }): ReactElement {
  const { startedAt, endedAt, ownerSince, representatives, customerPresent, customer } = details
  const present = [...(customerPresent && customer !== null ? [customer] : []), ...representatives]
  return (
    <dl className="facts">
      <dt>{LABELS.session.owner}</dt>
      <dd>
        <Name>{ownerOf(details)}</Name>
        {ownerSince === null ? null : (
          <span className="muted">
            {' '}
            {LABELS.session.since} <Moment at={ownerSince} />
          </span>
        )}
      </dd>
      <dt>{LABELS.session.started}</dt>
      <dd>{momentOr(startedAt, LABELS.session.unknown)}</dd>
      {details.status === 'ended' ? (
        <>
          <dt>{LABELS.session.ended}</dt>
          <dd>
            {momentOr(endedAt, LABELS.session.unknown)}
            {startedAt === null || endedAt === null ? null : (
              <span className="muted">{`, ${LABELS.session.lasted} ${duration(endedAt - startedAt)}`}</span>
            )}
          </dd>
        </>
      ) : (
        <>
          <dt>{LABELS.session.present}</dt>
          <dd>{present.length === 0 ? LABELS.session.nobody : <Names names={present} />}</dd>
        </>
      )}
    </dl>
  )
}

function Names({ names }: { readonly names: readonly string[] }): ReactElement[] {
  return names.map((name, index) => (
    // Two people may have the same name.
    // oxlint-disable-next-line react/no-array-index-key
    <span key={index}>
      <Name>{name}</Name>
      {index < names.length - 1 ? ', ' : ''}
    </span>
  ))
}

function MemberLine({ member }: { readonly member: Member }): ReactElement {
  const details = [memberType(member.type), member.username, member.userId === null ? null : `rep:${member.userId}`]
  return (
    <li className="member" {...(member.leftAt === null ? { 'data-present': '' } : {})}>
      <div className="member-name">
        <Name>{member.name === '' ? memberType(member.type) : member.name}</Name>{' '}
        <span className="muted">{details.filter((part) => part !== null).join(' · ')}</span>
      </div>
      <div className="muted">
        {member.joinedAt === null ? null : (
          <>
            {LABELS.session.joined} <Moment at={member.joinedAt} />
          </>
        )}
        {member.leftAt === null ? (
          <Hidden> {LABELS.session.inSession}</Hidden>
        ) : (
          <>
            {member.joinedAt === null ? null : ', '}
            {LABELS.session.left} <Moment at={member.leftAt} />
          </>
        )}
      </div>
    </li>
  )
}

function hasSurvey(details: SessionDetails): boolean {
  return details.customerSurveyAt !== null || details.representativeSurveyAt !== null
}

function momentOr(at: number | null, otherwise: string): ReactNode {
  return at === null ? <span className="muted">{otherwise}</span> : <Moment at={at} />
}
