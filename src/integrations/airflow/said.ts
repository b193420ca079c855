import { z } from 'zod';
import type { AirflowClient } from './client.ts';

const Entry = z.object({ task_id: z.string(), key: z.string(), map_index: z.number().nullish() });
const Entries = z.object({ xcom_entries: z.array(Entry) });
const Value = z.object({ value: z.unknown() });
const Said = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));
const key = 'pitcrew';

/** A task says what it made by pushing an XCom named `pitcrew`, such as {"version": "15"}. */
export async function saidBy(
  client: AirflowClient,
  run: readonly string[],
): Promise<{ said?: Readonly<Record<string, string>> }> {
  const { api } = await client.server();
  // Airflow 2 knows the filter since 2.10 only, and refuses what it does not know.
  const query = { limit: '100', ...(api === 'v2' && { xcom_key: key }) };
  const listed = await client.ask(
    { method: 'GET', path: [...run, 'taskInstances', '~', 'xcomEntries'], query },
    Entries,
  );
  const entry = listed.ok ? listed.body.xcom_entries.find((each) => each.key === key) : undefined;
  if (!entry) return {};
  const { task_id: task, map_index: index } = entry;
  const path = [...run, 'taskInstances', task, 'xcomEntries', key];
  const mapped = typeof index === 'number' && index >= 0 ? { map_index: String(index) } : {};
  const ask = (more: object) => client.ask({ method: 'GET', path, query: { ...mapped, ...more } }, Value);
  const native = await ask({ stringify: 'false' });
  const answer = !native.ok && native.status === 400 ? await ask({}) : native;
  if (!answer.ok) return {};
  const { value } = answer.body;
  const said = Said.safeParse(typeof value === 'string' ? parsed(value) : value);
  return said.success ? { said: said.data } : {};
}

/** Text is JSON, or before Airflow 2.10 what Python prints for a dict. */
function parsed(text: string): unknown {
  for (const candidate of [text, text.replaceAll("'", '"')]) {
    try {
      return JSON.parse(candidate);
    } catch {
      continue;
    }
  }
  return undefined;
}
