import { BitstreamError } from '@bitstream/sdk'
import { useQueryErrorResetBoundary } from '@tanstack/react-query'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Button } from '../ui/Button.tsx'
import { CopyText } from '../ui/CopyText.tsx'
import { messageOf } from '../ui/messageOf.ts'
import { Notice } from '../ui/Notice.tsx'

/** A page that is being loaded. */
export function Waiting() {
  return (
    <div role="status" className="p-8 text-muted">
      Loading …
    </div>
  )
}

/** A page that does not exist. */
export function NotFound() {
  return (
    <main className="mx-auto max-w-lg p-8">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="mt-2 text-muted">The address may be mistyped, or what it showed may be gone.</p>
      <Link to="/" className="mt-4 inline-block text-accent underline">
        Go to Home
      </Link>
    </main>
  )
}

/** A page that failed: what happened, the id that the operator finds in the log, and another try. */
export function Failure({ error, reset }: Pick<ErrorComponentProps, 'error' | 'reset'>) {
  const { reset: forget } = useQueryErrorResetBoundary()
  const again = () => {
    forget()
    reset()
  }
  const requestId = error instanceof BitstreamError ? error.requestId : null
  return (
    <div className="mx-auto max-w-lg p-8">
      <Notice tone="bad" title="This could not be loaded">
        <p>{messageOf(error)}</p>
        {requestId !== null && (
          <p className="mt-2">
            Request <CopyText text={requestId} label="request id" />
          </p>
        )}
        <Button className="mt-4" onClick={again}>
          Try again
        </Button>
      </Notice>
    </div>
  )
}
