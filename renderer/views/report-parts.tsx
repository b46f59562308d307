/** The parts of a report. A part without content is left out. */
import { useMemo, type ReactElement, type ReactNode } from 'react'
import type { ReportSurvey, SessionReport } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { count } from '../text.ts'
import { isChat } from '../text-report.ts'
import { duration } from '../time.ts'
import { Moment, Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { LongText } from '../ui/long.tsx'
import { Chat } from './chat.tsx'
import { Recordings } from './recordings.tsx'
import { Files, Others } from './report-entries.tsx'

const WORDS = LABELS.report

interface ReportPartsProps {
  readonly report: SessionReport
  readonly storyless: boolean
  readonly factless: boolean
}

export function ReportParts({ report, storyless, factless }: ReportPartsProps): ReactElement {
  const { entries, entriesDropped, surveys, pages, startedAt } = report
  const chat = useMemo(() => entries.filter(isChat), [entries])
  const files = useMemo(() => entries.filter((entry) => entry.files.length > 0), [entries])
  const others = useMemo(() => entries.filter((entry) => !isChat(entry) && entry.files.length === 0), [entries])
  const representatives = useMemo(() => new Set(report.representatives.map(({ name }) => name)), [report])
  return (
    <div className="report-parts">
      <Facts report={report} factless={factless} />
      <Customers report={report} />
      <Part title={WORDS.representatives} wanted={report.representatives.length > 0}>
        <Representatives report={report} />
      </Part>
      <Part title={WORDS.recordings} wanted={report.recordings.length > 0}>
        <Recordings lsid={report.lsid} recordings={report.recordings} />
      </Part>
      <Part title={WORDS.chat} amount={chat.length} wanted={chat.length > 0}>
        <Chat entries={chat} representatives={representatives} startedAt={startedAt} />
        {pages.chat ? <WebChat lsid={report.lsid} /> : null}
      </Part>
      <Part title={WORDS.files} amount={files.length} wanted={files.length > 0}>
        <Files entries={files} startedAt={startedAt} />
      </Part>
      <Part title={WORDS.surveys} wanted={surveys.length > 0}>
        {surveys.map((survey, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <Survey key={index} survey={survey} />
        ))}
      </Part>
      {others.length === 0 ? null : <Others entries={others} startedAt={startedAt} open={storyless} />}
      {entriesDropped === 0 ? null : (
        <p className="part-note">{WORDS.dropped(count(entriesDropped, 'later entry', 'later entries'))}</p>
      )}
    </div>
  )
}

function WebChat({ lsid }: { readonly lsid: string }): ReactElement {
  const { model } = useTools()
  return (
    <Button
      look="plain"
      onPress={() => void model.open({ type: 'report.open', lsid, page: 'chat', instance: null }, WORDS.page)}
    >
      {WORDS.webChat}
    </Button>
  )
}

interface PartProps {
  readonly title: string
  readonly amount?: number
  readonly wanted: boolean
  readonly children: ReactNode
}

function Part({ title, amount, wanted, children }: PartProps): ReactElement | null {
  if (!wanted) return null
  return (
    <section className="report-part">
      <h4>
        {title} {amount === undefined ? null : <span className="group-count">{amount.toLocaleString('en')}</span>}
      </h4>
      {children}
    </section>
  )
}

/** A name and what it is, or nothing if that is not known. */
function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement | null {
  return children === null ? null : (
    <div className="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function textOrNull(text: string | null): ReactElement | null {
  return text === null || text === '' ? null : <Name>{text}</Name>
}

function Facts({ report, factless }: Omit<ReportPartsProps, 'storyless'>): ReactElement {
  const { startedAt, endedAt, durationSeconds, externalKey, publicSite, teams } = report
  return (
    <dl className="facts">
      {factless ? (
        <>
          <Fact name={WORDS.key}>{textOrNull(externalKey) ?? <span className="muted">{WORDS.noKey}</span>}</Fact>
          <Fact name={WORDS.started}>{startedAt === null ? null : <Moment at={startedAt} />}</Fact>
          <Fact name={WORDS.ended}>
            {endedAt === null ? <span className="muted">{WORDS.running}</span> : <Moment at={endedAt} />}
          </Fact>
        </>
      ) : null}
      <Fact name={WORDS.duration}>{durationSeconds === null ? null : duration(durationSeconds * 1000)}</Fact>
      <Fact name={WORDS.teams}>{teams.length === 0 ? null : <Name>{teams.join(', ')}</Name>}</Fact>
      <Fact name={WORDS.site}>{textOrNull(publicSite)}</Fact>
    </dl>
  )
}

function Customers({ report: { customers } }: Pick<ReportPartsProps, 'report'>): ReactElement {
  return (
    <Part title={WORDS.customers} wanted={customers.length > 0}>
      {customers.map(({ name, company, computer, system, address, details }, index) => (
        // Two customers may have the same name.
        // oxlint-disable-next-line react/no-array-index-key
        <div key={index} className="report-person">
          <strong>
            <Name>{name ?? WORDS.unnamed}</Name>
          </strong>
          <dl className="facts">
            <Fact name={WORDS.company}>{textOrNull(company)}</Fact>
            <Fact name={WORDS.computer}>{textOrNull(computer)}</Fact>
            <Fact name={WORDS.system}>{textOrNull(system)}</Fact>
            <Fact name={WORDS.address}>{textOrNull(address)}</Fact>
            <Fact name={WORDS.details}>{details === null ? null : <LongText>{details}</LongText>}</Fact>
          </dl>
        </div>
      ))}
    </Part>
  )
}

function Representatives({ report: { representatives } }: Pick<ReportPartsProps, 'report'>): ReactElement {
  return (
    <ul className="plain-list">
      {representatives.map(({ name, owner, seconds }, index) => (
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index} className="member" data-present="">
          <span className="member-name">
            <Name>{name}</Name> {owner ? <span className="muted">{WORDS.owner}</span> : null}
          </span>
          {seconds === null ? null : <span className="muted">{duration(seconds * 1000)}</span>}
        </li>
      ))}
    </ul>
  )
}

function Survey({ survey: { by, at, name, questions } }: { readonly survey: ReportSurvey }): ReactElement {
  return (
    <div className="report-person">
      <div className="said-by">
        <strong>
          <Name>{name ?? WORDS.survey[by]}</Name>
        </strong>
        {name === null ? null : <span className="muted">{WORDS.survey[by]}</span>}
        {at === null ? null : <Moment at={at} />}
      </div>
      {questions.length === 0 ? <p className="muted">{WORDS.noQuestions}</p> : null}
      <dl className="answers">
        {questions.map(({ question, answers }, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index}>
            <dt dir="auto">{question}</dt>
            <dd>
              {answers.every((answer) => answer.trim() === '') ? (
                <span className="muted">{WORDS.noAnswer}</span>
              ) : (
                <LongText>{answers.join('\n')}</LongText>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
