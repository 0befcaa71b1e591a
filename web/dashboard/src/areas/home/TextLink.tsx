import { Link } from '@tanstack/react-router'

/** A link in a sentence, high enough to be touched. */
export function TextLink({ to, children }: { to: string; children: string }) {
  return (
    <Link to={to as '/'} className="inline-block min-h-6 text-accent underline">
      {children}
    </Link>
  )
}
