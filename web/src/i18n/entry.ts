/** Texts that differ by a number: the categories are those of Intl.PluralRules, chosen by the value `count`. */
export type Plural = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string };

/** What a message file says for a key. `{name}` stands for the value of that name. */
export type Entry = string | Plural;

/** What another language has to say: each key of the English part. */
export type Translated<English extends object> = { [Key in keyof English]: Entry };
