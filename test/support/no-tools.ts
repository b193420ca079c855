import type { Tools } from '../../src/ports.ts';

const none = () => {
  throw new Error('this test connects no tools');
};
/** For contexts of tests that ask no other system. */
export const noTools: Tools = { mlflow: none, airflow: none, kubeflow: none };
