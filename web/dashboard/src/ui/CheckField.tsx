import type { ReactNode } from 'react'

type Props = { label: ReactNode; name: string; defaultChecked?: boolean; type?: 'checkbox' | 'radio'; value?: string }

/** Something that is chosen or not; the whole line can be touched. */
export function CheckField({ label, name, defaultChecked = false, type = 'checkbox', value }: Props) {
  return (
    <label className="flex min-h-9 cursor-pointer items-center gap-3 pointer-coarse:min-h-11">
      <input
        type={type}
        name={name}
        defaultChecked={defaultChecked}
        {...(value !== undefined && { value })}
        className="size-4 shrink-0 accent-accent"
      />
      <span className="min-w-0">{label}</span>
    </label>
  )
}
