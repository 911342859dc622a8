"""The weekly letter under Airflow 3: as a notebook by the papermill operator, or whole.

`hk_letter_notebook` executes the notebook for the week that Airflow's schedule stands for and keeps
the executed copy. `hk_letter` leaves everything to `hk-metrics report run`: parameters checked,
HTML, PDF and XLSX made, delivered once. Use one of them. Copy this file into the DAGs' folder; the
worker needs hk_metrics in the environment that HK_METRICS_BIN points to, and for the notebook that
environment as a kernel: "$HK_METRICS_BIN/python" -m ipykernel install --user --name hk_metrics.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from airflow.timetables.interval import CronDataIntervalTimetable

HOME = os.environ.get("HK_METRICS_HOME", "/srv/hk_metrics")
BIN = os.environ.get("HK_METRICS_BIN", f"{HOME}/.venv/bin")
KERNEL = os.environ.get("HK_METRICS_KERNEL", "hk_metrics")
DATA = os.environ.get("HK_METRICS_DATA", f"{HOME}/data/current")
FIRST_DAY = "data_interval_start.in_timezone('Asia/Kolkata') | ds"
LAST_DAY = "data_interval_end.in_timezone('Asia/Kolkata').subtract(days=1) | ds"
OPTIONS = {
    "start_date": datetime(2025, 1, 6),
    "catchup": False,
    "max_active_runs": 1,
    "default_args": {"retries": 2, "retry_delay": timedelta(minutes=5)},
    "tags": ["hk_metrics"],
}

# The interval ends on Monday at midnight in Kolkata, so its days are the week before.
with DAG(
    "hk_letter_notebook",
    schedule=CronDataIntervalTimetable("0 0 * * 1", timezone="Asia/Kolkata"),
    **OPTIONS,
) as hk_letter_notebook:
    PapermillOperator(
        task_id="execute",
        input_nb=f"{HOME}/notebooks/report.ipynb",
        output_nb=f"{HOME}/notebooks/letter-{{{{ {FIRST_DAY} }}}}.ipynb",
        kernel_name=KERNEL,
        parameters={
            "data": DATA,
            "start": f"{{{{ {FIRST_DAY} }}}}",
            "end": f"{{{{ {LAST_DAY} }}}}",
        },
        execution_timeout=timedelta(minutes=30),
    )

with DAG(
    "hk_letter",
    schedule=CronDataIntervalTimetable("0 8 * * 1", timezone="Asia/Kolkata"),
    **OPTIONS,
) as hk_letter:
    # A retry, or a second trigger, delivers nothing twice: the run has a key.
    BashOperator(
        task_id="run",
        bash_command=f"{BIN}/hk-metrics report run weekly --config {HOME}/reports.toml",
        execution_timeout=timedelta(minutes=45),
    )
