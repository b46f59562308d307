/** Copies of the journal: made at any time, and taken back while events go on coming in. */
import { useEffect, useState, type ReactElement } from 'react'
import type { Backup } from '../../preload/contract.ts'
import { useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { bytesText } from '../text-report.ts'
import { Hidden, Moment } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { Confirm } from '../ui/confirm.tsx'
import { Tool } from './settings-tools.tsx'

const WORDS = LABELS.backup

export function BackupTool(): ReactElement {
  const { model, times } = useTools()
  const [backups, setBackups] = useState<readonly Backup[]>([])
  const [busy, setBusy] = useState(false)
  const [asked, setAsked] = useState<Backup | null>(null)
  const [outcome, setOutcome] = useState('')

  useEffect(() => {
    async function list(): Promise<void> {
      const reply = await model.run({ type: 'journal.backups' })
      if (reply.ok) setBackups(reply.value)
    }
    void list()
  }, [model])

  async function carryOut(work: () => Promise<string | null>): Promise<void> {
    setBusy(true)
    setOutcome('')
    setOutcome((await work()) ?? '')
    setBusy(false)
  }

  async function make(): Promise<string | null> {
    const reply = await model.run({ type: 'journal.backup' })
    const list = await model.run({ type: 'journal.backups' })
    if (list.ok) setBackups(list.value)
    if (reply.ok) return WORDS.made(bytesText(reply.value.bytes))
    model.refuse(reply.message)
    return null
  }

  async function restore({ name }: Backup): Promise<string | null> {
    const reply = await model.run({ type: 'journal.restore', name })
    if (reply.ok) return WORDS.restored(reply.value.events, reply.value.known)
    model.refuse(reply.message)
    return null
  }

  return (
    <Tool name={WORDS.name} help={WORDS.help}>
      <div className="forget">
        <Button disabled={busy} onPress={() => void carryOut(make)}>
          {WORDS.make}
        </Button>
        <output className="forget-found">{busy ? WORDS.busy : outcome}</output>
        {backups.length === 0 ? null : (
          <ul className="plain-list">
            {backups.map((backup) => (
              <li key={backup.name} className="backup">
                <span>
                  <Moment at={backup.at} exact /> <span className="muted">{bytesText(backup.bytes)}</span>
                </span>
                <Button look="plain" onPress={() => setAsked(backup)}>
                  {WORDS.restore}
                  <Hidden>{` ${times.full(backup.at)}`}</Hidden>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </div>
      {asked === null ? null : (
        <Confirm
          title={WORDS.title}
          body={WORDS.body}
          yes={WORDS.restore}
          no={WORDS.no}
          onYes={() => void carryOut(() => restore(asked))}
          onClose={() => setAsked(null)}
        />
      )}
    </Tool>
  )
}
