import { html } from 'hono/html'
import { hrefOf, type PageFrame } from './layout.ts'
import type { Html, MessageKey, Words } from './words.ts'

/** What is wrong with a field, as a sentence of the page with its next step. */
export type FieldProblem = { readonly key: MessageKey; readonly values?: Readonly<Record<string, string>> }

/** The forms of a session's page, each posted to the path of its name below the session's own. */
export type PageFormName = 'amount' | 'details' | 'discount' | 'confirm'

/**
 * A form that was sent and not taken: what was typed by the names of its fields, what is wrong with which of them, and whether it
 * could not be taken for a reason that is nobody's fault here.
 */
export type RefusedForm = {
  readonly name: PageFormName
  readonly typed: URLSearchParams
  readonly problems: ReadonlyMap<string, FieldProblem>
  readonly isTrouble: boolean
}

/** The form if it is the one of that name. */
export function formOf(form: RefusedForm | null, name: PageFormName): RefusedForm | null {
  return form?.name === name ? form : null
}

/**
 * A form of the page. With script it is sent in place, and the focus goes to the element with the id `focus` when that worked; without,
 * the answer is the page itself.
 */
export function pageForm(
  frame: PageFrame,
  name: PageFormName,
  body: Html,
  {
    focus = 'status',
    done = null,
    className = 'form',
  }: { focus?: string; done?: string | null; className?: string } = {},
): Html {
  const action = hrefOf({ ...frame, path: `${frame.path}/${name}` })
  return html`<form class="${className}" method="post" action="${action}" novalidate data-inline data-focus="${focus}"${
    done === null ? null : html` data-done="${done}"`
  }>${body}</form>`
}

/** The button that sends a form. */
export function submitButton(words: Words, label: Html | string, attributes: Html | null = null): Html {
  return html`<button class="button button-first" type="submit" data-busy="${words.text('formBusy')}"${attributes}>${label}</button>`
}

/** What stands above a form that could not be taken just now. */
export function formTrouble(words: Words, form: RefusedForm | null): Html | null {
  if (form?.isTrouble !== true) return null
  return html`<p class="form-trouble" role="alert">${words.say('formTrouble')}</p>`
}

/** The sentence beside a field, and the attributes by which the field says that it is wrong and where it is explained. */
export function fieldSigns(
  words: Words,
  {
    id,
    problem,
    hint = null,
    isFirst = false,
  }: { id: string; problem: FieldProblem | null; hint?: Html | null; isFirst?: boolean },
): { attributes: Html; below: Html } {
  const described = [problem !== null && `${id}-error`, hint !== null && `${id}-hint`].filter(Boolean).join(' ')
  return {
    attributes: html`${problem === null ? null : html` aria-invalid="true"`}${
      described === '' ? null : html` aria-describedby="${described}"`
    }${problem !== null && isFirst ? html` autofocus` : null}`,
    below: html`${
      problem === null
        ? null
        : html`<p id="${id}-error" class="form-error">${words.say(problem.key, problem.values)}</p>`
    }${hint === null ? null : html`<p id="${id}-hint" class="form-hint">${hint}</p>`}`,
  }
}
