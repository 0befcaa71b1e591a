import { Menu as Kit } from '@base-ui/react/menu'
import type { ReactNode } from 'react'
import { buttonClasses } from './Button.tsx'
import { classes } from './classes.ts'

/** An entry of a menu. */
export type Entry = { text: string; run: () => void; isDangerous?: boolean; isOn?: boolean }

/** A button that opens a list of things to do; `label` names it where its content is no text. */
export function Menu(props: { label: string; trigger: ReactNode; entries: readonly Entry[]; className?: string }) {
  const { label, trigger, entries, className } = props
  return (
    <Kit.Root>
      <Kit.Trigger aria-label={label} className={classes(className ?? buttonClasses('quiet'))}>
        {trigger}
      </Kit.Trigger>
      <Kit.Portal>
        <Kit.Positioner sideOffset={4} align="end" className="z-50">
          <Kit.Popup className="min-w-44 rounded-md border border-line bg-raised p-1 shadow-lg">
            {entries.map(({ text, run, isDangerous, isOn }) => (
              <Kit.Item
                key={text}
                onClick={run}
                aria-current={isOn ? 'true' : undefined}
                className={classes(
                  'flex min-h-9 cursor-default items-center rounded px-3 py-1.5 data-highlighted:bg-hover pointer-coarse:min-h-11',
                  isDangerous && 'text-bad',
                  isOn && 'font-semibold',
                )}
              >
                {text}
              </Kit.Item>
            ))}
          </Kit.Popup>
        </Kit.Positioner>
      </Kit.Portal>
    </Kit.Root>
  )
}
