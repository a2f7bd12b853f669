/** What people are told about one event, in every form that a channel may want. */
export interface Message {
  /** One line without control characters. */
  readonly subject: string;
  readonly text: string;
  /** The same as `text`, as a document without scripts, images or anything else from elsewhere. */
  readonly html: string;
}

/** One line of a mail: what it is about, and what there is to say. */
export interface MailFact {
  readonly label: string;
  readonly text: string;
  /** Address to open; null for text. Only ever an address of this installation. */
  readonly href: string | null;
}
