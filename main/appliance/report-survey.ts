/** Exit surveys, by themselves and within a session. */
import type { ExitSurvey, SurveyQuestion } from './report.ts'
import { readParty } from './report-people.ts'
import { textOrNull, timeOf, unixTime } from './value.ts'
import type { XmlElement } from './xml.ts'

function readQuestion(question: XmlElement): SurveyQuestion {
  const text = (name: string) => textOrNull(question.textOf(name))
  const answers = question.child('answer_list')?.children('answer') ?? question.children('answer')
  return {
    id: question.attr('id'),
    type: text('type'),
    name: text('name'),
    label: text('label'),
    reportHeader: text('report_header'),
    // Line breaks come as the two characters \\ and n.
    answers: answers
      .map((answer) => answer.text.replaceAll(/\\r\\n|\\n/g, '\n').trim())
      .filter((answer) => answer !== ''),
  }
}

/** Older reports have a survey's answers as names and values alone. */
function readValue(value: XmlElement): SurveyQuestion {
  const answer = (value.attr('value') ?? value.text).trim()
  const name = textOrNull(value.attr('name'))
  return { id: null, type: null, name, label: null, reportHeader: null, answers: answer === '' ? [] : [answer] }
}

/** `exit_survey`, `cust_exit_survey` or `rep_exit_survey`. Questions without an answer have none. */
export function readSurvey(survey: XmlElement): ExitSurvey {
  return {
    lsid: survey.attr('lsid'),
    at: unixTime(survey.attr('timestamp')) ?? unixTime(survey.attr('ts')) ?? timeOf(survey.child('timestamp')),
    submittedBy: readParty(survey.child('submitted_by')),
    primaryRep: readParty(survey.child('primary_rep')),
    primaryCustomer: readParty(survey.child('primary_customer')),
    questions: [
      ...(survey.child('question_list')?.children('question') ?? []).map(readQuestion),
      ...survey.children('value').map(readValue),
    ],
  }
}
