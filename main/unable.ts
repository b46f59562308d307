/** Something that was asked for cannot be done; the message is a sentence for the rep. */
export class Unable extends Error {}
