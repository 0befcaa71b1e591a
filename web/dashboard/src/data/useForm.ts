import { BitstreamError } from '@bitstream/sdk'
import { type FormEvent, useLayoutEffect, useRef, useState } from 'react'
import { messageOf } from '../ui/messageOf.ts'
import { typedIn } from './typed.ts'

/** Ties the field of this name to the form: its value at first, and what is wrong with it. */
export type Bind = (name: string, first?: string | null) => { name: string; defaultValue: string; error: string | null }

/** A form that is sent with `form` spread on it: what is wrong is told beside the fields and gets the focus. */
type Form = {
  form: {
    ref: React.RefObject<HTMLFormElement | null>
    onSubmit: (event: FormEvent<HTMLFormElement>) => void
    onInput: (event: FormEvent<HTMLFormElement>) => void
    noValidate: true
  }
  isBusy: boolean
  /** What is wrong with the field of this name, or null. */
  errorOf: (name: string) => string | null
  bind: Bind
  /** What is wrong that no field of the form stands for, or null. */
  error: string | null
}

/** `names` are the fields that there were when `error` came, `touched` those that were typed in since. */
type State = { isBusy: boolean; error: unknown; names: readonly string[]; touched: readonly string[] }

const STILL: State = { isBusy: false, error: null, names: [], touched: [] }

/**
 * Sends what is typed in a form, the texts by the names of their fields, and keeps what was refused: what is wrong with a field until
 * somebody types in it.
 */
export function useForm(send: (fields: Record<string, string>, form: HTMLFormElement) => Promise<unknown>): Form {
  const ref = useRef<HTMLFormElement>(null)
  const sentFrom = useRef<Element | null>(null)
  const [state, setState] = useState<State>(STILL)
  // With what is shown, not after it: a key that is pressed meanwhile would be lost.
  useLayoutEffect(() => {
    if (state.error === null) return
    // A button that is busy has lost the focus meanwhile.
    const next = ref.current?.querySelector('[aria-invalid="true"]') ?? sentFrom.current
    if (next instanceof HTMLElement) next.focus()
  }, [state.error])
  const run = async (form: HTMLFormElement) => {
    const fields = typedIn(form)
    sentFrom.current = document.activeElement
    setState({ ...STILL, isBusy: true })
    try {
      await send(fields, form)
      setState(STILL)
    } catch (error) {
      setState({ ...STILL, error, names: [...form.elements].map(each => each.getAttribute('name') ?? '') })
    }
  }
  const problems = problemsOf(state.error)
  const errorOf = (name: string) =>
    state.touched.includes(name) ? null : (problems.find(({ param }) => isAbout(param, name))?.message ?? null)
  return {
    form: {
      ref,
      noValidate: true,
      onSubmit: event => {
        event.preventDefault()
        void run(event.currentTarget)
      },
      // Not by a listener of its own, which would render before React has heard of what was typed, and take it back.
      onInput: ({ target }) => {
        const name = target instanceof Element ? target.getAttribute('name') : null
        if (state.error !== null && name !== null)
          setState(before => ({ ...before, touched: [...before.touched, name] }))
      },
    },
    isBusy: state.isBusy,
    errorOf,
    bind: (name, first) => ({ name, defaultValue: first ?? '', error: errorOf(name) }),
    error: problems.find(({ param }) => !state.names.some(name => isAbout(param, name)))?.message ?? null,
  }
}

/** A field stands for what is in it, too, as `origins` for `origins[0]`. */
function isAbout(param: string | null, name: string): boolean {
  return name !== '' && (param === name || param?.startsWith(`${name}[`) === true)
}

function problemsOf(error: unknown): readonly { param: string | null; message: string }[] {
  if (error === null) return []
  if (error instanceof BitstreamError) return (error.problems.length > 0 ? error.problems : [error]).map(besideField)
  return [{ param: null, message: messageOf(error) }]
}

/** The API names the parameter in its sentence, which stands beside the field here. */
function besideField({ param, message }: { param: string | null; message: string }) {
  return {
    param,
    message: param !== null && message.startsWith(`${param} `) ? `This${message.slice(param.length)}` : message,
  }
}
