/** The formatter of `make`, made once for each of its keys: making one takes longer than formatting a page. */
export function onceEach<T>(make: (key: string) => T): (key: string) => T {
  const made = new Map<string, T>()
  return key => {
    const known = made.get(key)
    if (known !== undefined) return known
    const one = make(key)
    made.set(key, one)
    return one
  }
}
