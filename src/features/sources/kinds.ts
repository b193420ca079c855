import { lines, md, type Mrkdwn } from '../../slack/mrkdwn.ts';
import type { Kind } from './schema.ts';

/** A bearer token; or a scheme of lib/signatures.ts, whose secret has to be kept to check it. */
export type SignedProof = 'mlflow' | 'grafana' | 'github' | 'gitlab';
type Proof = 'bearer' | SignedProof;

/** What is put into the other tool. */
interface Putting {
  /** https://host/hooks/id */
  readonly url: string;
  readonly secret: string;
  /** Whether its payloads have a model to fall back on. */
  readonly isPlaced: boolean;
}

interface KindOf {
  readonly label: string;
  readonly proof: Proof;
  readonly limitBytes: number;
  /** How to put it to work, step by step. */
  readonly setup: (at: Putting) => Mrkdwn;
}

const mebibyte = 1024 * 1024;

/** A report posted by a pipeline: the address says what it is about, as far as the report does not. */
function posted(label: string, before: Mrkdwn, file: string, says: readonly string[], limitBytes = mebibyte): KindOf {
  const setup = ({ url, secret, isPlaced }: Putting) => {
    const query = says.filter((each) => !(isPlaced && each.startsWith('model='))).join('&');
    return lines(
      before,
      md`\`\`\`curl -X POST "${url}${query && `?${query}`}" \\`,
      md`  -H "Authorization: Bearer ${secret}" \\`,
      md`  -H "Content-Type: application/json" --data-binary ${file}\`\`\``,
    );
  };
  return { label, proof: 'bearer', limitBytes, setup };
}

const model = 'model=MODEL';
const window = 'window_end=2026-01-31T00:00:00Z';

export const kindsOf: Readonly<Record<Kind, KindOf>> = {
  evidently: posted(
    'Evidently',
    md`Let your pipeline post the report after every run (\`result.save_json("report.json")\`):`,
    '@report.json',
    [model, window],
    5 * mebibyte,
  ),
  nannyml: posted(
    'NannyML',
    md`Write the results with \`results.to_df(multilevel=False).to_json("results.json", orient="records", date_format="iso")\`, then post them:`,
    '@results.json',
    [model],
  ),
  'great-expectations': posted(
    'Great Expectations',
    md`Write the validation result with \`json.dump(result.to_json_dict(), file)\`, then post it:`,
    '@validation.json',
    [],
  ),
  dbt: posted('dbt', md`Post it after every \`dbt source freshness\`:`, '@target/sources.json', []),
  sagemaker: posted(
    'SageMaker Model Monitor',
    md`Post the violations that a monitoring job writes:`,
    '@constraint_violations.json',
    [model, window],
  ),
  json: posted(
    'Plain JSON',
    md`Post readings (\`[{"metric": "auc", "value": 0.91}]\`) or a report (\`{"findings": [{"column": "age", "method": "psi", "score": 0.3, "limit": 0.2}]}\`):`,
    '@report.json',
    [model],
  ),
  airflow: {
    label: 'Airflow',
    proof: 'bearer',
    limitBytes: mebibyte,
    setup: ({ url, secret, isPlaced }) =>
      lines(
        md`Airflow calls nobody by itself, so let the DAG do it (runs that somebody marks by hand are not told):`,
        md`\`\`\`def pitcrew(state):`,
        md`    def post(context):`,
        md`        requests.post("${url}", timeout=10,`,
        md`            headers={"Authorization": "Bearer ${secret}"},`,
        md`            json={"dag_id": context["dag"].dag_id, "dag_run_id": context["run_id"],`,
        md`                  "state": state${isPlaced ? '' : ', "model": "MODEL"'}})`,
        md`    return post`,
        md`# DAG(..., on_failure_callback=pitcrew("failed"), on_success_callback=pitcrew("success"))\`\`\``,
      ),
  },
  alertmanager: {
    label: 'Alertmanager',
    proof: 'bearer',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`Add a receiver to \`alertmanager.yml\` and route to it; the labels \`model\` and \`env\` of an alert say what it is about:`,
        md`\`\`\`receivers:`,
        md`  - name: pitcrew`,
        md`    webhook_configs:`,
        md`      - url: ${url}`,
        md`        http_config:`,
        md`          authorization:`,
        md`            credentials: ${secret}\`\`\``,
      ),
  },
  grafana: {
    label: 'Grafana',
    proof: 'grafana',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`Alerting › Contact points › Add: choose *Webhook*, then paste:`,
        md`• *URL*: \`${url}\``,
        md`• *Optional settings › HMAC signature › Secret*: \`${secret}\``,
        md`The labels \`model\` and \`env\` of an alert say what it is about.`,
      ),
  },
  mlflow: {
    label: 'MLflow',
    proof: 'mlflow',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`Run this once (MLflow 3.3 or newer; the address has to be https and reachable from MLflow):`,
        md`\`\`\`mlflow.MlflowClient().create_webhook(`,
        md`    name="pitcrew",`,
        md`    url="${url}",`,
        md`    secret="${secret}",`,
        md`    events=["model_version.created", "model_version_alias.created", "model_version_alias.deleted"],`,
        md`)\`\`\``,
      ),
  },
  openlineage: {
    label: 'OpenLineage',
    proof: 'bearer',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`Set these where Airflow, Spark or dbt runs with its OpenLineage client:`,
        md`\`\`\`OPENLINEAGE_URL=${new URL(url).origin}`,
        md`OPENLINEAGE_ENDPOINT=${new URL(url).pathname.slice(1)}`,
        md`OPENLINEAGE_API_KEY=${secret}\`\`\``,
      ),
  },
  github: {
    label: 'GitHub',
    proof: 'github',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`In the repository: Settings › Webhooks › Add webhook, then:`,
        md`• *Payload URL*: \`${url}\``,
        md`• *Content type*: application/json`,
        md`• *Secret*: \`${secret}\``,
        md`• *Events*: Deployment statuses and Workflow runs`,
      ),
  },
  gitlab: {
    label: 'GitLab',
    proof: 'gitlab',
    limitBytes: mebibyte,
    setup: ({ url, secret }) =>
      lines(
        md`In the project: Settings › Webhooks › Add new webhook, then:`,
        md`• *URL*: \`${url}\``,
        md`• *Signing token*, or *Secret token* where there is no other: \`${secret}\``,
        md`• *Trigger*: Deployment events and Pipeline events`,
      ),
  },
};
