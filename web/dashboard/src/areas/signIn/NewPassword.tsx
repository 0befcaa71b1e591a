import { Check, Circle, CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { TextField } from '../../ui/Field.tsx'
import { PASSWORD_MAX, PASSWORD_MIN, passwordFaults } from './passwordFaults.ts'

/** The field of a new password, with what is asked of it: what this page can tell, and what the server alone can. */
export function NewPassword(props: { label?: string; name?: string; email?: string; error: string | null }) {
  const { label = 'Password', name = 'password', email = '', error } = props
  const [password, setPassword] = useState('')
  const faults = passwordFaults(password, email)
  const rules = [
    [
      `${PASSWORD_MIN} to ${PASSWORD_MAX} characters: several words are easy to keep in mind`,
      !faults.includes('length'),
    ],
    ['Not one character or your e-mail address over and over', !faults.includes('simple')],
  ] as const
  return (
    <TextField
      label={label}
      name={name}
      type="password"
      autoComplete="new-password"
      value={password}
      onChange={event => setPassword(event.target.value)}
      error={error}
      hint={
        <ul className="flex flex-col gap-1">
          {rules.map(([text, isMet]) => (
            <Rule key={text} text={text} isMet={password !== '' && isMet} />
          ))}
          <li className="flex gap-2">
            <CircleHelp aria-hidden className="mt-0.5 size-4 shrink-0" />
            Not among the passwords that are guessed first: the server looks when you send it
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
