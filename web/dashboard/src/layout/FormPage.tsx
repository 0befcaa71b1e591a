import { Link, useRouter } from '@tanstack/react-router'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { refresh } from '../data/queryClient.ts'
import { type Typed, typedIn } from '../data/typed.ts'
import { type Bind, useForm } from '../data/useForm.ts'
import { Button, buttonClasses } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { UnsavedGuard } from './UnsavedGuard.tsx'

type Props = {
  title: string
  description?: ReactNode
  /** The verb of the button, such as "Create the product". */
  submit: string
  /** The kinds of object that it changes: what shows them is read anew. */
  changes: readonly string[]
  /** Where the page of the object's list or of the object is. */
  back: string
  /** Sends what was typed, and gives the path to go to. */
  send: (typed: Typed) => Promise<string>
  /** What payers will see of it, at every key. */
  preview?: (typed: Typed) => ReactNode
  children: (form: { typed: Typed; bind: Bind }) => ReactNode
}

/**
 * A page that creates or changes one object. Its fields are named as the API's parameters, such as `lineItems.data[0].quantity`, so
 * that each problem that the API tells finds its field; the rest stands at the end.
 */
export function FormPage({ title, description, submit, changes, back, send, preview, children }: Props) {
  const router = useRouter()
  const [typed, setTyped] = useState<Typed>({})
  const first = useRef(typed)
  const isTouched = useRef(false)
  const isSaved = useRef(false)
  const { form, isBusy, bind, error } = useForm(async fields => {
    const path = await send(fields)
    await refresh(...changes)
    isSaved.current = true
    router.history.push(path)
  })
  const body = useRef<HTMLDivElement>(null)
  // A field that appears holds something, too, which no event tells.
  useLayoutEffect(() => {
    const element = body.current?.closest('form')
    const held = element ? typedIn(element) : typed
    // Until somebody is at it, fields come and are filled by themselves.
    if (!isTouched.current) first.current = held
    if (JSON.stringify(held) !== JSON.stringify(typed)) setTyped(held)
  })
  const isChanged = () => {
    const element = form.ref.current
    if (element === null || !isTouched.current || isSaved.current) return false
    return JSON.stringify(typedIn(element)) !== JSON.stringify(first.current)
  }
  const touch = () => {
    isTouched.current = true
  }
  return (
    <>
      <PageHeader title={title} description={description} />
      <UnsavedGuard isChanged={isChanged} />
      <div
        className={preview === undefined ? 'max-w-2xl' : 'grid items-start gap-8 xl:grid-cols-[minmax(0,1fr)_22rem]'}
      >
        <form
          {...form}
          onPointerDownCapture={touch}
          onKeyDownCapture={touch}
          onInput={event => {
            if (event.nativeEvent.isTrusted) touch()
            form.onInput(event)
            setTyped(typedIn(event.currentTarget))
          }}
        >
          <div ref={body} className="flex flex-col gap-5">
            {children({ typed, bind })}
            {error !== null && (
              <Notice tone="bad" title="This was not saved">
                {error}
              </Notice>
            )}
            <div className="flex flex-wrap gap-2">
              <Button type="submit" look="primary" isBusy={isBusy}>
                {submit}
              </Button>
              <Link to={back as '/'} className={buttonClasses()}>
                Cancel
              </Link>
            </div>
          </div>
        </form>
        {preview !== undefined && (
          <aside aria-label="What payers see" className="flex flex-col gap-2 xl:sticky xl:top-8">
            <p className="text-xs font-medium text-muted">What payers see</p>
            {preview(typed)}
          </aside>
        )}
      </div>
    </>
  )
}
