import type { Words } from './words.ts'

/** The codes of all countries and territories (ISO 3166-1 alpha-2). */
export const COUNTRIES: ReadonlySet<string> = new Set(
  `AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI
CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR
GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU
LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL
PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO
TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW`.split(/\s+/),
)

/** All countries with their names in the language of `words`, in the order in which its speakers look for them. */
export function countryList(words: Words): readonly { readonly code: string; readonly name: string }[] {
  const known = lists.get(words.locale)
  if (known !== undefined) return known
  const { compare } = new Intl.Collator(words.locale)
  const list = Array.from(COUNTRIES, code => ({ code, name: words.country(code) })).toSorted((a, b) =>
    compare(a.name, b.name),
  )
  lists.set(words.locale, list)
  return list
}

// Sorting them takes longer than rendering the page that shows them.
const lists = new Map<string, readonly { readonly code: string; readonly name: string }[]>()

/** The country that the first language with a region among those of a browser names (RFC 9110, 12.5.4), or null. */
export function countryOf(acceptLanguage: string | undefined): string | null {
  for (const wish of (acceptLanguage ?? '').split(',')) {
    const [tag = ''] = wish.split(';')
    const region = tag
      .trim()
      .split('-')
      .slice(1)
      .find(part => /^[a-z]{2}$/i.test(part))
      ?.toUpperCase()
    if (region !== undefined && COUNTRIES.has(region)) return region
  }
  return null
}
