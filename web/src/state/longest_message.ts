/** Of one message, in characters as the contract counts them. */
export const longestMessage = 262_144;
