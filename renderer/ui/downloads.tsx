import { useEffect, useRef, useState, type ReactElement } from 'react'
import type { Download } from '../../preload/contract.ts'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { customerOf } from '../text.ts'
import { downloadLine, fileName, recordingName } from '../text-report.ts'
import { leave } from './arrival.ts'
import { Name } from './bits.tsx'
import { Button, IconButton } from './button.tsx'
import { CheckIcon, CloseIcon, DownloadIcon, ErrorIcon } from './icons.tsx'

const WORDS = LABELS.report

/** More at once would take the window. */
const MOST = 2

/** Recordings on their way and those that came in, wherever in the window one is. */
export function Downloads(): ReactElement | null {
  const known = useMain((state) => state.downloads)
  const [all, setAll] = useState(false)
  useTelling(known)
  // Who has cancelled one knows what became of it.
  const downloads = known.filter(({ status }) => status !== 'cancelled')
  if (downloads.length === 0) return null
  const shown = all ? downloads : downloads.slice(0, MOST)
  const more = downloads.length - shown.length
  return (
    <section className="downloads" aria-label={WORDS.downloads}>
      <ul>
        {shown.map((download) => (
          <Line key={download.id} download={download} />
        ))}
      </ul>
      {more === 0 ? null : (
        <Button look="plain" onPress={() => setAll(true)}>
          {WORDS.more(String(more))}
        </Button>
      )}
    </section>
  )
}

/** Says what became of a download; how far one is would be said too often. */
function useTelling(downloads: readonly Download[]): void {
  const { model } = useTools()
  const running = useRef<ReadonlySet<number>>(new Set())
  useEffect(() => {
    const over = downloads.find(({ id, status }) => running.current.has(id) && status !== 'running')
    if (over !== undefined) model.say(`${recordingName(over)}: ${downloadLine(over)}`)
    running.current = new Set(downloads.filter(({ status }) => status === 'running').map(({ id }) => id))
  }, [downloads, model])
}

function Line({ download }: { readonly download: Download }): ReactElement {
  const { model } = useTools()
  const { id, lsid, kind, instance, status, bytes, totalBytes, file } = download
  const row = useMain(({ sessions }) => sessions.find((one) => one.lsid === lsid) ?? null)
  const Icon = status === 'failed' ? ErrorIcon : status === 'done' ? CheckIcon : DownloadIcon
  const name = recordingName(download)

  /** The button that was pressed goes with the line, or becomes another. */
  function order(type: 'download.cancel' | 'download.dismiss'): void {
    void model.order({ type, id })
    leave()
  }

  async function again(): Promise<void> {
    if (await model.order({ type: 'recording.download', lsid, kind, instance })) order('download.dismiss')
  }

  return (
    <li className="download" data-status={status}>
      <Icon />
      <div className="download-words">
        <span title={file ?? ''}>
          {file === null ? (
            <>
              {name} <Name>{row === null ? lsid.slice(0, 8) : customerOf(row)}</Name>
            </>
          ) : (
            <Name>{fileName(file)}</Name>
          )}
        </span>
        <span className="download-line">{downloadLine(download)}</span>
        {status === 'running' ? (
          <progress aria-label={name} {...(totalBytes === null ? {} : { max: totalBytes, value: bytes })} />
        ) : null}
      </div>
      {status === 'running' ? (
        <Button look="plain" onPress={() => order('download.cancel')}>
          {WORDS.cancel}
        </Button>
      ) : null}
      {status === 'done' ? (
        <Button look="plain" onPress={() => void model.order({ type: 'download.show', id })}>
          {WORDS.show}
        </Button>
      ) : null}
      {status === 'failed' ? (
        <Button look="plain" onPress={() => void again()}>
          {WORDS.retry}
        </Button>
      ) : null}
      {status === 'running' ? null : (
        <IconButton name={WORDS.dismiss} onPress={() => order('download.dismiss')}>
          <CloseIcon />
        </IconButton>
      )}
    </li>
  )
}
