import htm from 'htm';
import { type ComponentChildren, h, type VNode } from 'preact';

export type Html = (strings: TemplateStringsArray, ...values: unknown[]) => VNode;
export type Children = ComponentChildren;

/** Text in templates is always escaped by Preact; nothing here ever sets inner HTML. */
export const html: Html = htm.bind(h) as Html;
