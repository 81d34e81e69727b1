from airflow import DAG
from airflow.providers.docker.operators.docker import DockerOperator
from datetime import datetime

with DAG("face_enrich", start_date=datetime(2024, 1, 1), schedule="@hourly") as dag:
    crop = DockerOperator(task_id="crop_faces", image="fx/crop:3")
    age = DockerOperator(task_id="age_head", image="fx/age:3")
    origin = DockerOperator(task_id="origin_head", image="fx/origin:1",
                            command="--classes slavic,turkic,caucasian,central_asian")
    crop >> [age, origin]
