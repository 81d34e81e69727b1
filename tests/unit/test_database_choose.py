"""Which columns are sampled: labels, never what is a person's own."""

import pytest

from untag.sources.database.catalog import Column, Relation, Values
from untag.sources.database.choose import candidates, has_pictures, is_code, meanings, neighbours, words


def table(name, *columns, doc="", **more):
    made = [c if isinstance(c, Column) else Column(c, "text", "", "text") for c in columns]
    return Relation("s", name, doc=doc, columns=made, **more)


def chosen(relation, *others):
    pointed, pictures = neighbours([relation, *others])
    return {c.name for c in candidates(relation, pointed, pictures=pictures)}


FACES = table("face_capture", "id", "face_url", "grp", "person_name", "phone", "note", "img_md5")


@pytest.mark.parametrize(
    ("name", "parts"),
    [("faceImage_URL", "face image url"), ("ID2", "id"), ("民族_code", "民族 code"), ("typeface", "typeface")],
)
def test_words_of_a_name(name, parts):
    assert words(name) == parts


def test_labels_beside_faces_and_nothing_of_a_person():
    assert chosen(FACES) == {"grp", "note"}


def test_a_column_that_speaks_for_itself_in_any_table():
    assert chosen(table("people", "first_name", "ethnicity", "city")) == {"ethnicity"}
    assert chosen(table("people", Column("f7", "text", "民族", "text"), "city")) == {"f7"}


@pytest.mark.parametrize("name", ["race_condition_log", "destinations", "combinations", "interfaces", "explanations"])
def test_words_inside_other_words_do_not_speak(name):
    assert not has_pictures(table(name, "a", "destination", "surface", "imagination"))
    assert "surface" not in chosen(table(name, "destination", "surface")) or name == "race_condition_log"


def pointing(name):
    return table("face_capture", "id", "face_url", "g", targets={"g": ("s", name)})


def test_a_list_of_codes_is_read_where_faces_point_at_it():
    codes = table("g7", "id", "label", "meaning")
    assert chosen(codes) == set()
    assert chosen(codes, pointing("g7")) == {"label", "meaning"}
    assert chosen(table("group_dict", "id", "name"), pointing("group_dict")) == {"name"}


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("g7", ("id", "name")),
        ("person", ("id", "label")),
        ("g7_dict", ("id", "name", "phone")),
        ("users", ("id", "name", "grp")),
    ],
)
def test_a_table_with_a_row_for_each_person_is_no_list_of_codes(name, columns):
    persons, faces = table(name, *columns), pointing(name)
    pointed, pictures = neighbours([persons, faces])
    assert not is_code(persons, pointed, pictures=pictures)
    assert "name" not in chosen(persons, faces)
    persons.columns[1].values = Values(["Zhang", "Li"], 2, sampled=False)
    codes = [r for r in (persons,) if is_code(r, pointed, pictures=pictures)]
    meanings(faces, {(r.schema, r.name): r for r in codes})
    assert faces.columns[2].classes == ()


def test_a_column_that_points_at_codes_is_told_by_their_names():
    codes = table("g7", "id", "name")
    codes.columns[1].values = Values(["han", "uyghur"], 2, sampled=False)
    faces = table("face_capture", "face_url", "g", "h", targets={"g": ("s", "g7"), "h": ("s", "gone")})
    meanings(faces, {("s", "g7"): codes})
    assert [c.classes for c in faces.columns] == [(), ("han", "uyghur"), ()]


def test_rules_and_prompts_are_read_in_a_database_with_faces():
    rules = table("alarms", "id", "expression", "owner")
    assert chosen(rules) == set()
    assert chosen(rules, FACES) == {"expression"}


def test_what_cannot_be_sampled_is_left_out():
    shapeless = table(
        "face", "face_url", Column("ethnicity", "integer"), Column("grp", "e", "", "text", True, ("a", "b"))
    )
    assert chosen(shapeless) == set()


def test_pictures_themselves_are_not_fetched():
    assert chosen(table("capture", "face_image", "embedding", "image_label", "photo_caption")) == {
        "image_label",
        "photo_caption",
    }


@pytest.mark.parametrize(
    ("pattern", "name", "meant"),
    [
        ("vision", "vision", True),
        ("vis%", "vision", True),
        ("my_db", "my.db", True),
        (r"my\_db", "my.db", False),
        (r"my\_db", "my_db", True),
        ("a.b", "axb", False),
        ("%", "x", True),
    ],
)
def test_schemas_that_a_grant_means(pattern, name, meant):
    from untag.sources.database.mysql import _like

    assert _like(pattern, name) == meant
