// What a message says to the scripted model (docs/models.md).
export interface Script {
    reasoning?: string[];
    tokens?: string[];
    repeat?: number;
    first_delay_ms?: number;
    delay_ms?: number;
    fail_after?: number;
    fail_code?: string;
    tool_calls?: { name: string; arguments: object; id?: string }[];
    finish_reason?: string;
    wait_for_stop?: boolean;
}

export function script(what: Script): string {
    return `script:${JSON.stringify(what)}`;
}
