import type { Snapshot } from '../archive/record.ts'
import { listOf, seen } from './report-sessions.ts'
import type { ReportHandler } from './reports.ts'
import { readSelection } from './selection.ts'
import { surveyElement } from './survey-element.ts'

export const custExitSurvey: ReportHandler = (context, parameters) => surveys('customer', context, parameters)

export const repExitSurvey: ReportHandler = (context, parameters) => surveys('representative', context, parameters)

function surveys(by: 'customer' | 'representative', ...[context, parameters]: Parameters<ReportHandler>) {
  const selection = readSelection(parameters, context.horizon.now, true)
  const type = parameters.get('report_type')
  if (type === null || !['rep', 'team', 'site'].includes(type)) throw new Error('Invalid report_type')
  const id = parameters.get('id') ?? (selection.by === 'lsids' ? 'all' : '')
  if (!/^(all|\d+)$/.test(id)) throw new Error('Invalid id')
  function* found() {
    for (const snapshot of seen(context, selection)) {
      if (!concerns(snapshot, type, id)) continue
      for (const survey of snapshot.surveys) if (survey.by === by) yield { snapshot, at: survey.at }
    }
  }
  return listOf('exit_survey_list', context, found(), ({ snapshot, at }) =>
    surveyElement('exit_survey', snapshot, by, at),
  )
}

/** True if the session is one of that representative, team or public site. */
function concerns({ primaryRep, team }: Snapshot, type: string | null, id: string): boolean {
  if (id === 'all') return true
  if (type === 'rep') return primaryRep !== null && primaryRep.who !== 'customer' && String(primaryRep.who.id) === id
  return type === 'team' ? team?.id === `team:${id}` : id === '1'
}
