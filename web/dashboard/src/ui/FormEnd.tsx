import { Button } from './Button.tsx'
import { Notice } from './Notice.tsx'

type Props = {
  /** What is wrong that stands beside no field, and what did not happen for it. */
  error: string | null
  failed: string
  /** The verb, such as "Invite". */
  submit: string
  isBusy: boolean
  onClose: () => void
}

/** The end of a form in a dialog: why it was refused, a way out, and its verb. */
export function FormEnd({ error, failed, submit, isBusy, onClose }: Props) {
  return (
    <>
      {error !== null && (
        <Notice tone="bad" title={failed}>
          {error}
        </Notice>
      )}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" look="primary" isBusy={isBusy}>
          {submit}
        </Button>
      </div>
    </>
  )
}
