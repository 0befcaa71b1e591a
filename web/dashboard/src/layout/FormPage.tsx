import { BitstreamError } from '@bitstream/sdk'
import { Link, useRouter } from '@tanstack/react-router'
import { type ReactNode, useLayoutEffect, useRef, useState } from 'react'
import { queryClient } from '../data/queryClient.ts'
import { useForm } from '../data/useForm.ts'
import { Button, buttonClasses } from '../ui/Button.tsx'
import { Notice } from '../ui/Notice.tsx'
import { PageHeader } from '../ui/PageHeader.tsx'
import { UnsavedGuard } from './UnsavedGuard.tsx'

/** What is typed in a form, by the names of its fields; a checkbox is there while it is checked. */
export type Typed = Readonly<Record<string, string | undefined>>

/** Ties the field of this name to the form: its value at first, and what is wrong with it. */
export type Bind = (name: string, first?: string | null) => { name: string; defaultValue: string; error: string | null }

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
  const { form, isBusy, errorOf, error } = useForm(async fields => {
    const path = await send(fields)
    await Promise.all(changes.map(kind => queryClient.invalidateQueries({ queryKey: [kind] })))
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
  const bind: Bind = (name, first) => ({ name, defaultValue: first ?? '', error: errorOf(name) })
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

function typedIn(form: HTMLFormElement): Typed {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
}

/** What was typed without the blanks around it; null for nothing, which takes a value away where the API allows it. */
export function textOf(typed: string | undefined): string | null {
  return typed === undefined || typed.trim() === '' ? null : typed.trim()
}

/** The number that was typed in the field `param`, such as 3 or 7.25, null for nothing; throws the field's problem. No amount goes this way. */
export function numberOf(typed: string | undefined, param: string): number | null {
  const text = textOf(typed)
  if (text === null) return null
  if (/^\d{1,9}([.,]\d{1,4})?$/.test(text)) return Number(text.replace(',', '.'))
  throw new BitstreamError({ code: 'parameter_invalid', message: 'Type a number, such as 3.', param })
}

/** As `numberOf`, of a field that must be filled. */
export function requiredNumber(typed: string | undefined, param: string): number {
  const number = numberOf(typed, param)
  if (number === null) throw new BitstreamError({ code: 'parameter_missing', message: 'Type a number.', param })
  return number
}
