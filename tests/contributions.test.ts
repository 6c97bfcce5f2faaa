/** package.json and the code name the same things: whatever one of them has, the other has. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  commands,
  contextKeys,
  contextValues,
  editors,
  extensionId,
  panels,
  schemaUri,
  schemes,
  speechView,
  settingKeys,
  trainingConfigLanguage,
  viewContainer,
  views,
  walkthroughs,
} from '../extension/contributions';
import { toSettings } from '../extension/settings';

const root = path.resolve(import.meta.dirname, '..');
const read = (name: string): unknown => JSON.parse(readFileSync(path.join(root, name), 'utf8'));

const menuItem = z.object({ command: z.string(), when: z.string(), group: z.string().optional() });
const manifest = z
  .object({
    icon: z.string(),
    activationEvents: z.array(z.string()),
    capabilities: z.object({
      untrustedWorkspaces: z.object({
        supported: z.literal('limited'),
        restrictedConfigurations: z.array(z.string()),
      }),
    }),
    contributes: z.object({
      viewsContainers: z.object({
        activitybar: z.array(z.object({ id: z.string(), icon: z.string() })),
        panel: z.array(z.object({ id: z.string(), icon: z.string() })),
      }),
      views: z.record(z.string(), z.array(z.object({ id: z.string(), name: z.string() }))),
      viewsWelcome: z.array(z.object({ view: z.string(), contents: z.string(), when: z.string() })),
      commands: z.array(
        z.object({
          command: z.string(),
          title: z.string(),
          category: z.literal('Goya'),
          enablement: z.string().optional(),
        }),
      ),
      menus: z.record(z.string(), z.array(menuItem)),
      configuration: z.array(
        z.object({
          title: z.string(),
          properties: z.record(
            z.string(),
            z.looseObject({ scope: z.string(), markdownDescription: z.string(), default: z.unknown() }),
          ),
        }),
      ),
      jsonValidation: z.array(z.object({ fileMatch: z.string(), url: z.string() })),
      languages: z.array(z.object({ id: z.string(), filenamePatterns: z.array(z.string()) })),
      customEditors: z.array(z.object({ viewType: z.string(), priority: z.string() })),
      walkthroughs: z.array(
        z.object({
          id: z.string(),
          steps: z.array(
            z.object({
              completionEvents: z.array(z.string()).min(1),
              media: z.object({ svg: z.string(), altText: z.string() }),
            }),
          ),
        }),
      ),
    }),
  })
  .parse(read('package.json'));
const strings = z.record(z.string(), z.string());
const english = strings.parse(read('package.nls.json'));
const persian = strings.parse(read('package.nls.fa.json'));
const { contributes } = manifest;
const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();
const menuItems = Object.values(contributes.menus).flat();
const whens = [
  ...menuItems.map((item) => item.when),
  ...contributes.viewsWelcome.map((item) => item.when),
  ...contributes.commands.flatMap((command) => command.enablement ?? []),
];

describe('names', () => {
  it('of commands', () => {
    expect(sorted(contributes.commands.map((each) => each.command))).toEqual(sorted(Object.values(commands)));
    expect(contributes.commands).toHaveLength(Object.values(commands).length);
  });

  it('of views', () => {
    expect(Object.keys(contributes.views)).toEqual([viewContainer, speechView.container]);
    expect(contributes.views[speechView.container]?.map((view) => view.id)).toEqual([speechView.id]);
    expect(contributes.viewsContainers.panel.map((each) => each.id)).toEqual([speechView.container]);
    expect(contributes.viewsContainers.activitybar.map((each) => each.id)).toEqual([viewContainer]);
    expect(sorted(Object.values(contributes.views).flatMap((list) => list.map((view) => view.id)))).toEqual(
      sorted([...Object.values(views), speechView.id]),
    );
  });

  it('of settings', () => {
    const named = contributes.configuration.flatMap((section) => Object.keys(section.properties));
    expect(sorted(named)).toEqual(sorted(Object.values(settingKeys).map((key) => `goya.${key}`)));
  });

  it('of editors, pages and the config language', () => {
    expect(contributes.customEditors.map((each) => each.viewType)).toEqual(Object.values(editors));
    expect(manifest.activationEvents).toEqual([
      `onLanguage:${trainingConfigLanguage}`,
      `onFileSystem:${schemes.report}`,
      `onFileSystem:${schemes.preview}`,
      `onFileSystem:${schemes.schema}`,
      ...Object.values(panels).map((panel) => `onWebviewPanel:${panel}`),
    ]);
    expect(contributes.languages).toEqual([
      { id: trainingConfigLanguage, filenamePatterns: ['*.train.json'] },
    ]);
    expect(contributes.jsonValidation).toEqual([{ fileMatch: '*.train.json', url: schemaUri }]);
  });
});

describe('menus', () => {
  it('offer commands that exist', () => {
    const known: readonly string[] = Object.values(commands);
    for (const { command } of menuItems) expect(known).toContain(command);
  });

  it('speak of views and keys that exist', () => {
    const keys: readonly string[] = [...Object.values(contextKeys), ...Object.values(views)];
    for (const when of whens) {
      const named = when.replaceAll(/viewItem =~ \/(.+?)\/(?= |$)/g, '').matchAll(/\bgoya\.[\w.]+/g);
      for (const [name] of named)
        expect([...keys, ...Object.values(contextValues)], `${when}: ${name}`).toContain(name);
    }
  });

  it('match at least one state of a node, and every state is offered something or is only read', () => {
    const states: readonly string[] = Object.values(contextValues);
    const matched = new Set<string>();
    for (const when of whens) {
      const [, pattern] = /viewItem =~ \/(.+?)\/(?= |$)/.exec(when) ?? [];
      const [, value] = /viewItem == ([\w.]+)/.exec(when) ?? [];
      if (pattern === undefined && value === undefined) continue;
      const hits = states.filter((state) =>
        pattern === undefined ? state === value : new RegExp(pattern).test(state),
      );
      expect(hits, when).not.toEqual([]);
      for (const hit of hits) matched.add(hit);
    }
    const onlyRead: readonly string[] = [
      contextValues.group,
      contextValues.problem,
      contextValues.modelFolder,
      contextValues.modelFile,
      contextValues.downloadFile,
    ];
    expect(sorted([...matched, ...onlyRead])).toEqual(sorted(states));
  });

  it('lead from welcome texts to commands that exist', () => {
    const known: readonly string[] = [...Object.values(commands), 'vscode.openFolder'];
    for (const text of [...Object.values(english), ...Object.values(persian)])
      for (const [, command] of text.matchAll(/\(command:([\w.]+)\)/g)) expect(known).toContain(command);
  });
});

describe('the walkthrough', () => {
  const steps = contributes.walkthroughs.flatMap((each) => each.steps);

  it('has the same five steps in each language, under the names that the command opens', () => {
    expect(contributes.walkthroughs.map(({ id }) => id)).toEqual(Object.values(walkthroughs));
    const [first, second] = contributes.walkthroughs.map((each) => each.steps);
    expect(first).toHaveLength(5);
    expect(second).toEqual(
      first?.map(({ media, ...step }) => ({
        ...step,
        media: { ...media, altText: media.altText.replace(/%$/, '.inPersian%') },
      })),
    );
  });

  it('is completed by what is done: events of commands and keys that exist', () => {
    const known = [
      ...Object.values(commands).map((id) => `onCommand:${id}`),
      ...Object.values(contextKeys).map((key) => `onContext:${key}`),
    ];
    for (const { completionEvents } of steps)
      for (const event of completionEvents) expect(known).toContain(event);
  });

  it('has pictures in the colours of the theme', () => {
    for (const { media } of steps) {
      const picture = readFileSync(path.join(root, media.svg), 'utf8');
      expect(picture).toContain('var(--vscode-');
      expect(picture).not.toMatch(/<(?:script|image|text)\b/);
    }
  });
});

it('is named by its identifier in the sample of another extension', () => {
  const { publisher, name } = z
    .object({ publisher: z.string(), name: z.string() })
    .parse(read('package.json'));
  expect(extensionId).toBe(`${publisher}.${name}`);
  const sample = read('samples/plugin-table-regression/package.json');
  expect(sample).toMatchObject({ extensionDependencies: [extensionId] });
});

describe('settings', () => {
  const properties = Object.assign({}, ...contributes.configuration.map((each) => each.properties)) as Record<
    string,
    { scope: string; default: unknown }
  >;

  it('have defaults that the backend takes', () => {
    expect(() => toSettings((key) => properties[`goya.${key}`]?.default, {})).not.toThrow();
  });

  it('that name a path, host, database or program are not taken from an untrusted workspace', () => {
    const { restrictedConfigurations } = manifest.capabilities.untrustedWorkspaces;
    expect(sorted(restrictedConfigurations)).toEqual(
      sorted(
        [
          settingKeys.modelsPath,
          settingKeys.storagePath,
          settingKeys.hubEndpoint,
          settingKeys.hubProxy,
          settingKeys.lexicon,
          settingKeys.databaseUrl,
          settingKeys.backendNodePath,
        ].map((key) => `goya.${key}`),
      ),
    );
    expect(properties['goya.backend.nodePath']?.scope).toBe('machine');
  });
});

describe('words', () => {
  const sources = readdirSync(path.join(root, 'extension'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => path.join('extension', name));
  const bundle = strings.parse(read('l10n/bundle.l10n.fa.json'));
  const placesOf = (text: string): string[] => sorted(text.match(/\{\d+\}/g) ?? []);

  it('of the manifest are in both languages', () => {
    const used = sorted(
      [...readFileSync(path.join(root, 'package.json'), 'utf8').matchAll(/"%([^%"]+)%"/g)].map(
        ([, key]) => key!,
      ),
    );
    expect(used).toEqual(sorted(Object.keys(english)));
    expect(sorted(Object.keys(persian))).toEqual(used);
  });

  it('of the code are literal, and all of them are in Persian', () => {
    const messages: string[] = [];
    for (const source of sources) {
      const text = readFileSync(path.join(root, source), 'utf8');
      for (const [, argument] of text.matchAll(/(?<![\w.])t\(\s*([^)\s][^,)]*)/g)) {
        if (/^message: string/.test(argument!)) continue;
        expect(argument, `${source}: t(${argument ?? ''}`).toMatch(/^['"]/);
      }
      for (const match of text.matchAll(/(?<![\w.])t\(\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")/g))
        messages.push((match[1] ?? match[2] ?? '').replaceAll(/\\(.)/g, '$1'));
    }
    expect(messages.length).toBeGreaterThan(100);
    expect(sorted(messages).filter((message) => bundle[message] === undefined)).toEqual([]);
    expect(Object.keys(bundle).filter((message) => !messages.includes(message))).toEqual([]);
  });

  it('in Persian keep every place to fill', () => {
    for (const [message, translation] of Object.entries(bundle))
      expect(placesOf(translation), message).toEqual(placesOf(message));
  });

  it('in Persian use Persian letters', () => {
    // Arabic yeh, kaf and digits look alike and are found by no search.
    for (const text of [...Object.values(bundle), ...Object.values(persian)])
      expect(text).not.toMatch(/[يك٠-٩]/);
  });
});
