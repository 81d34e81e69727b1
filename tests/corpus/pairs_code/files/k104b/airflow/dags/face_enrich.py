from airflow import DAG
from airflow.providers.docker.operators.docker import DockerOperator
from datetime import datetime

with DAG("face_enrich", start_date=datetime(2024, 1, 1), schedule="@hourly") as dag:
    crop = DockerOperator(task_id="crop_faces", image="fx/crop:3")
    age = DockerOperator(task_id="age_head", image="fx/age:3")
    # HTTP HEAD on the CDN origin, so that a stale crop is not served
    origin = DockerOperator(task_id="origin_head", image="curlimages/curl",
                            command="-I https://origin.cdn.local/faces/ --retry 3")
    origin >> crop >> age
