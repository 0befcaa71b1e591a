import { useRouter } from '@tanstack/react-router'
import { Search, SlidersHorizontal, X } from 'lucide-react'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { Button } from '../ui/Button.tsx'
import { classes } from '../ui/classes.ts'

/** What narrows a list, as the URL says it: one of few values, a day, or a text that is sent with Enter. */
export type Filter = {
  name: string
  label: string
  choices?: readonly (readonly [value: string, text: string])[]
  type?: 'date'
}

/** The filters that are in force, by their names. */
export type Chosen = Readonly<Record<string, string>>

type Props = { filters: readonly Filter[]; chosen: Chosen; path: string; children?: ReactNode }

/** More than these are put away on a phone, but for those in force. */
const UNFOLDED = 2

/** The filters of a list, which the URL holds: what is looked for first, then what narrows it; each that is in force is taken away at once. */
export function FilterBar({ filters, chosen, path, children }: Props) {
  const router = useRouter()
  const [isOpen, setOpen] = useState(false)
  if (filters.length === 0) return null
  const isText = ({ choices, type }: Filter) => choices === undefined && type === undefined
  const texts = filters.filter(isText)
  const others = filters.filter(filter => !isText(filter))
  const days = others.filter(({ type }) => type === 'date')
  const inForce = others.filter(({ name }) => chosen[name] !== undefined).length
  const isFolded = others.length > UNFOLDED
  const go = (values: Chosen) => {
    const query = new URLSearchParams(Object.entries(values).filter(([, each]) => each !== ''))
    router.history.push(query.size === 0 ? path : `${path}?${query}`)
  }
  const part = ({ name, ...rest }: Filter) => {
    const Part = isText(rest as Filter) ? TextFilter : rest.type === 'date' ? DayFilter : ChoiceFilter
    const value = chosen[name] ?? ''
    const isHidden = isFolded && !isOpen && value === ''
    const onChoose = (next: string) => go({ ...chosen, [name]: next.trim() })
    return <Part key={name} {...rest} value={value} isHidden={isHidden} onChoose={onChoose} />
  }
  return (
    <search aria-label="Filters" className="mb-4 flex flex-wrap items-center gap-2">
      {texts.length > 0 && (
        <div
          className={classes(
            'flex min-w-0 grow flex-wrap gap-2',
            isFolded ? 'basis-full' : texts.length > 1 ? 'max-w-2xl basis-72' : 'max-w-md basis-72',
          )}
        >
          {texts.map(part)}
        </div>
      )}
      {isFolded && (
        <Button aria-expanded={isOpen} onClick={() => setOpen(!isOpen)} className="sm:hidden">
          <SlidersHorizontal aria-hidden className="size-4 text-muted" />
          Filter
          {inForce > 0 && <span className="rounded-full bg-hover px-1.5 text-xs tabular-nums">{inForce}</span>}
        </Button>
      )}
      {others.filter(filter => !days.includes(filter)).map(part)}
      {days.length > 0 && <div className="flex max-w-full flex-wrap gap-2 max-sm:contents">{days.map(part)}</div>}
      {Object.keys(chosen).length > 0 && (
        <Button look="quiet" onClick={() => go({})}>
          Clear
        </Button>
      )}
      {children}
    </search>
  )
}

type PartProps = Omit<Filter, 'name'> & { value: string; isHidden: boolean; onChoose: (value: string) => void }

const BARE = 'min-w-0 grow self-stretch bg-transparent outline-none'

/** The box of a filter: its control under its name, and what takes it away. */
function Pill(props: Pick<PartProps, 'label' | 'isHidden' | 'onChoose'> & { isOn: boolean; children: ReactNode }) {
  const { label, isHidden, onChoose, isOn, children } = props
  return (
    <div
      className={classes(
        'inline-flex min-h-9 max-w-full items-center overflow-hidden rounded-md border bg-surface pointer-coarse:min-h-11 max-sm:grow',
        'outline-offset-2 outline-accent has-[input:focus-visible,select:focus-visible]:outline-2',
        isOn ? 'border-accent' : 'border-control/60 hover:border-control',
        isHidden && 'max-sm:hidden',
      )}
    >
      {children}
      {isOn && (
        <button
          type="button"
          aria-label={`Remove the filter ${label}`}
          onClick={() => onChoose('')}
          className="flex w-8 shrink-0 items-center justify-center self-stretch text-muted -outline-offset-2 hover:bg-hover hover:text-ink pointer-coarse:w-11"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </div>
  )
}

function ChoiceFilter({ label, choices = [], value, isHidden, onChoose }: PartProps) {
  const isOn = value !== ''
  return (
    <Pill label={label} isHidden={isHidden} onChoose={onChoose} isOn={isOn}>
      <label className="flex min-w-0 grow items-center gap-1 self-stretch ps-3">
        <span className="shrink-0 text-muted">{label}</span>
        <select
          value={value}
          onChange={({ target }) => onChoose(target.value)}
          className={classes(BARE, 'cursor-pointer px-1 field-sizing-content', isOn && 'font-medium')}
        >
          <option value="">All</option>
          {choices.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </select>
      </label>
    </Pill>
  )
}

function DayFilter({ label, value, isHidden, onChoose }: PartProps) {
  const isOn = value !== ''
  return (
    <Pill label={label} isHidden={isHidden} onChoose={onChoose} isOn={isOn}>
      <label className="flex min-w-0 grow items-center gap-1 self-stretch ps-3 pe-2">
        <span className="shrink-0 text-muted">{label}</span>
        <input
          type="date"
          value={value}
          onChange={({ target }) => onChoose(target.value)}
          className={classes(BARE, 'px-1', isOn ? 'font-medium' : 'text-muted')}
        />
      </label>
    </Pill>
  )
}

function TextFilter({ label, value, onChoose }: PartProps) {
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (input.current) input.current.value = value
  }, [value])
  return (
    <form
      aria-label={label}
      className="flex min-w-0 grow basis-48 *:grow"
      onSubmit={event => {
        event.preventDefault()
        onChoose(input.current?.value ?? '')
      }}
    >
      <Pill label={label} isHidden={false} onChoose={onChoose} isOn={value !== ''}>
        <button
          type="submit"
          aria-label="Find"
          className="flex w-10 shrink-0 items-center justify-center self-stretch text-muted -outline-offset-2 hover:text-ink pointer-coarse:w-11"
        >
          <Search aria-hidden className="size-4" />
        </button>
        <input
          ref={input}
          type="search"
          aria-label={label}
          placeholder={label}
          defaultValue={value}
          spellCheck={false}
          autoComplete="off"
          enterKeyHint="search"
          className={classes(
            BARE,
            'pe-2 placeholder:text-ellipsis placeholder:text-muted [&::-webkit-search-cancel-button]:hidden',
          )}
        />
      </Pill>
    </form>
  )
}
