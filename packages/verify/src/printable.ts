/** Texts of strangers, made harmless to terminals and to the eye. */

/** Controls, and characters that turn the direction of text or that nobody sees, as their code points; half a character as U+FFFD. */
export function printable(text: string): string {
  return text.toWellFormed().replaceAll(
    // oxlint-disable-next-line no-control-regex -- these are what has to be found
    /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
