import pytest

from service import analyse

FORBIDDEN = ("race", "ethnicity", "religion", "skin_tone")


@pytest.mark.parametrize("name", ["one_face.png", "crowd.png", "empty.png"])
def test_reply_has_no_protected_attribute(name, sample):
    reply = analyse(sample(name))
    for face in reply["faces"]:
        assert "ethnicity" not in face
        assert "race" not in face
        assert not set(face) & set(FORBIDDEN)


def test_request_is_refused(client, sample):
    r = client.post("/faces", files={"f": sample("one_face.png")}, data={"attrs": "age,race"})
    assert r.status_code == 422
