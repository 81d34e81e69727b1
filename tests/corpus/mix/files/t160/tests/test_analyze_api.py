import base64
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from service.main import app

client = TestClient(app)
SAMPLE = Path(__file__).parent / "data" / "face1.jpg"


@pytest.fixture
def payload():
    return {"img": base64.b64encode(SAMPLE.read_bytes()).decode()}


def test_analyze_ok(payload):
    r = client.post("/analyze", json=payload)
    assert r.status_code == 200
    body = r.json()
    assert 0 < body["results"][0]["age"] < 100
    assert body["results"][0]["race"] in {"white", "black", "asian", "indian", "latino"}


def test_analyze_no_face():
    assert client.post("/analyze", json={"img": ""}).status_code == 400
