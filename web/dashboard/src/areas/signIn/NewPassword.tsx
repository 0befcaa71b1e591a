import { Check, Circle, CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { TextField } from '../../ui/Field.tsx'
import { PASSWORD_MAX, PASSWORD_MIN, type PasswordFault, passwordFaults } from './passwordFaults.ts'

const RULES: readonly (readonly [fault: PasswordFault, text: string])[] = [
  ['length', `${PASSWORD_MIN} to ${PASSWORD_MAX} characters; four words are easy to keep in mind`],
  ['repeats', 'More than three different characters'],
  ['known', 'Not your e-mail address or name'],
]

/** The field of a new password, with what is asked of it: what this page can tell, and what the server alone can. */
export function NewPassword(props: {
  label?: string
  name?: string
  /** What anybody knows about the person. */
  known?: readonly string[]
  error: string | null
}) {
  const { label = 'Password', name = 'password', known = [], error } = props
  const [password, setPassword] = useState('')
  const faults = passwordFaults(password, known)
  return (
    <TextField
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      value={password}
      onChange={({ target }) => setPassword(target.value)}
      error={error}
      hint={
        <ul className="flex flex-col gap-1">
          {RULES.filter(([fault]) => fault !== 'known' || known.length > 0).map(([fault, text]) => (
            <Rule key={fault} text={text} isMet={password !== '' && !faults.includes(fault)} />
          ))}
          <li className="flex gap-2">
            <CircleHelp aria-hidden className="mt-0.5 size-4 shrink-0" />
            {known.length === 0 ? 'Not your e-mail address or name, nor ' : 'Not '}
            one of the passwords that are guessed first: checked when you send it
          </li>
        </ul>
      }
    />
  )
}

function Rule({ text, isMet }: { text: string; isMet: boolean }) {
  const Icon = isMet ? Check : Circle
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={isMet ? 'mt-0.5 size-4 shrink-0 text-good' : 'mt-0.5 size-4 shrink-0'} />
      <span>
        {text}
        {isMet && <span className="sr-only"> (met)</span>}
      </span>
    </li>
  )
}
