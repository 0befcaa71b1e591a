import { useState } from 'react'
import { accountNow } from '../../data/account.ts'
import { Button, buttonClasses } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { toast } from '../../ui/Toasts.tsx'

/** The recovery codes, which are shown this once. */
export function RecoveryCodes({ codes, onClose }: { codes: readonly string[]; onClose: () => void }) {
  const [isKept, setKept] = useState(false)
  const text = codes.join('\n')
  const file = `Recovery codes of ${accountNow().signIn?.user.email ?? ''} at ${location.host}. Each works once.\n\n${text}\n`
  const copy = async () => {
    await navigator.clipboard.writeText(text)
    toast('Copied')
    setKept(true)
  }
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title="Keep your recovery codes"
      description="Each lets you in once without the app. They are shown this once: without app and codes nobody lets you in."
    >
      <ul className="grid grid-cols-1 gap-1 rounded-md border border-line p-3 font-mono text-[0.8125rem] sm:grid-cols-2">
        {codes.map(code => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button onClick={copy}>Copy</Button>
        <a
          href={`data:text/plain;charset=utf-8,${encodeURIComponent(file)}`}
          download="recovery-codes.txt"
          onClick={() => setKept(true)}
          className={buttonClasses()}
        >
          Download
        </a>
        <Button look={isKept ? 'primary' : 'plain'} onClick={onClose}>
          I have kept them
        </Button>
      </div>
    </Dialog>
  )
}
