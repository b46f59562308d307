/** What the journal's settings offer besides: the quarantine, backups, forgetting, diagnostics. */
import { useState, type ReactElement } from 'react'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Name } from '../ui/bits.tsx'
import { Button } from '../ui/button.tsx'
import { BackupTool } from './backup-tool.tsx'
import { ForgetTools } from './forget-tools.tsx'
import { Tool } from './settings-tools.tsx'

export function TrustTools(): ReactElement {
  const { model } = useTools()
  const held = useMain(({ health }) => health.held)
  return (
    <>
      <Tool name={LABELS.quarantine.tool} help={LABELS.quarantine.toolHelp}>
        <Button onPress={() => model.go({ view: 'quarantine' }, true)}>
          {`${LABELS.quarantine.open} (${held.toLocaleString('en')})`}
        </Button>
      </Tool>
      <BackupTool />
      <ForgetTools />
      <DiagnosticsTool />
    </>
  )
}

function DiagnosticsTool(): ReactElement {
  const { model } = useTools()
  const [file, setFile] = useState<string | null>(null)

  async function save(): Promise<void> {
    const reply = await model.run({ type: 'diagnostics.save' })
    if (reply.ok) setFile(reply.value.file)
    else model.refuse(reply.message)
  }

  return (
    <Tool name={LABELS.diagnostics.name} help={LABELS.diagnostics.help}>
      <Button onPress={() => void save()}>{LABELS.diagnostics.save}</Button>
      <output>
        {file === null ? null : (
          <>
            {LABELS.diagnostics.saved} <Name>{file}</Name>
          </>
        )}
      </output>
    </Tool>
  )
}
