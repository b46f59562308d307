import type { ReactElement } from 'react'
import type { Download, ReportRecording } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { whyNot } from '../text.ts'
import { downloadLine, recordingName } from '../text-report.ts'
import { Hidden } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'

const WORDS = LABELS.report

interface RecordingsProps {
  readonly lsid: string
  readonly recordings: readonly ReportRecording[]
}

/** What was recorded: watched on the appliance's page, or downloaded. */
export function Recordings({ lsid, recordings }: RecordingsProps): ReactElement {
  return (
    <ul className="plain-list">
      {recordings.map((recording) => (
        <Recording key={`${recording.kind} ${recording.instance}`} lsid={lsid} recording={recording} />
      ))}
    </ul>
  )
}

interface RecordingProps {
  readonly lsid: string
  readonly recording: ReportRecording
}

function Recording({ lsid, recording }: RecordingProps): ReactElement {
  const { model } = useTools()
  const { kind, instance, viewable } = recording
  const reason = useMain(({ appliance }) => whyNot(appliance, 'recordings'))
  const under = useMain(({ downloads }) => downloads.find((one) => isOf(one, lsid, recording)) ?? null)
  const name = recordingName(recording)
  return (
    <li className="recording">
      <span className="recording-name">
        {name}
        {under === null || under.status === 'cancelled' ? null : <span className="muted">{downloadLine(under)}</span>}
      </span>
      {viewable ? (
        <Button onPress={() => void model.open({ type: 'report.open', lsid, page: kind, instance }, WORDS.page)}>
          {WORDS.watch}
          <Hidden>{` ${name}`}</Hidden>
        </Button>
      ) : null}
      <Button
        reason={under?.status === 'running' ? WORDS.onItsWay : reason}
        onPress={() => void model.order({ type: 'recording.download', lsid, kind, instance })}
      >
        {WORDS.download}
        <Hidden>{` ${name}`}</Hidden>
      </Button>
    </li>
  )
}

function isOf(download: Download, lsid: string, { kind, instance }: ReportRecording): boolean {
  return download.lsid === lsid && download.kind === kind && download.instance === instance
}
