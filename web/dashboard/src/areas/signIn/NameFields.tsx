import { TextField } from '../../ui/Field.tsx'

/** The two names of a person. */
export function NameFields({ errorOf }: { errorOf: (name: string) => string | null }) {
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField label="First name" name="firstName" autoComplete="given-name" error={errorOf('firstName')} />
      <TextField label="Last name" name="lastName" autoComplete="family-name" error={errorOf('lastName')} />
    </div>
  )
}
