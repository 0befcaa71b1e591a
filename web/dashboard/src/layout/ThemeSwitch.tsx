import { useState } from 'react'
import { SelectField } from '../ui/Field.tsx'

const KEY = 'theme'
const CHOICES = [
  ['', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const

/** Puts on the theme that was chosen on this device. */
export function putOnTheme(): void {
  const theme = localStorage.getItem(KEY) ?? ''
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  else delete document.documentElement.dataset.theme
}

/** Light, dark, or whatever the system says. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(() => localStorage.getItem(KEY) ?? '')
  return (
    <SelectField
      label="Theme"
      value={theme}
      choices={CHOICES}
      onChange={({ target }) => {
        localStorage.setItem(KEY, target.value)
        setTheme(target.value)
        putOnTheme()
      }}
    />
  )
}
