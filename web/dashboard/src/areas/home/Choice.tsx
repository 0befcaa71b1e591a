import { INPUT } from '../../ui/Field.tsx'

type Props = {
  label: string
  value: string
  choices: readonly (readonly [value: string, text: string])[]
  onChoose: (value: string) => void
}

/** One of few, in little room: its label is read out, and the choices say what they are. */
export function Choice({ label, value, choices, onChoose }: Props) {
  return (
    <div>
      <select aria-label={label} value={value} onChange={({ target }) => onChoose(target.value)} className={INPUT}>
        {choices.map(([each, text]) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
    </div>
  )
}
