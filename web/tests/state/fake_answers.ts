// What answers of the server look like.
import type { Message, Settings } from '../../src/api/types';

export const settings: Settings = {
    model_name: null,
    role: 'system',
    prompt: null,
    temperature: null,
    top_p: null,
    max_output_tokens: null,
    stop: [],
    seed: null,
    on_busy: 'reject',
    content_template: null,
    mask: [],
    tools: [],
    tool_choice: null,
    response_format: null,
};

/** What a message has of which a test says nothing. */
export const untold = {
    role: 'user',
    content: '',
    transformed_content: null,
    metadata: {},
    status: 'complete',
    tool_calls: [],
    tool_call_id: null,
    reasoning: null,
    model_name: null,
    finish_reason: null,
    usage: null,
    timings: null,
    attempts: [],
    error: null,
} satisfies Partial<Message>;

/** What it says, of messages that are no list of parts. */
export function textOf({ content }: Message): string {
    return typeof content === 'string' ? content : '(parts)';
}

export function json(value: unknown, status = 200): Response {
    return new Response(JSON.stringify(value), { status, headers: { 'content-type': 'application/json' } });
}

export function problem(status: number, code: string, headers: Record<string, string> = {}): Response {
    const body = JSON.stringify({ status, code, detail: `It is ${code}.`, param: null });
    return new Response(body, {
        status,
        headers: { 'content-type': 'application/problem+json', ...headers },
    });
}
