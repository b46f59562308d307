import type { ReactElement } from 'react'
import { useMain, useTools } from '../context.ts'
import { LABELS } from '../labels.ts'
import { Button } from './button.tsx'

/** The quiet way back to a set-up that was left; nothing once it is finished. */
export function SetupLine(): ReactElement | null {
  const { model } = useTools()
  const done = useMain((state) => state.settings['setup.done'])
  return done ? null : (
    <p className="setup-line-quiet">
      {LABELS.setup.unfinished}{' '}
      <Button look="plain" onPress={() => model.go({ view: 'setup' }, true)}>
        {LABELS.setup.goOn}
      </Button>
    </p>
  )
}
