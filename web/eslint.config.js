import { fileURLToPath, URL } from 'node:url';

import js from '@eslint/js';
import a11y from 'eslint-plugin-jsx-a11y';
import hooks from 'eslint-plugin-react-hooks';
import ts from 'typescript-eslint';

export default ts.config(
    { ignores: ['dist', 'node_modules', 'src/api/schema.d.ts', 'test-results', 'playwright-report'] },
    js.configs.recommended,
    {
        files: ['**/*.ts', '**/*.tsx'],
        extends: [...ts.configs.strictTypeChecked, a11y.flatConfigs.strict],
        languageOptions: {
            parserOptions: {
                projectService: true,
                tsconfigRootDir: fileURLToPath(new URL('.', import.meta.url)),
            },
        },
        plugins: { 'react-hooks': hooks },
        rules: {
            ...hooks.configs.recommended.rules,
            'no-restricted-syntax': [
                'error',
                {
                    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
                    message: 'Nothing is made of HTML text.',
                },
                {
                    selector: "MemberExpression[property.name='innerHTML']",
                    message: 'Nothing is made of HTML text.',
                },
                {
                    selector: "JSXAttribute[name.name='style']",
                    message: 'The content policy allows no inline style.',
                },
            ],
            'jsx-a11y/aria-role': ['error', { ignoreNonDOM: true }], // a component may call something else its role
            '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
            '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
        },
    },
    {
        files: ['*.js', 'tools/*.js'],
        languageOptions: { globals: { process: 'readonly', console: 'readonly' } },
    },
);
