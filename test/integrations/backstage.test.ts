import { describe, expect, it } from 'vitest';
import { readCatalog } from '../../src/integrations/backstage/catalog-info.ts';

const entity = (metadata: string, spec = 'type: ml-model\n  owner: group:default/retention') =>
  `apiVersion: backstage.io/v1alpha1\nkind: Component\nmetadata:\n${metadata}\nspec:\n  ${spec}\n`;

describe('a catalog-info.yaml', () => {
  it('of several documents gives its models, and passes over what is none', () => {
    const text = [
      entity('  name: churn-model\n  description: Who leaves'),
      entity('  name: website', 'type: website\n  owner: web'),
      'kind: Group\nmetadata:\n  name: retention\n',
      '',
      entity('  name: ranker\n  annotations:\n    pitcrew.dev/tier: 1', 'type: service\n  owner: user:jane'),
    ].join('---\n');
    expect(readCatalog(text)).toEqual([
      { name: 'churn-model', description: 'Who leaves', owner: 'retention', links: {} },
      { name: 'ranker', description: '', owner: 'jane', tier: 1, links: {} },
    ]);
  });

  it('gives owner, name in the registry and https links; other links stay out', () => {
    const [model] = readCatalog(
      entity(`  name: churn-model
  annotations:
    pitcrew.dev/owner: U01OLGA
    pitcrew.dev/registry-name: prod.churn
    backstage.io/source-location: url:https://github.com/acme/churn/
  links:
    - url: https://wiki.example/churn
      title: Runbook
    - url: http://plain.example
      type: dashboard
    - url: javascript:alert(1)
      type: pipeline
    - url: https://blog.example
      title: A story`),
    );
    expect(model).toMatchObject({ ownerId: 'U01OLGA', registryName: 'prod.churn' });
    expect(model?.links).toEqual({
      repository: 'https://github.com/acme/churn/',
      runbook: 'https://wiki.example/churn',
    });
  });

  it.each([
    ['no YAML', 'a: [', 'This is no YAML: '],
    ['a tab where none may be', 'kind: Component\n\tname: x', 'line 2'],
    ['no model', 'kind: Group', 'no component of type ml-model'],
    ['a component without a name', 'kind: Component\nmetadata: {}\nspec: {type: ml-model}', 'metadata.name'],
    ['a number as its name', entity('  name: 7'), 'metadata.name'],
    ['a tier that is none is not said', entity('  name: ""'), 'metadata.name'],
    ['nothing', ' ', 'no component'],
    ['too much', 'x'.repeat(200_001), 'more than I read at once'],
    ['too many documents', '---\na\n'.repeat(501), '500 documents'],
  ])('with %s is refused, saying why', (_, text, words) => {
    expect(() => readCatalog(text)).toThrow(words);
  });

  it('that grows without end is refused at once', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i},`.repeat(9)}]`);
    expect(() => readCatalog(`a0: &a0 [x,x]\n${levels.join('\n')}\n`)).toThrow('repeats itself too often');
  });
});
