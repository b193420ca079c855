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

/** Trains, that is: logs a run with a number into MLflow and registers the version that it made. */
export const registeringDag = `
import json
import time
import urllib.request
from datetime import datetime
from airflow.sdk import dag, task

@dag(dag_id="retrain_churn", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False)
def retrain_churn():
    @task
    def fit(**context):
        conf = context["dag_run"].conf

        def mlflow(path, **fields):
            url = conf["mlflow"] + "/api/2.0/mlflow/" + path
            headers = {"content-type": "application/json"}
            request = urllib.request.Request(url, json.dumps(fields).encode(), headers)
            return json.load(urllib.request.urlopen(request, timeout=20))

        run_id = mlflow("runs/create", experiment_id="0")["run"]["info"]["run_id"]
        metric = {"key": "auc", "value": 0.94, "timestamp": int(time.time() * 1000), "step": 0}
        mlflow("runs/log-batch", run_id=run_id, metrics=[metric])
        made = mlflow("model-versions/create", name=conf["model"], source="s3://models/new", run_id=run_id)
        context["ti"].xcom_push(key="pitcrew", value={"version": str(made["model_version"]["version"])})
    fit()

retrain_churn()
`;
