import { bounds } from "../bounds";
import { refusal } from "../refuse";
import type { Tag, Token } from "./tokens";

/** What a document says, one thing after another. */
export interface Listener {
  opened: (name: string, line: number, within: readonly string[]) => void;
  said: (name: string, value: string, within: readonly string[]) => void;
  closed: (name: string, within: readonly string[]) => void;
}

/**
 * Makes elements out of tags. In SGML a value ends where the next tag begins, with no closing tag of its own; a closing tag
 * closes whatever was left open inside.
 */
export const elements = (listener: Listener): ((tokens: readonly Token[]) => void) => {
  const open: string[] = [];
  /** The text of the innermost element, where it has any: then it can have no elements inside. */
  let value: string | undefined;

  const endValue = (): void => {
    if (value === undefined) return;
    const name = open.pop();
    if (name !== undefined) listener.said(name, value, open);
    value = undefined;
  };

  const takeText = (text: string, line: number): void => {
    // What stands before the document, or between elements, belongs to none.
    if (open.length === 0) return;
    value = `${value ?? ""}${text}`;
    if (value.length <= bounds.valueCharacters) return;
    throw refusal("file", `has a value of more than ${bounds.valueCharacters} characters on line ${line}`);
  };

  const begin = (name: string, line: number): void => {
    if (open.length >= bounds.depth) {
      throw refusal("file", `must not be nested deeper than ${bounds.depth}, is on line ${line}`);
    }
    listener.opened(name, line, open);
    open.push(name);
  };

  const finish = (name: string, ownValue: boolean): void => {
    const at = ownValue ? -1 : open.lastIndexOf(name);
    if (at < 0) return;
    for (let closing = open.pop(); closing !== undefined; closing = open.pop()) {
      listener.closed(closing, open);
      if (open.length === at) return;
    }
  };

  const takeTag = ({ kind, name, line }: Tag): void => {
    const ownValue = value !== undefined && open.at(-1) === name;
    endValue();
    if (kind === "open") begin(name, line);
    else if (kind === "close") finish(name, ownValue);
  };

  return (tokens) => {
    for (const token of tokens) {
      if (token.kind === "text") takeText(token.text, token.line);
      else takeTag(token);
    }
  };
};
