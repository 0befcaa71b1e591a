import { ImageUp } from 'lucide-react'
import { type ChangeEvent, useId, useRef, useState } from 'react'
import { bitstream } from '../data/bitstream.ts'
import { Button } from './Button.tsx'
import { messageOf } from './messageOf.ts'

type Props = {
  label: string
  name: string
  of: 'product_image' | 'payment_link_image'
  /** Its address, as the API has it, and where our own copy is. */
  first: { url: string | null; shown: string | null }
}

/** A picture that is uploaded at once; the form holds its address, empty for none. */
export function ImageField({ label, name, of, first }: Props) {
  const [state, setState] = useState<{ url: string; shown: string; isBusy: boolean; error: string | null }>({
    ...{ url: first.url ?? '', shown: first.shown ?? '', isBusy: false, error: null },
  })
  const id = useId()
  const file = useRef<HTMLInputElement>(null)
  const hidden = useRef<HTMLInputElement>(null)
  const take = (url: string, error: string | null = null) => {
    setState({ url, shown: url, isBusy: false, error })
    // The form is told once the field holds it.
    requestAnimationFrame(() => hidden.current?.dispatchEvent(new Event('input', { bubbles: true })))
  }
  const upload = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const image = target.files?.[0]
    if (image === undefined) return
    setState({ ...state, isBusy: true, error: null })
    try {
      take((await bitstream.storage.upload(of, { image })).imageUrl)
    } catch (error) {
      setState({ ...state, isBusy: false, error: messageOf(error) })
    }
    target.value = ''
  }
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="font-medium">
        {label}
      </label>
      <input ref={hidden} type="hidden" name={name} value={state.url} />
      <input
        ref={file}
        id={id}
        type="file"
        accept="image/png,image/jpeg,image/webp"
        onChange={upload}
        aria-describedby={`${id}-hint`}
        className="sr-only"
        tabIndex={-1}
      />
      <div className="flex flex-wrap items-center gap-3">
        {state.shown !== '' && (
          <img src={state.shown} alt="" className="size-16 rounded-md border border-line object-cover" />
        )}
        <Button isBusy={state.isBusy} onClick={() => file.current?.click()}>
          <ImageUp aria-hidden className="size-4" />
          {state.url === '' ? 'Choose a picture' : 'Replace the picture'}
        </Button>
        {state.url !== '' && (
          <Button look="quiet" onClick={() => take('')}>
            Remove
          </Button>
        )}
      </div>
      <p id={`${id}-hint`} className={state.error === null ? 'text-muted' : 'text-bad'}>
        {state.error ?? 'PNG, JPEG or WebP, at most 5 MB.'}
      </p>
    </div>
  )
}
