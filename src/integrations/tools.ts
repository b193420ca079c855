import type { Tools } from '../ports.ts';
import { airflowPipelines } from './airflow/airflow.ts';
import { kubeflowPipelines } from './kubeflow/kubeflow.ts';
import { mlflowRegistry } from './mlflow/mlflow.ts';

/** The tools that the app can ask, for the workspace that gave the access. */
export const tools: Tools = { mlflow: mlflowRegistry, airflow: airflowPipelines, kubeflow: kubeflowPipelines };
