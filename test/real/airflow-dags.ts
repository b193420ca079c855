/** What a team's training could look like, as far as we look at it. */
export const trainDag = `
from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="train", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False)
def train():
    @task
    def fit(**context):
        conf = context["dag_run"].conf or {}
        if conf.get("fail"):
            raise ValueError("the feed has no rows")
        context["ti"].xcom_push(key="pitcrew", value={"version": str(conf.get("version", "2"))})
    fit()

train()
`;

export const pausedDag = `
from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="sleeping", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=True)
def sleeping():
    @task
    def nothing():
        pass
    nothing()

sleeping()
`;

export const brokenDag = `
from airflow.sdk import dag
import a_package_that_is_not_there

@dag(dag_id="broken")
def broken():
    pass
`;

export const askingDag = `
from datetime import datetime
from airflow.providers.standard.operators.hitl import ApprovalOperator
from airflow.sdk import dag

@dag(dag_id="asking", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False)
def asking():
    ApprovalOperator(task_id="look", subject="Is the new model good?", body="AUC 0.93")

asking()
`;
