import type { ReactNode } from 'react'
import { useConfirmed } from '../../data/confirmed.tsx'
import { refresh } from '../../data/queryClient.ts'
import { useForm } from '../../data/useForm.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { toast } from '../../ui/Toasts.tsx'
import { useHands } from './Held.tsx'
import { mayChangeSettings } from './mayChangeSettings.ts'

type Props = {
  title: string
  /** What this decides, in a sentence or two. */
  intro?: ReactNode
  /** Saves the texts of the fields by their names; a checkbox is there while it is on. */
  save: (fields: Record<string, string>, form: HTMLFormElement) => Promise<unknown>
  /** What shows it, by the beginning of its query key. */
  changes: string
  /** Settings of the person are everybody's to change. */
  isOwn?: boolean
  action?: string
  done?: string
  children: (errorOf: (name: string) => string | null) => ReactNode
}

/** Settings that are saved together; who may not change them sees them. */
export function SettingsForm(props: Props) {
  const { title, intro, save, changes, isOwn = false, action = 'Save', done = 'Saved', children } = props
  const mayChange = isOwn || mayChangeSettings()
  const confirmed = useConfirmed()
  const hands = useHands()
  const { form, isBusy, errorOf, error } = useForm(async (fields, element) => {
    const saved = hands.send()
    await confirmed(() => save(fields, element))
    toast(done)
    await refresh(changes)
    saved()
  })
  return (
    <Card title={title}>
      <form
        {...form}
        onFocus={hands.come}
        onBlur={hands.leave}
        onInput={event => {
          hands.type()
          form.onInput(event)
        }}
      >
        <fieldset disabled={!mayChange} className="flex min-w-0 flex-col gap-4">
          {intro !== undefined && <div className="max-w-prose text-muted">{intro}</div>}
          {children(errorOf)}
          {error !== null && (
            <Notice tone="bad" title="This was not saved">
              {error}
            </Notice>
          )}
          {mayChange && (
            <div>
              <Button type="submit" look="primary" isBusy={isBusy}>
                {action}
              </Button>
            </div>
          )}
        </fieldset>
      </form>
    </Card>
  )
}
