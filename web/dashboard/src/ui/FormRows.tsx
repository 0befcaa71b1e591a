import { Plus, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from './Button.tsx'

type Props = {
  /** What one row is, such as "Line". */
  noun: string
  /** How many there are at first. */
  count: number
  least?: number
  most: number
  /** The fields of the row that is the `index`th now and was `first` before others were taken away: names come of `index`, values of `first`. */
  row: (index: number, first: number) => ReactNode
}

/** Fields that repeat: rows are added and taken away. */
export function FormRows({ noun, count, least = 0, most, row }: Props) {
  const [state, setState] = useState(() => ({ rows: Array.from({ length: count }, (_, index) => index), next: count }))
  const group = useRef<HTMLDivElement>(null)
  const { rows, next } = state
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the form holds changes with its rows, which no input tells it.
  useEffect(() => {
    group.current?.dispatchEvent(new Event('input', { bubbles: true }))
  }, [rows])
  const add = () => {
    setState({ rows: [...rows, next], next: next + 1 })
    requestAnimationFrame(() =>
      group.current?.querySelector<HTMLElement>('[data-row]:last-of-type :is(input, select, textarea)')?.focus(),
    )
  }
  return (
    <div ref={group} className="flex flex-col gap-4">
      {rows.map((first, index) => (
        <fieldset
          key={first}
          data-row=""
          aria-label={`${noun} ${index + 1}`}
          className="flex items-start gap-2 rounded-md border border-line p-3"
        >
          <div className="min-w-0 grow">{row(index, first)}</div>
          {rows.length > least && (
            <Button
              look="quiet"
              aria-label={`Take ${noun.toLowerCase()} ${index + 1} away`}
              onClick={() => setState({ rows: rows.filter(each => each !== first), next })}
            >
              <X aria-hidden className="size-4" />
            </Button>
          )}
        </fieldset>
      ))}
      {rows.length < most && (
        <Button className="self-start" onClick={add}>
          <Plus aria-hidden className="size-4" />
          {`Add ${rows.length > 0 ? 'another' : /^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun.toLowerCase()}`}
        </Button>
      )}
    </div>
  )
}
