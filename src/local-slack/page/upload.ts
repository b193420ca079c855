import { now } from './store.ts';

export interface Uploaded {
  id: string;
  name: string;
}

export async function upload(file: File): Promise<Uploaded | undefined> {
  const query = new URLSearchParams({ name: file.name, user: now().user });
  try {
    const answer = await fetch(`/page/upload?${query.toString()}`, { method: 'POST', body: file });
    const { id } = (await answer.json()) as { id?: string };
    return id ? { id, name: file.name } : undefined;
  } catch {
    return undefined;
  }
}
