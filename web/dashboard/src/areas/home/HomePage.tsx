import { PageHeader } from '../../ui/PageHeader.tsx'

/** What a merchant sees first. */
export function HomePage() {
  return <PageHeader title="Home" />
}
