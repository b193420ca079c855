import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  answered(route: string, status: number, seconds: number): void;
  read(): Promise<{ type: string; text: string }>;
}

export function metrics(backlog: (() => Promise<number>) | undefined): Metrics {
  const registers = [new Registry()];
  const [registry] = registers;
  const requests = new Counter({
    name: 'pitcrew_http_requests_total',
    help: 'Requests answered, by route and status',
    labelNames: ['route', 'status'],
    registers,
  });
  const latency = new Histogram({
    name: 'pitcrew_http_request_seconds',
    help: 'Time to answer a request, by route',
    labelNames: ['route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  if (backlog) {
    new Gauge({
      name: 'pitcrew_courier_backlog',
      help: 'Messages that should stand in Slack and do not yet',
      registers,
      async collect() {
        this.set(await backlog().catch(() => Number.NaN));
      },
    });
  }
  // Event loop lag, memory, garbage collection.
  if (registry) collectDefaultMetrics({ register: registry });
  return {
    answered: (route, status, seconds) => {
      requests.inc({ route, status: String(status) });
      latency.observe({ route }, seconds);
    },
    read: async () => ({ type: registry?.contentType ?? '', text: (await registry?.metrics()) ?? '' }),
  };
}
